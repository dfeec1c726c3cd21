-- The distinct texts of a source that must be in canonical form.
SELECT 'address', src_ip FROM source_{n} WHERE src_ip IS NOT NULL GROUP BY src_ip
UNION
SELECT 'address', dst_ip FROM source_{n} WHERE dst_ip IS NOT NULL GROUP BY dst_ip
UNION ALL
SELECT 'protocol', proto FROM source_{n} GROUP BY proto
