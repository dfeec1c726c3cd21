    -- The channels that a filter chooses, addresses by rank. The values of the filter stand here, not parameters, so
    -- that DuckDB drops the conditions that hold anyway.
    SELECT
        channels.*, channels.rowid AS number, sources.rank AS src_rank, popularity.rank AS dst_rank, popularity.sources, popularity.net_sources,
        port_hosts.port_hosts
    FROM channels
    JOIN popularity USING (dst)
    JOIN port_hosts USING (proto, dst_port)
    JOIN addresses AS sources ON src = sources.id
    WHERE
        flows >= {min_flows}
        AND up_bytes >= {min_up_bytes}
        AND longest >= {min_longest}
        AND popularity.sources BETWEEN {min_sources} AND {max_sources}
        AND port_hosts <= {max_port_hosts}
        AND ({proto} = '' OR proto = {proto})
        AND ({dst_port} = 0 OR dst_port = {dst_port})
        AND ({from_any} OR src IN ({srcs}))
        AND ({to_any} OR dst IN ({dsts}))
        AND (NOT {within} OR list_contains({ranks}, popularity.rank))
