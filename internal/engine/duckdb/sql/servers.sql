SELECT
    dst_ip,
    coalesce(min(name), ''),
    sum(flows)::BIGINT,
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM ends
WHERE dst_ip IS NOT NULL
GROUP BY dst_ip
ORDER BY dst_ip
