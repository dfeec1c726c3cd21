SELECT
    sources.rank, servers.rank, sum(flows)::BIGINT, count(*), count(*) FILTER (failed = flows), min(first_start), max(last_start)
FROM channels
SEMI JOIN (FROM pairs WHERE ports >= $1) AS many USING (src, dst)
JOIN addresses AS sources ON src = sources.id
JOIN addresses AS servers ON dst = servers.id
GROUP BY sources.rank, servers.rank
ORDER BY sources.rank, servers.rank
