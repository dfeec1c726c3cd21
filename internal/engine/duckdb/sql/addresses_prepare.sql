-- A number for every address of the flows, by which tables of channels know it, its rank in the order of text, and the
-- network that it counts with: the /24 of an IPv4 address, an IPv6 address itself.
CREATE OR REPLACE TEMP TABLE addresses AS
SELECT
    address,
    hash(address, {salt}) AS id,
    row_number() OVER (ORDER BY address) - 1 AS rank,
    dense_rank() OVER (ORDER BY CASE WHEN contains(address, ':') THEN address ELSE regexp_replace(address, '[0-9]+$', '') END) AS net
FROM (SELECT DISTINCT coalesce(src_ip, dst_ip) AS address FROM ends)
