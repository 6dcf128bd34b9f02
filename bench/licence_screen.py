"""Two million shipments against a row-by-row evaluation of the same rules, in one run.

    python bench/licence_screen.py [--rows 2000000] [--sample 5000]

Both read the same table and the same five regimes. The row-by-row side is the single query, warm, on a random sample;
its answers are compared one by one. The first screening works out its licence histories (cold), the others find them.
Prints seconds, microseconds a row and the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import pandas as pd

from geoecon.law import licence, load_regimes, screen

FIELDS = ("kind", "ground", "code", "missing", "catch_all", "review_days")


def shipments(rows: int, seed: int = 1) -> pd.DataFrame:
    """Random shipments of list items from five regimes to every place of the widest one, 2019 to 2026."""
    rng = np.random.default_rng(seed)
    regimes = load_regimes()
    pairs = [
        (exporter, item)
        for exporter, regime in (("JPN", "JPN"), ("KOR", "KOR"), ("CHN", "CHN"), ("USA", "USA"), ("DEU", "EU"))
        for item in regimes[regime].items
    ]
    places = sorted({row["place"] for row in regimes["USA"].rows["group_member"]})
    chosen = rng.integers(0, len(pairs), rows)
    days = np.datetime64("2019-01-01") + rng.integers(0, 2800, rows)
    return pd.DataFrame(
        {
            "from": np.array([pair[0] for pair in pairs])[chosen],
            "to": np.array(places)[rng.integers(0, len(places), rows)],
            "item": np.array([pair[1] for pair in pairs])[chosen],
            "date": days.astype("datetime64[s]"),
        }
    )


def row_by_row(table: pd.DataFrame, sample: int) -> tuple[float, list[tuple[int, object]]]:
    """(seconds a row, answers) of the single query on a random sample, after one warm pass."""
    regimes = load_regimes()
    chosen = np.random.default_rng(2).integers(0, len(table), sample)
    records = table.iloc[chosen].to_dict("records")
    found: list[tuple[int, object]] = []
    for _ in range(2):
        start = time.perf_counter()
        answers = [
            licence(regimes, exporter=row["from"], destination=row["to"], item=row["item"], on=row["date"].date())
            for row in records
        ]
        seconds = time.perf_counter() - start
        found = list(zip(chosen.tolist(), answers, strict=True))
    return seconds / sample, found


def main(rows: int = 2_000_000, sample: int = 5_000) -> dict[str, float]:
    table = shipments(rows)
    for regime in load_regimes().values():
        regime.cache.clear()
    times, cpu = [], []
    for _ in range(4):
        start, busy = time.perf_counter(), time.process_time()
        result = screen(table)
        times.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    cold, warm = times[0], statistics.median(times[1:])
    slow, answers = row_by_row(table, sample)
    wrong = sum(
        any(getattr(one, field) != getattr(result.answers[result.index[position]], field) for field in FIELDS)
        for position, one in answers
    )
    found = {"rows": rows, "cold_s": cold, "warm_s": warm, "row_by_row_us": slow * 1e6, "peer_s": slow * rows,
             "ratio_cold": slow * rows / cold, "ratio_warm": slow * rows / warm, "different": wrong,
             "cold_cpu_s": cpu[0], "warm_cpu_s": statistics.median(cpu[1:])}  # fmt: skip
    print(f"{rows} shipments, {len(result.answers)} distinct answers")
    print(f"screen: {cold:.2f} s the first time, {warm:.2f} s again (median of 3)")
    print(f"processor time of both threads: {cpu[0]:.2f} s and {statistics.median(cpu[1:]):.2f} s")
    print(f"row by row: {slow * 1e6:.0f} microseconds a row on {sample} rows, {slow * rows:.0f} s for all")
    print(f"ratio: {found['ratio_cold']:.0f} the first time, {found['ratio_warm']:.0f} again; {wrong} answers differ")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--sample", type=int, default=5_000)
    chosen = parser.parse_args()
    main(chosen.rows, chosen.sample)
