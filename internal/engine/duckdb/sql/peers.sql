-- inside holds the addresses that lie in the networks asked for.
SELECT
    dst_ip,
    src_ip,
    count(*),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT,
    min(start),
    max(start)
FROM flows
WHERE dst_ip IN (SELECT address FROM inside) AND src_ip IN (SELECT address FROM inside)
GROUP BY dst_ip, src_ip
ORDER BY dst_ip, src_ip
