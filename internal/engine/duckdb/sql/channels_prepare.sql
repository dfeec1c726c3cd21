-- One row per channel, from which all that detectors ask of channels derives. Addresses are numbers: see addresses.
CREATE OR REPLACE TEMP TABLE channels AS
SELECT
    hash(src_ip, {salt}) AS src,
    hash(dst_ip, {salt}) AS dst,
    proto,
    dst_port,
    coalesce(min(nullif(name, '')), '') AS name,
    count(*) AS flows,
    count(*) FILTER (
        CASE
            WHEN state IS NOT NULL AND state <> '' THEN state IN ('refused', 'unanswered')
            ELSE down_bytes = 0 OR (proto = 'tcp' AND down_bytes <= 60 AND up_bytes <= 180)
        END
    ) AS failed,
    least(sum(up_bytes), 9223372036854775807)::BIGINT AS up_bytes,
    least(sum(down_bytes), 9223372036854775807)::BIGINT AS down_bytes,
    min(start) AS first_start,
    max(start) AS last_start,
    coalesce(max(duration), 0) AS longest,
    least(coalesce(sum(duration), 0), 9223372036854775807)::BIGINT AS open,
    least(coalesce(sum(up_packets), 0), 9223372036854775807)::BIGINT AS up_packets
FROM flows
GROUP BY src, dst, proto, dst_port
