-- A row says that a capture is whole: its flows and lookups are those of the batches, and of no others.
CREATE TABLE IF NOT EXISTS {table} (
    content String,
    schema UInt64,
    name String,
    columns Array(String),
    attempt UInt64,
    batches Array(UInt64),
    flows Int64,
    lookups Int64,
    first Int64,
    last Int64
)
ENGINE = MergeTree
PARTITION BY tuple()
ORDER BY content
