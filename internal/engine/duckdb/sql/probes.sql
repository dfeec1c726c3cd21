SELECT
    src_ip, dst_ip, sum(flows)::BIGINT, count(*), count(*) FILTER (failed = flows), min(first_start), max(last_start)
FROM channels
GROUP BY src_ip, dst_ip
HAVING count(*) >= $1
ORDER BY src_ip, dst_ip
