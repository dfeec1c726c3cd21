SELECT content, name, columns, attempt, batches, flows, lookups, first, last
FROM loads
ORDER BY content, attempt
