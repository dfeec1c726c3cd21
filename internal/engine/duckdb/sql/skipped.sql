-- How many rows of a source cannot be used, by reason, and what the usable ones span and how many were filled up.
SELECT coalesce(reason, ''), count(*), coalesce(min(start), 0), coalesce(max(start), 0), count(*) FILTER (filled)
FROM mended_{n}
GROUP BY reason
ORDER BY count(*) DESC, reason
