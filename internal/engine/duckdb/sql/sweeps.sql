SELECT
    rank, proto, dst_port, sum(flows)::BIGINT, count(*), count(*) FILTER (failed = flows), min(first_start), max(last_start)
FROM channels
JOIN addresses ON src = id
GROUP BY rank, proto, dst_port
HAVING count(*) >= $1
ORDER BY rank, proto, dst_port
