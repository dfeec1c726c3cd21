#!/usr/bin/env python3
"""Work out the original's four measurements from a CSV of flows, by their definitions and nothing else.

    oracle.py FLOWS.csv[.gz] PLACES.csv [--percentile P]... [--network CIDR]...

FLOWS.csv has the original's columns; times are 1/100 s since midnight. PLACES.csv has the lines
first,last,country of addresses, as text or number. Rows that tie are put in an order that is part of
Sentinel's promise: by the figures shown, then by address (as a number, IPv4 first) or code.
Nothing here is fast, and no figure is a floating-point number before it is printed.
"""
import argparse
import bisect
import csv
import gzip
import ipaddress
import json
from fractions import Fraction

PRIVATE = [ipaddress.ip_network(text) for text in (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/4 240.0.0.0/4"
    " ::/127 fc00::/7 fe80::/10 ff00::/8").split()]


def address(text):
    text = int(text) if text.isdigit() else text
    found = ipaddress.ip_address(text)
    return getattr(found, "ipv4_mapped", None) or found


def place(ip):
    """Where an address stands among addresses."""
    return ip.version, int(ip)


def opened(path):
    return gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")


def read_flows(path):
    seen = {}
    with opened(path) as file:
        for row in csv.DictReader(file):
            for end in "src_ip", "dst_ip":
                row[end] = seen.setdefault(row[end], address(row[end]))
            for number in "timestamp", "up_bytes", "down_bytes":
                row[number] = int(row[number])
            yield row


class Places:
    def __init__(self, path):
        with opened(path) as file:
            rows = sorted((place(address(first)), place(address(last)), country) for first, last, country in csv.reader(file))
        self.firsts = [row[0] for row in rows]
        self.rows = rows

    def country(self, ip):
        if any(ip in network for network in PRIVATE):
            return ""
        at = bisect.bisect_right(self.firsts, place(ip)) - 1
        return self.rows[at][2] if at >= 0 and place(ip) <= self.rows[at][1] else ""


def countries(flows, places):
    rows, known = {}, {}
    for flow in flows:
        ip = flow["dst_ip"]
        if ip not in known:
            known[ip] = places.country(ip)
        row = rows.setdefault(known[ip], [0, 0, 0])
        for i, value in enumerate((1, flow["up_bytes"], flow["down_bytes"])):
            row[i] += value
    ordered = sorted(rows.items(), key=lambda item: (-item[1][0], -item[1][2], item[0]))
    return [[code, *row] for code, row in ordered]


def hours(flows):
    rows = {}
    for flow in flows:
        hour = flow["timestamp"] // (100 * 60 * 60) % 24
        rows[hour] = rows.get(hour, 0) + 1
    return [[hour, rows[hour]] for hour in sorted(rows)]


def ratio(down, up):
    """The quotient in a form that sorts: infinite before any number, none after all."""
    if up == 0:
        return (2, 0) if down > 0 else (0, 0)
    return 1, Fraction(down, up)


def printed(quotient):
    kind, value = quotient
    return float(value) if kind == 1 else None


def exfiltration(flows):
    rows = {}
    for flow in flows:
        row = rows.setdefault(flow["src_ip"], [0, 0])
        row[0] += flow["down_bytes"]
        row[1] += flow["up_bytes"]
    ranked = [(ratio(*row), row, ip) for ip, row in rows.items()]
    ranked.sort(key=lambda r: (-r[0][0], -r[0][1], -r[1][0], place(r[2])))
    return [[str(ip), *row, printed(quotient)] for quotient, row, ip in ranked]


def botnet(flows, network):
    """0.0.0.0/0 stands for all networks."""
    rows = {}
    for flow in flows:
        if network != "0.0.0.0/0":
            inside = ipaddress.ip_network(network)
            if flow["src_ip"] not in inside or flow["dst_ip"] not in inside:
                continue
        row = rows.setdefault(flow["dst_ip"], (set(), []))
        row[0].add(flow["src_ip"])
        row[1].append(flow["timestamp"])
    ranked = []
    for ip, (sources, times) in rows.items():
        span = max(times) - min(times)
        ranked.append(((1, Fraction(100 * len(times), span)) if span else (0, 0), len(times), sources, ip))
    ranked.sort(key=lambda r: (-r[0][0], -r[0][1], -r[1], place(r[3])))
    return [[str(ip), [str(s) for s in sorted(sources, key=place)], count, printed(frequency)]
            for frequency, count, sources, ip in ranked]


def measure(flows, places, percentiles, networks):
    ranking = exfiltration(flows)
    return {
        "summary": {
            "flows": len(flows), "hosts": len(ranking), "servers": len({flow["dst_ip"] for flow in flows}),
            "up_bytes": sum(flow["up_bytes"] for flow in flows), "down_bytes": sum(flow["down_bytes"] for flow in flows),
        },
        "countries": countries(flows, places),
        "hours": hours(flows),
        "exfiltration": {str(p): ranking[:len(ranking) * (100 - p) // 100] for p in percentiles},
        "botnet": {network: botnet(flows, network) for network in networks},
    }


def rows_on_lines(value, depth=0):
    """JSON with a table's row to a line."""
    indent = "\n" + "  " * (depth + 1)
    if isinstance(value, dict) and value:
        inside = [json.dumps(key) + ": " + rows_on_lines(value[key], depth + 1) for key in value]
        return "{" + indent + ("," + indent).join(inside) + indent[:-2] + "}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[" + indent + ("," + indent).join(json.dumps(row) for row in value) + indent[:-2] + "]"
    return json.dumps(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("flows")
    parser.add_argument("places")
    parser.add_argument("--percentile", type=int, action="append", default=[])
    parser.add_argument("--network", action="append", default=[])
    arguments = parser.parse_args()
    flows = list(read_flows(arguments.flows))
    print(rows_on_lines(measure(flows, Places(arguments.places), arguments.percentile, arguments.network)))


if __name__ == "__main__":
    main()
