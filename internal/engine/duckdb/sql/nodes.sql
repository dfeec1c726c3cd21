WITH opened AS (
    SELECT
        src AS id,
        sum(flows)::BIGINT AS opened,
        sum(failed)::BIGINT AS failed,
        least(sum(up_bytes), 9223372036854775807)::BIGINT AS up_bytes,
        least(sum(down_bytes), 9223372036854775807)::BIGINT AS down_bytes
    FROM channels
    GROUP BY src
),
reached AS (
    SELECT src AS id, count(*) AS opened_to, count(*) FILTER (answered = 0) AS failed_to
    FROM pairs
    GROUP BY src
),
accepted AS (
    SELECT dst AS id, sum(flows - failed)::BIGINT AS accepted
    FROM channels
    GROUP BY dst
),
visited AS (
    SELECT
        dst AS id,
        count(*) FILTER (answered > 0) AS accepted_from,
        count(*) AS asked_by,
        count(*) FILTER (dns > 0) AS dns_from
    FROM pairs
    GROUP BY dst
),
open AS (
    SELECT dst AS id, count(*) AS ports
    FROM (SELECT DISTINCT dst, dst_port FROM channels WHERE failed < flows)
    GROUP BY dst
)
SELECT
    rank,
    coalesce(opened, 0), coalesce(opened_to, 0), coalesce(failed, 0), coalesce(failed_to, 0),
    coalesce(up_bytes, 0), coalesce(down_bytes, 0),
    coalesce(accepted, 0), coalesce(accepted_from, 0), coalesce(asked_by, 0), coalesce(ports, 0), coalesce(dns_from, 0)
FROM addresses
LEFT JOIN opened USING (id)
LEFT JOIN reached USING (id)
LEFT JOIN accepted USING (id)
LEFT JOIN visited USING (id)
LEFT JOIN open USING (id)
ORDER BY rank
