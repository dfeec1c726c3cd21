SELECT src_ip, groupArray(start)
FROM stored_flows
WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
GROUP BY src_ip
HAVING count() >= @least
ORDER BY src_ip
