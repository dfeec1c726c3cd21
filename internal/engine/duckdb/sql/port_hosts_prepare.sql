-- How many sources use a port.
CREATE TEMP TABLE port_hosts AS
SELECT proto, dst_port, count(DISTINCT src_ip) AS port_hosts
FROM channels
GROUP BY proto, dst_port
