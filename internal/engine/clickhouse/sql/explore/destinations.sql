SELECT DISTINCT dst_ip
FROM stored_flows
WHERE {where}
