"""Run sentinel-analysis as its own command does, from the outside and without changing it.

    original_driver.py [--tables FILE] ARGUMENTS-OF-THE-ORIGINAL...

--tables writes what it prints to FILE as JSON: pandas cuts printed tables short. Its DNS look-ups are
answered at once, with "no such name": the best that can happen to it.
"""
import json
import sys

import dns.resolver
import matplotlib

matplotlib.use("Agg")
import pandas as pd
from sentinel_analysis import main


def no_such_name(*_, **__):
    raise dns.resolver.NXDOMAIN


def keep(tables):
    def printq(*values):
        for value in values:
            if isinstance(value, (pd.DataFrame, pd.Series)):
                table = value.reset_index() if isinstance(value, pd.Series) or value.columns.nlevels > 1 else value
                tables.append(table.to_numpy(dtype=object).tolist())
    return printq


dns.resolver.resolve = no_such_name
if sys.argv[1] == "--tables":
    path, tables = sys.argv[2], []
    del sys.argv[1:3]
    main.printq = keep(tables)
    main.cli()
    with open(path, "w") as file:
        json.dump(tables, file, default=int)  # numpy's integers
else:
    main.cli()
