-- One row per source and destination: how many channels they have, how many of them answered, and how many on port 53.
CREATE OR REPLACE TEMP TABLE pairs AS
SELECT
    src,
    dst,
    count(*)::INTEGER AS ports,
    (count(*) FILTER (failed < flows))::INTEGER AS answered,
    (count(*) FILTER (failed < flows AND dst_port = 53))::INTEGER AS dns
FROM channels
GROUP BY src, dst
