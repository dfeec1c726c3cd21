-- The fields of a conn.log: https://docs.zeek.org, base/protocols/conn/main.zeek, and the name of the server.
SELECT
    (start // 1000000) || '.' || lpad((start % 1000000)::VARCHAR, 6, '0') AS ts,
    'C' || row_number() OVER () AS uid,
    src_ip,
    coalesce(src_port, 0),
    dst_ip,
    dst_port,
    CASE proto WHEN 'ipv6-icmp' THEN 'icmp' WHEN 'tcp' THEN 'tcp' WHEN 'udp' THEN 'udp' WHEN 'icmp' THEN 'icmp' ELSE 'unknown_transport' END,
    nullif(service, ''),
    (duration // 1000000) || '.' || lpad((duration % 1000000)::VARCHAR, 6, '0'),
    up_payload,
    down_payload,
    CASE state WHEN 'established' THEN 'SF' WHEN 'refused' THEN 'REJ' WHEN 'unanswered' THEN 'S0' WHEN 'reset' THEN 'RSTO' WHEN 'other' THEN 'OTH' END,
    up_packets,
    up_bytes,
    down_packets,
    down_bytes,
    nullif(regexp_replace(name, '[\t\r\n]', ' ', 'g'), '')
FROM {relation}
