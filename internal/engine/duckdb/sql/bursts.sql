-- Ten seconds in which a destination got enough flows, and far more than its mean; only those are looked at closely.
WITH counts AS MATERIALIZED (
    SELECT hash(dst_ip, {salt}) AS dst, start // 10000000 AS bucket, count(*) AS flows
    FROM flows
    GROUP BY dst, bucket
),
span AS (
    SELECT max(bucket) - min(bucket) + 1 AS buckets
    FROM counts
),
busy AS (
    SELECT dst, bucket
    FROM counts
    JOIN (SELECT dst, sum(flows) AS total FROM counts GROUP BY dst) AS totals USING (dst)
    CROSS JOIN span
    WHERE flows >= $1 AND (buckets < {short_span} OR flows * buckets >= {burst_factor} * total)
),
parts AS (
    SELECT
        dst_ip, bucket, src_ip, proto, dst_port,
        count(*) AS flows,
        count(*) FILTER (down_bytes = 0) AS failed,
        sum(up_bytes) AS up_bytes
    FROM (SELECT *, hash(dst_ip, {salt}) AS dst, start // 10000000 AS bucket FROM flows) AS f
    SEMI JOIN busy USING (dst, bucket)
    GROUP BY dst_ip, bucket, src_ip, proto, dst_port
)
SELECT
    dst_ip,
    bucket * 10000000,
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
    FROM parts
)
GROUP BY dst_ip, bucket
ORDER BY dst_ip, bucket
