-- Ten seconds in which a destination got enough flows, and far more than its mean; only those are looked at closely.
SELECT
    dst_ip,
    bucket,
    toInt64(sum(service_flows)),
    toInt64(sum(service_failed)),
    toInt64(uniqExactMerge(service_sources)),
    -tupleElement(argMax((-dst_port, proto), (service_flows, -dst_port, proto)) AS service, 1),
    tupleElement(service, 2),
    if(sum(up_float) > 9.3e18 OR (sum(up_float) > 4e18 AND sum(up) < 0), toInt64(9223372036854775807), sum(up))
FROM (
    SELECT
        dst_ip,
        intDiv(start, 10000000) * 10000000 AS bucket,
        proto,
        dst_port,
        toInt64(count()) AS service_flows,
        countIf(down_bytes = 0) AS service_failed,
        uniqExactState(src_ip) AS service_sources,
        sum(up_bytes) AS up,
        sum(toFloat64(up_bytes)) AS up_float
    FROM stored_flows
    WHERE
        start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
        AND (dst_ip, intDiv(start, 10000000) * 10000000) GLOBAL IN (
            SELECT dst_ip, tupleElement(part, 1)
            FROM (
                SELECT dst_ip, sum(flows) AS total, groupArray((ten_seconds, flows)) AS parts
                FROM (
                    SELECT dst_ip, intDiv(start, 10000000) * 10000000 AS ten_seconds, toInt64(count()) AS flows
                    FROM stored_flows
                    WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
                    GROUP BY dst_ip, ten_seconds
                )
                GROUP BY dst_ip
            )
            ARRAY JOIN parts AS part
            WHERE
                tupleElement(part, 2) >= @least
                AND (@buckets < {short_span} OR tupleElement(part, 2) * @buckets >= {burst_factor} * total)
        )
    GROUP BY dst_ip, bucket, proto, dst_port
)
GROUP BY dst_ip, bucket
ORDER BY dst_ip, bucket
