SELECT
    src_ip, dst_ip, proto, dst_port, name, flows, failed, up_bytes, down_bytes, first_start, last_start, longest, open_time,
    up_packets, sources, net_sources, port_hosts
FROM chosen
ORDER BY src_ip, dst_ip, proto, dst_port
