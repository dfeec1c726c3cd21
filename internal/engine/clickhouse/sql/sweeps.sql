SELECT src_ip, proto, dst_port, sum(flows), toInt64(count()), toInt64(countIf(failed = flows)), min(first_start), max(last_start)
FROM channels
GROUP BY src_ip, proto, dst_port
HAVING count() >= @least
ORDER BY src_ip, proto, dst_port
