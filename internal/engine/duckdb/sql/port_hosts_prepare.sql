-- How many sources use a port.
CREATE OR REPLACE TEMP TABLE port_hosts AS
SELECT proto, dst_port, count(*) AS port_hosts
FROM (SELECT DISTINCT proto, dst_port, src FROM channels)
GROUP BY proto, dst_port
