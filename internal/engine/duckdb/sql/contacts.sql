-- The flows of the chosen channels of some sources, in no order: Go puts each where its channel is. What the filter says
-- of single columns is said again, for the reader of files to go by.
SELECT number, start, flows.up_bytes, flows.down_bytes
FROM flows
JOIN (
{chosen}
) AS chosen
ON hash(src_ip, {salt}) = src AND hash(dst_ip, {salt}) = dst AND flows.proto = chosen.proto AND flows.dst_port = chosen.dst_port
WHERE
    src_rank BETWEEN $1 AND $2
    AND ({proto} = '' OR flows.proto = {proto})
    AND ({dst_port} = 0 OR flows.dst_port = {dst_port})
    AND ({from_any} OR src_ip IN ({src_ips}))
    AND ({to_any} OR dst_ip IN ({dst_ips}))
