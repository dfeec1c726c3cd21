SELECT
    moment,
    toInt64(flows),
    if(up_float > 9.3e18 OR (up_float > 4e18 AND up < 0), toInt64(9223372036854775807), up),
    if(down_float > 9.3e18 OR (down_float > 4e18 AND down < 0), toInt64(9223372036854775807), down)
FROM (
    SELECT
        intDiv(start, @step) * @step AS moment,
        count() AS flows,
        sum(up_bytes) AS up,
        sum(toFloat64(up_bytes)) AS up_float,
        sum(down_bytes) AS down,
        sum(toFloat64(down_bytes)) AS down_float
    FROM stored_flows
    WHERE {where}
    GROUP BY moment
)
ORDER BY moment
