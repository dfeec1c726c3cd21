SELECT host_name, port, replica_num
FROM system.clusters
WHERE cluster = @cluster
ORDER BY shard_num, replica_num
