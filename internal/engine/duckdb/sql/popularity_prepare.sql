-- How many sources contact a destination, and its network.
CREATE OR REPLACE TEMP TABLE popularity AS
WITH servers AS (
    SELECT dst, count(*) AS sources
    FROM pairs
    GROUP BY dst
),
networks AS (
    SELECT net, count(*) AS net_sources
    FROM (SELECT DISTINCT net, src FROM pairs JOIN addresses ON dst = id)
    GROUP BY net
)
SELECT dst, sources, net_sources, rank
FROM servers
JOIN addresses ON dst = id
JOIN networks USING (net)
