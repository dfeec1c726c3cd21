-- The lists of one channel are in one order, but in no particular one.
SELECT
    src_ip, dst_ip, proto, dst_port, name, flows, failed, up_bytes, down_bytes, first_start, last_start, longest, open_time,
    up_packets, sources, net_sources, port_hosts,
    starts, ups, downs
FROM (
    SELECT src_ip, dst_ip, proto, dst_port, groupArray(start) AS starts, groupArray(up_bytes) AS ups, groupArray(down_bytes) AS downs
    FROM stored_flows
    WHERE
        start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
        AND (src_ip, dst_ip, proto, dst_port) GLOBAL IN (SELECT src_ip, dst_ip, proto, dst_port FROM chosen)
    GROUP BY src_ip, dst_ip, proto, dst_port
) AS lists
ANY LEFT JOIN chosen USING (src_ip, dst_ip, proto, dst_port)
ORDER BY src_ip, dst_ip, proto, dst_port
