SELECT
    start // 60000000 * 60000000 AS minute,
    count(*)
FROM flows
GROUP BY minute
ORDER BY minute
