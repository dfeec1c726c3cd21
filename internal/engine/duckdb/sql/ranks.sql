SELECT address
FROM addresses
ORDER BY rank
