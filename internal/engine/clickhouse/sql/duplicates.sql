-- A start and a 64-bit hash of the others stand for the row: only flows of one microsecond could be taken for each other.
SELECT toInt64(sum(copies - 1))
FROM (
    SELECT count() AS copies
    FROM stored_flows
    WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    GROUP BY start, cityHash64({columns})
    HAVING copies > 1
)
