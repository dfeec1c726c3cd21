SELECT
    dst_ip,
    coalesce(min(nullif(name, '')), ''),
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM flows
GROUP BY dst_ip
ORDER BY dst_ip
