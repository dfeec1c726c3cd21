CREATE TABLE IF NOT EXISTS {table} ({columns}, batch UInt64)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(toDateTime(intDiv(time, 1000000), 'UTC'))
ORDER BY (client, name, time)
