-- How many addresses have the number of another.
SELECT count(*) - count(DISTINCT id)
FROM addresses
