-- The channels that a filter chooses.
CREATE TEMPORARY TABLE chosen ENGINE = {scratch} AS
SELECT
    src_ip, dst_ip, proto, dst_port, name, flows, failed, up_bytes, down_bytes, first_start, last_start, longest, open_time,
    up_packets, sources, net_sources, port_hosts
FROM (
    SELECT *
    FROM (
        SELECT *
        FROM channels
        WHERE
            flows >= @min_flows AND up_bytes >= @min_up_bytes AND longest >= @min_longest
            AND (@proto = '' OR proto = @proto) AND (@port = 0 OR dst_port = @port)
            AND (@src = '' OR has(splitByChar(' ', @src), src_ip)) AND (@dst = '' OR has(splitByChar(' ', @dst), dst_ip))
    ) AS some
    ANY LEFT JOIN popularity USING (dst_ip)
) AS known
ANY LEFT JOIN port_hosts USING (proto, dst_port)
WHERE sources >= @min_sources AND sources <= @max_sources AND port_hosts <= @max_port_hosts
