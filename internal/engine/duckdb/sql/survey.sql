-- start_raw is the time as the file has it, wherever it is a whole number: its bounds then need no reading.
-- Whether every row of a source is sound, from aggregates that Parquet's own statistics mostly answer.
SELECT
    count(*),
    coalesce(min(start_raw), 0),
    coalesce(max(start_raw), 0),
    count(*) = count(start_raw)
        AND count(*) = count(up_bytes) AND coalesce(min(up_bytes) >= 0 AND max(up_bytes) <= {max_bytes}, true)
        AND count(*) = count(down_bytes) AND coalesce(min(down_bytes) >= 0 AND max(down_bytes) <= {max_bytes}, true)
        AND count(*) = count(dst_port) AND coalesce(min(dst_port) >= 0 AND max(dst_port) <= 65535, true)
FROM source_{n}
