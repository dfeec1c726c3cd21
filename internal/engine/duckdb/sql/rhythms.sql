SELECT
    src_rank, dst_rank, proto, dst_port, name, flows, failed, up_bytes, down_bytes, first_start, last_start, longest, open,
    up_packets, sources, net_sources, port_hosts, number, src_rank
FROM (
{chosen}
)
ORDER BY src_rank, dst_rank, proto, dst_port
