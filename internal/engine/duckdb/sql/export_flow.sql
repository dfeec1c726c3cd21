SELECT * FROM feed()
