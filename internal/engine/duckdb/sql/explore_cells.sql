-- What one source had with one service of one destination within one minute, for numbers that explore_numbers.sql gave.
CREATE TEMP TABLE explore_cells AS
SELECT
    (start // 60000000)::INTEGER AS minute,
    src_ip,
    dst_ip,
    coalesce(proto, '') AS proto,
    dst_port,
    coalesce(name, '') AS name,
    count(*) AS flows,
    least(sum(up_bytes), 9223372036854775807)::BIGINT AS up,
    least(sum(down_bytes), 9223372036854775807)::BIGINT AS down,
    min(start) AS first,
    max(start) AS last
FROM flows
GROUP BY ALL
