-- The rows of a source, each with the reason for which it cannot be used, or none, and its texts in canonical
-- form. Byte counts and ports that are missing count as 0; those that cannot be read spoil the row.
CREATE TEMP VIEW mended_{n} AS
SELECT
    s.* REPLACE (
        src.canonical AS src_ip,
        dst.canonical AS dst_ip,
        proto.canonical AS proto,
        coalesce(s.up_bytes, 0) AS up_bytes,
        coalesce(s.down_bytes, 0) AS down_bytes,
        coalesce(s.dst_port, 0) AS dst_port
    ),
    CASE
        WHEN s.start IS NULL AND start_given THEN 'time unreadable or out of range'
        WHEN s.start IS NULL THEN 'no time'
        WHEN s.src_ip IS NULL THEN 'no source address'
        WHEN s.dst_ip IS NULL THEN 'no destination address'
        WHEN src.canonical IS NULL THEN 'source is no IP address'
        WHEN dst.canonical IS NULL THEN 'destination is no IP address'
        WHEN (s.up_bytes IS NULL AND up_bytes_given) OR (s.down_bytes IS NULL AND down_bytes_given) THEN 'byte count unreadable'
        WHEN s.up_bytes < 0 OR s.down_bytes < 0 THEN 'byte count negative'
        WHEN s.up_bytes > {max_bytes} OR s.down_bytes > {max_bytes} THEN 'byte count above 1 PiB'
        WHEN (s.dst_port IS NULL AND dst_port_given) OR s.dst_port NOT BETWEEN 0 AND 65535 THEN 'port unreadable or out of range'
    END AS reason,
    s.up_bytes IS NULL OR s.down_bytes IS NULL OR s.dst_port IS NULL AS filled
FROM source_{n} AS s
LEFT JOIN canonical_{n} AS src ON src.original = s.src_ip AND src.kind = 'address'
LEFT JOIN canonical_{n} AS dst ON dst.original = s.dst_ip AND dst.kind = 'address'
LEFT JOIN canonical_{n} AS proto ON proto.original = s.proto AND proto.kind = 'protocol'
