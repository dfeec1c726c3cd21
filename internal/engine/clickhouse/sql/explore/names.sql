SELECT dst_ip, minIf(name, name != '')
FROM stored_flows
WHERE {where}
GROUP BY dst_ip
