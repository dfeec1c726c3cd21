SELECT src_ip, dst_ip, sum(flows), toInt64(count()), toInt64(countIf(failed = flows)), min(first_start), max(last_start)
FROM channels
GROUP BY src_ip, dst_ip
HAVING count() >= @least
ORDER BY src_ip, dst_ip
