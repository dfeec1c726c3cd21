-- The chosen channels in their order, in batches of some flows.
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
    *,
    row_number() OVER ordered - 1 AS number,
    (sum(flows) OVER ordered // {batch})::BIGINT AS batch
FROM (
{chosen}
)
WINDOW ordered AS (ORDER BY src_rank, dst_rank, proto, dst_port ROWS UNBOUNDED PRECEDING)
