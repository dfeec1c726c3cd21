SELECT
    proto,
    dst_port,
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM flows
GROUP BY proto, dst_port
ORDER BY proto, dst_port
