-- inside holds the addresses that lie in the networks asked for; they all begin with $1.
SELECT
    dst_ip,
    src_ip,
    count(*),
    min(start),
    max(start)
FROM flows
WHERE
    starts_with(dst_ip, $1)
    AND starts_with(src_ip, $1)
    AND dst_ip IN (SELECT address FROM inside)
    AND src_ip IN (SELECT address FROM inside)
GROUP BY dst_ip, src_ip
ORDER BY dst_ip, src_ip
