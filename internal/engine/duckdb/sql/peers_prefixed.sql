-- The addresses that lie in the networks asked for, and no others, begin with $1.
SELECT
    dst_ip,
    src_ip,
    count(*),
    min(start),
    max(start)
FROM flows
WHERE starts_with(dst_ip, $1) AND starts_with(src_ip, $1)
GROUP BY dst_ip, src_ip
ORDER BY dst_ip, src_ip
