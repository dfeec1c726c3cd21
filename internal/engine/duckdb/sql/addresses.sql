SELECT src_ip FROM flows GROUP BY src_ip
UNION
SELECT dst_ip FROM flows GROUP BY dst_ip
