-- How many sources contact a destination, and its network: the /24 of an IPv4 address, an IPv6 address itself.
CREATE TEMP TABLE popularity AS
SELECT dst_ip, sources, net_sources
FROM (
    SELECT dst_ip, regexp_replace(dst_ip, '[0-9]+$', '') AS net, count(DISTINCT src_ip) AS sources
    FROM channels
    WHERE NOT contains(dst_ip, ':')
    GROUP BY dst_ip
)
JOIN (
    SELECT regexp_replace(dst_ip, '[0-9]+$', '') AS net, count(DISTINCT src_ip) AS net_sources
    FROM channels
    WHERE NOT contains(dst_ip, ':')
    GROUP BY net
) USING (net)
UNION ALL
SELECT dst_ip, count(DISTINCT src_ip), count(DISTINCT src_ip)
FROM channels
WHERE contains(dst_ip, ':')
GROUP BY dst_ip
