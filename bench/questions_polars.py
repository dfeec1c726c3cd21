"""The four questions of the original in polars, lazily and all in one go. Prints what plainsql prints.

    questions_polars.py FLOWS.parquet RANGES.parquet PERCENTILE PREFIX
"""
import sys

import polars as pl

path, ranges_path, percentile, prefix = sys.argv[1:5]
flows = pl.scan_parquet(path)
count, source, target = pl.len().alias("flows"), pl.col("src_ip"), pl.col("dst_ip")

hosts = flows.group_by("src_ip").agg(pl.sum("down_bytes", "up_bytes"))
botnet = (
    flows.filter(target.str.starts_with(prefix) & source.str.starts_with(prefix))
    .group_by("dst_ip")
    .agg(source.unique(), count, span=pl.max("timestamp") - pl.min("timestamp"))
)
servers = flows.group_by("dst_ip").agg(count, pl.sum("down_bytes"))
hours = flows.group_by(hour=pl.col("timestamp") // 360000 % 24).agg(count).sort("hour")
hosts, botnet, servers, hours = pl.collect_all([hosts, botnet, servers, hours], engine="streaming")

hosts = hosts.with_columns(ratio=pl.col("down_bytes") / pl.col("up_bytes")).sort("ratio", descending=True)
hosts = hosts.head(len(hosts) * (100 - int(percentile)) // 100)

span = pl.col("span")
botnet = botnet.select(
    "dst_ip", source.list.sort().list.join(" ").alias("src_ips"), "flows",
    per_second=pl.when(span > 0).then(pl.col("flows") / (span / 100)),
).sort("per_second", descending=True, nulls_last=True)

octets = target.str.split(".").list.eval(pl.element().cast(pl.Int64))
ranges = pl.read_parquet(ranges_path).set_sorted("first")
number = sum(octets.list.get(i) * 256 ** (3 - i) for i in range(4))
countries = (
    servers.with_columns(number=number)
    .sort("number")
    .join_asof(ranges, left_on="number", right_on="first")
    .group_by(place=pl.when(pl.col("number") <= pl.col("last")).then("country").otherwise(pl.lit("")))
    .agg(pl.sum("flows", "down_bytes"))
    .sort("flows", descending=True)
)
for table in hosts, botnet, countries, hours:
    table.write_csv(sys.stdout)
