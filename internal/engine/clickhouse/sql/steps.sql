SELECT block, digest, batch, flows, lookups, first, last
FROM load_steps
WHERE content = @content AND schema = @schema
ORDER BY block, batch
