SELECT
    start // 60000000 * 60000000 AS minute,
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM flows
GROUP BY minute
ORDER BY minute
