-- Only the destinations and ten seconds with enough flows are looked at more closely.
SELECT
    dst_ip,
    bucket,
    sum(flows)::BIGINT,
    sum(failed)::BIGINT,
    count(DISTINCT src_ip),
    -(max(service)).port,
    (max(service)).proto,
    least(sum(up_bytes), 9223372036854775807)::BIGINT
FROM (
    SELECT
        *,
        {'flows': sum(flows) OVER (PARTITION BY dst_ip, bucket, proto, dst_port), 'port': -dst_port, 'proto': proto} AS service
    FROM (
        SELECT
            dst_ip, bucket, src_ip, proto, dst_port,
            count(*) AS flows,
            count(*) FILTER (down_bytes = 0) AS failed,
            sum(up_bytes) AS up_bytes
        FROM (SELECT *, start // 10000000 * 10000000 AS bucket FROM flows) AS f
        SEMI JOIN (
            SELECT dst_ip, start // 10000000 * 10000000 AS bucket
            FROM flows
            GROUP BY dst_ip, bucket
            HAVING count(*) >= $1
        ) AS busy USING (dst_ip, bucket)
        GROUP BY dst_ip, bucket, src_ip, proto, dst_port
    )
)
GROUP BY dst_ip, bucket
ORDER BY dst_ip, bucket
