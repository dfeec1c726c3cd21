SELECT
    dst_ip,
    src_ip,
    toInt64(count()),
    min(start),
    max(start)
FROM stored_flows
WHERE
    start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    AND dst_ip GLOBAL IN (SELECT address FROM inside)
    AND src_ip GLOBAL IN (SELECT address FROM inside)
GROUP BY dst_ip, src_ip
ORDER BY dst_ip, src_ip
