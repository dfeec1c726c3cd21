SELECT {columns}
FROM stored_flows
WHERE {where}
ORDER BY {columns}
LIMIT {offset}, {limit}
