SELECT intDiv(start, @step) * @step AS moment, toInt64(count())
FROM stored_flows
WHERE {where}
GROUP BY moment
ORDER BY moment
