SELECT src_ip, list(start)::VARCHAR
FROM flows
GROUP BY src_ip
HAVING count(*) >= $1
ORDER BY src_ip
