-- A row says that a block of a capture was stored, as a batch: what a load that was cut off need not store again.
CREATE TABLE IF NOT EXISTS {table} (
    content String,
    schema UInt64,
    block UInt64,
    digest String,
    batch UInt64,
    flows Int64,
    lookups Int64,
    first Int64,
    last Int64
)
ENGINE = MergeTree
PARTITION BY tuple()
ORDER BY (content, block)
