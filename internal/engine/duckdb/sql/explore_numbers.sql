-- Numbers for texts, in the order of the texts. Services are in the order of protocol, then port; the name of none is 0.
CREATE TABLE made.service AS
SELECT (row_number() OVER (ORDER BY proto, dst_port) - 1)::INTEGER AS id, proto, dst_port
FROM (SELECT DISTINCT proto, dst_port FROM explore_cells);

CREATE TABLE made.name AS
SELECT (row_number() OVER (ORDER BY name) - 1)::INTEGER AS id, name
FROM (SELECT name FROM explore_cells UNION SELECT '');

CREATE TABLE made.country AS
SELECT (row_number() OVER (ORDER BY code) - 1)::SMALLINT AS id, code
FROM (SELECT DISTINCT country AS code FROM explore_nodes);
