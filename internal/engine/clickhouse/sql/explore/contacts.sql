SELECT start, up_bytes, down_bytes
FROM stored_flows
WHERE {where}
ORDER BY start, up_bytes, down_bytes
LIMIT {limit}
