SELECT
    src_ip, proto, dst_port, sum(flows)::BIGINT, count(*), count(*) FILTER (failed = flows), min(first_start), max(last_start)
FROM channels
GROUP BY src_ip, proto, dst_port
HAVING count(*) >= $1
ORDER BY src_ip, proto, dst_port
