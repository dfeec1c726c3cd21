WITH hosts AS (
    SELECT src_ip, sum(down_bytes)::BIGINT AS down_bytes, sum(up_bytes)::BIGINT AS up_bytes
    FROM '{flows}'
    GROUP BY src_ip
)
SELECT src_ip, down_bytes, up_bytes, down_bytes / up_bytes AS ratio
FROM hosts
ORDER BY ratio DESC
LIMIT (SELECT count(*) * (100 - {percentile}) // 100 FROM hosts);
SELECT
    dst_ip,
    string_agg(DISTINCT src_ip, ' ' ORDER BY src_ip) AS src_ips,
    count(*) AS flows,
    count(*) / nullif((max(timestamp) - min(timestamp)) / 100, 0) AS per_second
FROM '{flows}'
WHERE starts_with(dst_ip, '{prefix}') AND starts_with(src_ip, '{prefix}')
GROUP BY dst_ip
ORDER BY per_second DESC NULLS LAST;
WITH
ranges AS (
    FROM '{ranges}'
),
servers AS (
    SELECT dst_ip, count(*) AS flows, sum(down_bytes) AS down_bytes
    FROM '{flows}'
    GROUP BY dst_ip
),
numbered AS (
    SELECT
        flows,
        down_bytes,
        list_reduce(string_split(dst_ip, '.')::BIGINT[], lambda number, part: number * 256 + part) AS number
    FROM servers
)
SELECT
    CASE WHEN number <= last THEN country ELSE '' END AS place,
    sum(flows)::BIGINT AS flows,
    sum(down_bytes)::BIGINT AS down_bytes
FROM numbered
ASOF LEFT JOIN ranges ON number >= first
GROUP BY place
ORDER BY flows DESC;
SELECT timestamp // 360000 % 24 AS hour, count(*) AS flows
FROM '{flows}'
GROUP BY hour
ORDER BY hour
