-- What each client asked about each name, names below one domain together: the labels are read from the last.
SELECT
    client, name, toInt64(lookups), toInt64(missing), toInt64(unanswered), toInt64(bulky), first_time, last_time,
    if(up_float > 9.3e18 OR (up_float > 4e18 AND up < 0), toInt64(9223372036854775807), up),
    if(down_float > 9.3e18 OR (down_float > 4e18 AND down < 0), toInt64(9223372036854775807), down)
FROM (
    SELECT
        client,
        name,
        count() AS lookups,
        countIf(code = 'NXDOMAIN') AS missing,
        countIf(code = '') AS unanswered,
        countIf(type IN ({bulky_types})) AS bulky,
        min(time) AS first_time,
        max(time) AS last_time,
        sum(up_bytes) AS up,
        sum(toFloat64(up_bytes)) AS up_float,
        sum(down_bytes) AS down,
        sum(toFloat64(down_bytes)) AS down_float
    FROM stored_dns
    WHERE time >= @from AND time < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    GROUP BY client, name
)
ORDER BY arrayStringConcat(arrayReverse(splitByChar('.', name)), '\x01'), client
