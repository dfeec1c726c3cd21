-- What a person may ask: only captures that are whole, and what arrives by other ways than loading.
CREATE VIEW IF NOT EXISTS {view} AS
SELECT {columns}
FROM {table}
WHERE batch = 0 OR batch GLOBAL IN (SELECT arrayJoin(batches) FROM (SELECT batches FROM loads ORDER BY content, attempt LIMIT 1 BY content))
