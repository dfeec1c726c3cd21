-- The distinct texts of a source that must be in canonical form.
SELECT 'address', src_ip FROM ends_{n} WHERE src_ip IS NOT NULL
UNION
SELECT 'address', dst_ip FROM ends_{n} WHERE dst_ip IS NOT NULL
UNION ALL
SELECT 'protocol', proto FROM source_{n} GROUP BY proto
