-- What went to each value of a dimension.
SELECT
    {keys},
    toInt64(flows),
    if(up_float > 9.3e18 OR (up_float > 4e18 AND up < 0), toInt64(9223372036854775807), up),
    if(down_float > 9.3e18 OR (down_float > 4e18 AND down < 0), toInt64(9223372036854775807), down),
    first_start,
    last_start
FROM (
    SELECT
        {keys},
        count() AS flows,
        sum(up_bytes) AS up,
        sum(toFloat64(up_bytes)) AS up_float,
        sum(down_bytes) AS down,
        sum(toFloat64(down_bytes)) AS down_float,
        min(start) AS first_start,
        max(start) AS last_start
    FROM stored_flows
    WHERE {where}
    GROUP BY {keys}
)
{order}
