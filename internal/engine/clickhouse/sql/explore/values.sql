SELECT toInt64(uniqExact({keys}))
FROM stored_flows
WHERE {where}
