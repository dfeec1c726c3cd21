-- What is known of a source's times before their unit is: bounds of the numbers among them.
SELECT
    count(start),
    count(number),
    coalesce(min(number), 0),
    coalesce(max(number), 0),
    coalesce(quantile_disc(number, 0.1), 0),
    coalesce(quantile_disc(number, 0.9), 0)
FROM (
    SELECT start, CASE WHEN isfinite(value) THEN value END AS number
    FROM (SELECT start, TRY_CAST(start AS DOUBLE) AS value FROM {raw})
)
