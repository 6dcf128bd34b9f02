"""Cut-offs found and asked: processor time beside a plain pandas detector, and of 1,400 questions at once.

With a folder: the record of 109 million made-up rows (ten years, written into the folder once), in one process.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import scan_data

import geoecon as ge
from geoecon.episodes import forecast
from geoecon.flows import raw_materials


def by_loops(rows: pd.DataFrame) -> int:
    """The same definition of a cut-off by one matrix a product and a row at a time, without what followed."""
    found = 0
    for _, part in rows.groupby("product"):
        table = part.pivot_table(index=["exporter", "importer"], columns="period", values="tonnes", aggfunc="sum")
        table = table.fillna(0.0)
        total = table.groupby("importer").transform("sum")
        value = part.pivot_table(index=["exporter", "importer"], columns="period", values="value_usd", aggfunc="sum")
        value = value.reindex(table.index).fillna(0.0)
        for t in range(2, table.shape[1]):
            for key in table.index:
                now, one, two = (table.iat[table.index.get_loc(key), t - k] for k in (0, 1, 2))
                if min(one, two) <= 0 or max(one, two) > 2 * min(one, two):
                    continue
                at = table.index.get_loc(key)
                exposed = all(table.iat[at, t - k] >= 0.2 * total.iat[at, t - k] for k in (1, 2))
                if exposed and now <= 0.6 * (one + two) / 2 and value.iat[at, t - 1] + value.iat[at, t - 2] >= 2e6:
                    found += 1
    return found


def large(folder: Path) -> None:
    """Ten years of 10.9 million rows, without the making of them."""
    scan_data.years(folder, 2013, 10)
    start = time.process_time()
    found = ge.cut_offs(folder)
    spent = time.process_time() - start
    print(f"record from {10 * scan_data.ROWS:,} rows: {spent:.0f} s of processor time, {len(found.table):,} rows")


def main() -> None:
    start = time.process_time()
    record = ge.cut_offs("sample")
    ours = time.process_time() - start
    few = ["250410", "260400", "271121"]
    start = time.process_time()
    by_loops(raw_materials(product=few))
    loops = (time.process_time() - start) * record.table["product"].nunique() / len(few)
    print(f"record from 1.26 million rows: {ours:.1f} s of processor time, {len(record.table)} rows")
    print(f"a detector by rows in pandas (three products, scaled): {loops / ours:.0f} times as long")
    rng = np.random.default_rng(0)
    shares, cuts = rng.uniform(0.2, 1, 1400), rng.uniform(0.4, 1, 1400)
    forecast("imports", 1, shares[:2], cuts[:2])
    start = time.process_time()
    forecast("imports", 1, shares, cuts)
    print(f"1,400 questions: {time.process_time() - start:.2f} s")


def memory() -> None:
    print(f"largest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    large(Path(sys.argv[1])) if sys.argv[1:] else main()
    memory()
