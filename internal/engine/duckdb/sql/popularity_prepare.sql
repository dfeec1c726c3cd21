-- How many sources contact a destination.
CREATE TEMP TABLE popularity AS
SELECT dst_ip, count(DISTINCT src_ip) AS sources
FROM channels
GROUP BY dst_ip
