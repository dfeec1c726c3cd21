SELECT
    dst_ip,
    bucket,
    count(*),
    count(*) FILTER (down_bytes = 0),
    count(DISTINCT src_ip),
    mode(dst_port ORDER BY dst_port),
    mode(proto ORDER BY proto),
    least(sum(up_bytes), 9223372036854775807)::BIGINT
FROM (
    SELECT dst_ip, start // 10000000 * 10000000 AS bucket
    FROM flows
    GROUP BY dst_ip, bucket
    HAVING count(*) >= $1
) AS busy
JOIN (SELECT *, start // 10000000 * 10000000 AS bucket FROM flows) AS f USING (dst_ip, bucket)
GROUP BY dst_ip, bucket
ORDER BY dst_ip, bucket
