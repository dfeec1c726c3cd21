SELECT
    src_ip,
    sum(flows)::BIGINT,
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM ends
WHERE src_ip IS NOT NULL
GROUP BY src_ip
ORDER BY src_ip
