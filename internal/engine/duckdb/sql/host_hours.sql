SELECT
    src_ip,
    start // 3600000000 * 3600000000 AS hour,
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM flows
WHERE $1 = 0 OR dst_port = $1
GROUP BY src_ip, hour
ORDER BY src_ip, hour
