-- The tables that answer: by minute, in the order of time, so that of a short time little is read; by hour and over all time,
-- in the order of channels, so that equal ones come together.
CREATE TABLE made.cell AS
SELECT
    cell.minute,
    src.id AS src,
    dst.id AS dst,
    service.id AS service,
    name.id AS name,
    country.id AS country,
    src.inside AND dst.inside AS edge,
    cell.flows,
    cell.up,
    cell.down,
    cell.first,
    cell.last
FROM explore_cells AS cell
JOIN explore_nodes AS src ON src.address = cell.src_ip
JOIN explore_nodes AS dst ON dst.address = cell.dst_ip
JOIN made.country ON country.code = dst.country
JOIN made.service ON service.proto = cell.proto AND service.dst_port = cell.dst_port
JOIN made.name ON name.name = cell.name
ORDER BY minute, src, dst, service, name;

DROP TABLE explore_cells;

CREATE TABLE made.hour AS
SELECT
    minute // 60 AS hour,
    src,
    dst,
    service,
    name,
    country,
    edge,
    sum(flows)::BIGINT AS flows,
    least(sum(up), 9223372036854775807)::BIGINT AS up,
    least(sum(down), 9223372036854775807)::BIGINT AS down,
    min(first) AS first,
    max(last) AS last
FROM made.cell
GROUP BY ALL
ORDER BY src, dst, service, name, hour;

CREATE TABLE made.channel AS
SELECT
    src,
    dst,
    service,
    name,
    country,
    edge,
    sum(flows)::BIGINT AS flows,
    least(sum(up), 9223372036854775807)::BIGINT AS up,
    least(sum(down), 9223372036854775807)::BIGINT AS down,
    min(first) AS first,
    max(last) AS last
FROM made.hour
GROUP BY ALL
ORDER BY src, dst, service, name;

CREATE TABLE made.node AS
SELECT node.id, node.address, node.bytes, node.rank, node.inside, node.country, coalesce(named.name, '') AS name
FROM explore_nodes AS node
LEFT JOIN (
    SELECT dst, min(name.name) AS name
    FROM made.channel JOIN made.name ON name.id = channel.name
    WHERE name.id > 0
    GROUP BY dst
) AS named ON named.dst = node.id
ORDER BY id;

DROP TABLE explore_nodes;
