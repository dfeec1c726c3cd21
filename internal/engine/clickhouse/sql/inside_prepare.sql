-- The addresses of the flows that lie in the networks asked for, each network from its low to its high address.
CREATE TEMPORARY TABLE inside ENGINE = Memory AS
SELECT DISTINCT address
FROM (
    SELECT DISTINCT src_ip AS address
    FROM stored_flows
    WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
    UNION ALL
    SELECT DISTINCT dst_ip AS address
    FROM stored_flows
    WHERE start >= @from AND start < @to AND batch GLOBAL IN (SELECT batch FROM seen)
)
WHERE
    if(
        position(address, ':') = 0,
        arrayExists(
            (low, high) -> IPv4StringToNum(if(position(address, ':') = 0, address, '0.0.0.0')) BETWEEN low AND high,
            arrayMap(text -> IPv4StringToNum(text), @low4), arrayMap(text -> IPv4StringToNum(text), @high4)
        ),
        arrayExists(
            (low, high) -> IPv6StringToNum(if(position(address, ':') = 0, '::', address)) >= low AND IPv6StringToNum(if(position(address, ':') = 0, '::', address)) <= high,
            arrayMap(text -> IPv6StringToNum(text), @low6), arrayMap(text -> IPv6StringToNum(text), @high6)
        )
    )
