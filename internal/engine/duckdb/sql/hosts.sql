SELECT
    src_ip,
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM flows
GROUP BY src_ip
ORDER BY src_ip
