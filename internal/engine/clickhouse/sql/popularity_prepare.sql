-- How many sources contact a destination, and its network: the /24 of an IPv4 address, an IPv6 address itself.
-- Pairs are made distinct by grouping, which spills, rather than counted in sets, which do not.
CREATE TEMPORARY TABLE popularity ENGINE = Memory AS
SELECT dst_ip, sources, net_sources
FROM (
    SELECT dst_ip, if(position(dst_ip, ':') = 0, replaceRegexpOne(dst_ip, '[0-9]+$', ''), dst_ip) AS net, toInt64(count()) AS sources
    FROM (SELECT dst_ip, src_ip FROM channels GROUP BY dst_ip, src_ip)
    GROUP BY dst_ip
) AS servers
ANY LEFT JOIN (
    SELECT net, toInt64(count()) AS net_sources
    FROM (
        SELECT if(position(dst_ip, ':') = 0, replaceRegexpOne(dst_ip, '[0-9]+$', ''), dst_ip) AS net, src_ip
        FROM channels
        GROUP BY net, src_ip
    )
    GROUP BY net
) AS networks USING (net)
