-- The sources of one page, which lie side by side.
SELECT src_ip, toString(groupArray(start))
FROM stored_flows
WHERE
    start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    AND src_ip >= @first_src AND src_ip <= @last_src
GROUP BY src_ip
HAVING count() >= @least
ORDER BY src_ip
