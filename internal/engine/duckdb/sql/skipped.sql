-- How many rows of a source cannot be used, by reason, and what the usable ones span.
SELECT coalesce(reason, ''), count(*), coalesce(min(start), 0), coalesce(max(start), 0)
FROM mended_{n}
GROUP BY reason
ORDER BY count(*) DESC, reason
