SELECT toInt64(count()), min(start), max(start)
FROM stored_flows
WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
