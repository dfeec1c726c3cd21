-- The lists of one channel are in one order, but in no particular one: ordering them here costs a buffer per list.
-- As text they cross to Go in one piece instead of value by value.
SELECT
    c.src_ip, c.dst_ip, c.proto, c.dst_port, c.name, c.flows, c.failed, c.up_bytes, c.down_bytes,
    c.first_start, c.last_start, c.longest, c.open, c.up_packets, c.sources, c.net_sources, c.port_hosts,
    r.starts::VARCHAR, r.ups::VARCHAR, r.downs::VARCHAR
FROM chosen AS c
JOIN (
    SELECT
        src_ip, dst_ip, proto, dst_port,
        list(start) AS starts,
        list(up_bytes) AS ups,
        list(down_bytes) AS downs
    FROM flows
    SEMI JOIN chosen USING (src_ip, dst_ip, proto, dst_port)
    GROUP BY src_ip, dst_ip, proto, dst_port
) AS r USING (src_ip, dst_ip, proto, dst_port)
ORDER BY c.src_ip, c.dst_ip, c.proto, c.dst_port
