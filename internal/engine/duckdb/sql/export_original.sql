SELECT
    (start - {midnight}) // 10000 AS timestamp,
    src_ip,
    dst_ip,
    proto,
    dst_port AS port,
    up_bytes,
    down_bytes
FROM {relation}
