-- What each source address opened and each destination address got, in one pass: a row has one of the two.
CREATE OR REPLACE TEMP TABLE ends_{n} AS
SELECT
    src_ip,
    dst_ip,
    min(nullif(name, '')) AS name,
    count(*) AS flows,
    sum(up_bytes) AS up_bytes,
    sum(down_bytes) AS down_bytes
FROM {relation}
GROUP BY GROUPING SETS ((src_ip), (dst_ip))
