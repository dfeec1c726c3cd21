-- One row per channel, from which all that detectors ask of channels derives. Sums saturate as in hosts.sql.
CREATE TEMPORARY TABLE channels ENGINE = {scratch} AS
SELECT
    src_ip,
    dst_ip,
    proto,
    dst_port,
    host_name AS name,
    toInt64(flow_count) AS flows,
    toInt64(failed_count) AS failed,
    if(up_float > 9.3e18 OR (up_float > 4e18 AND up < 0), toInt64(9223372036854775807), up) AS up_bytes,
    if(down_float > 9.3e18 OR (down_float > 4e18 AND down < 0), toInt64(9223372036854775807), down) AS down_bytes,
    first_start,
    last_start,
    longest_flow AS longest,
    if(open_float > 9.3e18 OR (open_float > 4e18 AND open < 0), toInt64(9223372036854775807), open) AS open_time,
    if(packets_float > 9.3e18 OR (packets_float > 4e18 AND packets < 0), toInt64(9223372036854775807), packets) AS up_packets
FROM (
    SELECT
        src_ip,
        dst_ip,
        proto,
        dst_port,
        minIf(name, name != '') AS host_name,
        count() AS flow_count,
        countIf(
            if(
                state != '',
                state IN ('refused', 'unanswered'),
                down_bytes = 0 OR (proto = 'tcp' AND down_bytes <= 60 AND up_bytes <= 180)
            )
        ) AS failed_count,
        sum(up_bytes) AS up,
        sum(toFloat64(up_bytes)) AS up_float,
        sum(down_bytes) AS down,
        sum(toFloat64(down_bytes)) AS down_float,
        min(start) AS first_start,
        max(start) AS last_start,
        max(duration) AS longest_flow,
        sum(duration) AS open,
        sum(toFloat64(duration)) AS open_float,
        sum(up_packets) AS packets,
        sum(toFloat64(up_packets)) AS packets_float
    FROM stored_flows
    WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    GROUP BY src_ip, dst_ip, proto, dst_port
)
