-- An address has a row of what it opened, one of what it accepted, or both; sums saturate as in hosts.sql.
SELECT
    address,
    sum(opened), sum(opened_to), sum(failed_flows), sum(failed_to), sum(up), sum(down),
    sum(accepted), sum(accepted_from), sum(asked_by), sum(ports), sum(dns_from)
FROM (
    SELECT
        address, opened, opened_to, failed_flows, failed_to,
        if(up_sum_float > 9.3e18 OR (up_sum_float > 4e18 AND up_sum < 0), toInt64(9223372036854775807), up_sum) AS up,
        if(down_sum_float > 9.3e18 OR (down_sum_float > 4e18 AND down_sum < 0), toInt64(9223372036854775807), down_sum) AS down,
        toInt64(0) AS accepted, toInt64(0) AS accepted_from, toInt64(0) AS asked_by, toInt64(0) AS ports, toInt64(0) AS dns_from
    FROM (
        SELECT
            src_ip AS address,
            sum(flows) AS opened,
            toInt64(uniqExact(dst_ip)) AS opened_to,
            sum(failed) AS failed_flows,
            toInt64(uniqExact(dst_ip) - uniqExactIf(dst_ip, failed < flows)) AS failed_to,
            sum(up_bytes) AS up_sum,
            sum(toFloat64(up_bytes)) AS up_sum_float,
            sum(down_bytes) AS down_sum,
            sum(toFloat64(down_bytes)) AS down_sum_float
        FROM channels
        GROUP BY src_ip
    )
    UNION ALL
    SELECT
        dst_ip AS address,
        toInt64(0) AS opened, toInt64(0) AS opened_to, toInt64(0) AS failed_flows, toInt64(0) AS failed_to, toInt64(0) AS up, toInt64(0) AS down,
        sum(flows - failed) AS accepted,
        toInt64(uniqExactIf(src_ip, failed < flows)) AS accepted_from,
        toInt64(uniqExact(src_ip)) AS asked_by,
        toInt64(uniqExactIf(dst_port, failed < flows)) AS ports,
        toInt64(uniqExactIf(src_ip, failed < flows AND dst_port = 53)) AS dns_from
    FROM channels
    GROUP BY dst_ip
)
GROUP BY address
ORDER BY address
