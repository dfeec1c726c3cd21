-- How many flows and lookups of each batch the server has.
SELECT batch, toInt64(sum(flow_count)), toInt64(sum(lookup_count))
FROM (
    SELECT batch, count() AS flow_count, toUInt64(0) AS lookup_count
    FROM stored_flows
    WHERE start >= @first AND start <= @last AND has(@attempts, intDiv(batch, @blocks))
    GROUP BY batch
    UNION ALL
    SELECT batch, toUInt64(0) AS flow_count, count() AS lookup_count
    FROM stored_dns
    WHERE time >= @first AND time <= @last AND has(@attempts, intDiv(batch, @blocks))
    GROUP BY batch
)
GROUP BY batch
ORDER BY batch
