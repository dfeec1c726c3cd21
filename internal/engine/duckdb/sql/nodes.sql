WITH opened AS (
    SELECT
        src_ip AS address,
        sum(flows)::BIGINT AS opened,
        count(DISTINCT dst_ip) AS opened_to,
        sum(failed)::BIGINT AS failed,
        count(DISTINCT dst_ip) - count(DISTINCT dst_ip) FILTER (failed < flows) AS failed_to,
        least(sum(up_bytes), 9223372036854775807)::BIGINT AS up_bytes,
        least(sum(down_bytes), 9223372036854775807)::BIGINT AS down_bytes
    FROM channels
    GROUP BY src_ip
),
accepted AS (
    SELECT
        dst_ip AS address,
        sum(flows - failed)::BIGINT AS accepted,
        count(DISTINCT src_ip) FILTER (failed < flows) AS accepted_from,
        count(DISTINCT src_ip) AS asked_by,
        count(DISTINCT dst_port) FILTER (failed < flows) AS ports,
        count(DISTINCT src_ip) FILTER (failed < flows AND dst_port = 53) AS dns_from
    FROM channels
    GROUP BY dst_ip
)
SELECT
    address,
    coalesce(opened, 0), coalesce(opened_to, 0), coalesce(failed, 0), coalesce(failed_to, 0),
    coalesce(up_bytes, 0), coalesce(down_bytes, 0),
    coalesce(accepted, 0), coalesce(accepted_from, 0), coalesce(asked_by, 0), coalesce(ports, 0), coalesce(dns_from, 0)
FROM opened FULL JOIN accepted USING (address)
ORDER BY address
