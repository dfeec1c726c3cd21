-- A 64-bit hash stands for the row: among 20 million, one false pair in 100,000 captures.
SELECT coalesce(sum(copies - 1), 0)::BIGINT
FROM (SELECT count(*) AS copies FROM flows GROUP BY hash({columns}) HAVING count(*) > 1)
