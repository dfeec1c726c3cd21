CREATE TABLE IF NOT EXISTS {table} AS {table}_local ENGINE = Distributed({cluster}, {database}, {table}_local, {sharding})
