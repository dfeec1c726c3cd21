-- How many sources use a port.
CREATE TEMPORARY TABLE port_hosts ENGINE = Memory AS
SELECT proto, dst_port, toInt64(uniqExact(src_ip)) AS port_hosts
FROM channels
GROUP BY proto, dst_port
