-- The channels that a filter chooses.
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT channels.*, popularity.sources, popularity.net_sources, port_hosts.port_hosts
FROM channels
JOIN popularity USING (dst_ip)
JOIN port_hosts USING (proto, dst_port)
WHERE
    flows >= $1
    AND up_bytes >= $2
    AND longest >= $3
    AND sources >= $4
    AND sources <= $5
    AND port_hosts <= $6
    AND ($7 = '' OR proto = $7)
    AND ($8 = 0 OR dst_port = $8)
    AND ($9 = '' OR src_ip = $9)
    AND ($10 = '' OR dst_ip = $10)
