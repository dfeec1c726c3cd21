-- Partitions are days. The key puts the flows of a channel side by side, which is what most rollups group by, and what
-- compresses best.
CREATE TABLE IF NOT EXISTS {table} ({columns}, batch UInt64)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(toDateTime(intDiv(start, 1000000), 'UTC'))
ORDER BY (src_ip, dst_ip, proto, dst_port, start)
