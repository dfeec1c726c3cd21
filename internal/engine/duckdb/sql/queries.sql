-- What each client asked about each name, names below one domain together: the labels are read from the last.
SELECT
    client,
    name,
    count(*),
    count(*) FILTER (code = 'NXDOMAIN'),
    count(*) FILTER (code IS NULL),
    count(*) FILTER (type IN ({bulky_types})),
    min(time),
    max(time),
    least(sum(up_bytes), 9223372036854775807)::BIGINT,
    least(sum(down_bytes), 9223372036854775807)::BIGINT
FROM dns
GROUP BY client, name
ORDER BY array_to_string(list_reverse(string_split(name, '.')), chr(1)), client
