SELECT
    intDiv(start, 60000000) * 60000000 AS minute,
    toInt64(count())
FROM stored_flows
WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
GROUP BY minute
ORDER BY minute
