-- What is known of a source's times before their unit is: bounds of the numbers among them.
SELECT
    count(start),
    count(number),
    coalesce(min(number), 0),
    coalesce(max(number), 0),
    coalesce(quantile_disc(number, 0.01), 0),
    coalesce(quantile_disc(number, 0.99), 0)
FROM (SELECT start, TRY_CAST(start AS DOUBLE) AS number FROM {raw})
