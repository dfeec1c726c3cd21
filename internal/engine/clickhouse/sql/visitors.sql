-- The sources that visits.sql lists, and how long their lists are.
SELECT src_ip, toInt64(count())
FROM stored_flows
WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
GROUP BY src_ip
HAVING count() >= @least
ORDER BY src_ip
