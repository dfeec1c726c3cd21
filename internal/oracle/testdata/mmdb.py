#!/usr/bin/env python3
"""Write ranges of addresses and their countries as an MMDB (MaxMind DB file format 2.0).

    mmdb.py PLACES.csv PLACES.mmdb
"""
import csv
import ipaddress
import sys

from oracle import address, opened

SEPARATOR = 16  # zero bytes between tree and data
MARKER = b"\xab\xcd\xefMaxMind.com"
UINT16, UINT32, UINT64 = 5, 6, 9  # a number is written as (type, number)


def encode(value):
    """A value of the data section: type and size (below 29) in a control byte, then the value."""
    if isinstance(value, str):
        data = value.encode()
        return bytes([2 << 5 | len(data)]) + data
    if isinstance(value, tuple):
        kind, number = value
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return (bytes([kind << 5 | len(data)]) if kind <= 7 else bytes([len(data), kind - 7])) + data
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(encode(item) for item in value)
    return bytes([7 << 5 | len(value)]) + b"".join(encode(key) + encode(value[key]) for key in value)


def insert(nodes, network, leaf):
    """Enter a network; IPv4 lies in ::/96, as the format has it."""
    bits, length = int(network.network_address), network.prefixlen
    if network.version == 4:
        length += 96
    at = 0
    for depth in range(length):
        side = bits >> (127 - depth) & 1
        if depth == length - 1:
            nodes[at][side] = leaf
        else:
            if nodes[at][side] is None:
                nodes.append([None, None])
                nodes[at][side] = len(nodes) - 1
            at = nodes[at][side]


def main():
    nodes, data, leaves = [[None, None]], b"", {}
    with opened(sys.argv[1]) as file:
        for first, last, country in csv.reader(file):
            if country not in leaves:
                leaves[country] = len(data)
                data += encode({"country": {"iso_code": country}})
            for network in ipaddress.summarize_address_range(address(first), address(last)):
                insert(nodes, network, (leaves[country],))
    tree = b""
    for node in nodes:
        for record in node:
            if record is None:
                record = len(nodes)
            elif isinstance(record, tuple):
                record = len(nodes) + SEPARATOR + record[0]
            tree += record.to_bytes(3, "big")
    metadata = encode({
        "binary_format_major_version": (UINT16, 2), "binary_format_minor_version": (UINT16, 0),
        "build_epoch": (UINT64, 1767225600), "database_type": "Invented-Country",
        "description": {"en": "made up for tests"}, "ip_version": (UINT16, 6), "languages": ["en"],
        "node_count": (UINT32, len(nodes)), "record_size": (UINT16, 24),
    })
    with open(sys.argv[2], "wb") as file:
        file.write(tree + bytes(SEPARATOR) + data + MARKER + metadata)


if __name__ == "__main__":
    main()
