"""Make of a file one that the original can analyse: sorted by time, since it takes the first and the last row of a
destination for its first and last flow, and without internal destinations whose flows all begin at one instant,
since it divides by the time between them.

    original_file.py FROM.parquet TO.parquet NETWORK
"""
import ipaddress
import sys

import pandas as pd

flows = pd.read_parquet(sys.argv[1]).sort_values("timestamp", kind="stable")
network = ipaddress.ip_network(sys.argv[3])
inside = {ip: ipaddress.ip_address(ip) in network for ip in set(flows.src_ip) | set(flows.dst_ip)}
internal = flows.src_ip.map(inside) & flows.dst_ip.map(inside)
times = flows[internal].groupby("dst_ip").timestamp.agg(["min", "max"])
instant = set(times.index[times["min"] == times["max"]])
kept = flows[~(internal & flows.dst_ip.isin(instant))]
kept.to_parquet(sys.argv[2], index=False)
print(f"{len(flows) - len(kept)} flows left out that the original cannot take")
