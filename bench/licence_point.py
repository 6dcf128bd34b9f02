"""One licence query, warm, and the load of all regimes.

    python bench/licence_point.py [--repeats 2000]

Prints the median and the 99 % quantile of a point query over different questions, and the median load time: of the
regimes, whose tables are read when they are first asked for, and with every row of every table. One question cold, as a
whole command, is `python bench/run.py --only licence` (processor time against the old commit).
"""

from __future__ import annotations

import argparse
import statistics
import time

from geoecon.law import licence, load_regimes
from geoecon.law.read_regimes import forget

QUESTIONS = [
    {"exporter": "JPN", "item": "hydrogen fluoride", "destination": "KOR", "on": "2019-07-04"},
    {"exporter": "JPN", "item": "photoresist", "destination": "KOR", "on": "2019-12-20", "pair_licences_12m": 6},
    {"exporter": "KOR", "item": "other list item", "destination": "JPN", "on": "2019-09-18", "exporter_icp": "no"},
    {"exporter": "CHN", "item": "gallium", "destination": "USA", "on": "2024-12-03"},
    {"exporter": "USA", "item": "3A090.a", "destination": "SGP", "on": "2023-11-18", "parent_place": "CHN"},
    {"exporter": "DEU", "item": "1C350.24", "destination": "KOR", "on": "2022-06-01", "wt_pct": 49},
    {"exporter": "JPN", "item": "HF", "destination": "KOR", "on": "2024-06-01"},
]


def main(repeats: int = 2000, loads: int = 15) -> dict[str, float]:
    regimes = load_regimes()
    for question in QUESTIONS:
        licence(regimes, **question)
    times = []
    for turn in range(repeats):
        start = time.perf_counter()
        licence(regimes, **QUESTIONS[turn % len(QUESTIONS)])
        times.append(time.perf_counter() - start)
    lazy, load = [], []
    for _ in range(loads):
        forget()
        start = time.process_time()
        loaded = load_regimes()
        lazy.append(time.process_time() - start)
        rows = sum(len(regime.rows[table]) for regime in loaded.values() for table in regime.rows)
        load.append(time.process_time() - start)
    found = {"point_ms": 1e3 * statistics.median(times), "point_p99_ms": 1e3 * sorted(times)[int(0.99 * len(times))],
             "load_ms": 1e3 * statistics.median(lazy), "rows_ms": 1e3 * statistics.median(load)}  # fmt: skip
    print(
        f"point query: median {found['point_ms']:.2f} ms, 99 % below {found['point_p99_ms']:.2f} ms ({repeats} queries)"
    )
    print(f"load {len(loaded)} regimes: median {found['load_ms']:.1f} ms; with every row of all tables read ({rows} "
          f"rows): {found['rows_ms']:.0f} ms, processor time")  # fmt: skip
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2000)
    main(parser.parse_args().repeats)
