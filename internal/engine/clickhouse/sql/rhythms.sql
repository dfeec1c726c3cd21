-- The chosen channels of one page, which lie side by side. The lists of one channel are in one order, but in no
-- particular one. As text they are read in one piece instead of number by number. A hash finds the flows of the channels
-- six times as fast as their names do; what only shares a hash has no partner in the join.
SELECT
    src_ip, dst_ip, proto, dst_port, name, flows, failed, up_bytes, down_bytes, first_start, last_start, longest, open_time,
    up_packets, sources, net_sources, port_hosts,
    toString(starts), toString(ups), toString(downs)
FROM (
    SELECT src_ip, dst_ip, proto, dst_port, groupArray(start) AS starts, groupArray(up_bytes) AS ups, groupArray(down_bytes) AS downs
    FROM stored_flows
    WHERE
        start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
        AND src_ip >= @first_src AND src_ip <= @last_src
        AND cityHash64(src_ip, dst_ip, proto, dst_port) GLOBAL IN (
            SELECT cityHash64(src_ip, dst_ip, proto, dst_port)
            FROM chosen
            WHERE
                (src_ip, dst_ip, proto, dst_port) >= (@first_src, @first_dst, @first_proto, @first_port)
                AND (src_ip, dst_ip, proto, dst_port) <= (@last_src, @last_dst, @last_proto, @last_port)
        )
    GROUP BY src_ip, dst_ip, proto, dst_port
) AS lists
ANY INNER JOIN (
    SELECT *
    FROM chosen
    WHERE
        (src_ip, dst_ip, proto, dst_port) >= (@first_src, @first_dst, @first_proto, @first_port)
        AND (src_ip, dst_ip, proto, dst_port) <= (@last_src, @last_dst, @last_proto, @last_port)
) AS here USING (src_ip, dst_ip, proto, dst_port)
ORDER BY src_ip, dst_ip, proto, dst_port
