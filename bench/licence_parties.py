"""Shipments screened against 25,000 listed names, against the same shipments without names, in one run.

    python bench/licence_parties.py [--rows 2000000] [--names 20000] [--listed 0.02]

The list is the package's own and made names up to 25,000 entries. Buyers are drawn from a pool of `--names` firms, of
which a share `--listed` is on the list as printed, as many are misspelt by a letter, the rest are on no list. Prints
the processor seconds of a first and of a second screening, with and without names, and their ratio.
"""

from __future__ import annotations

import argparse
import time
from datetime import date

import numpy as np
import pandas as pd
from licence_screen import shipments as plain

from geoecon.law import Regime, load_regimes, screen

LISTED = 25_000
PARTS = """Alpha Boreas Cedar Delta Ember Falcon Granite Harbour Indigo Juniper Kestrel Lumen Meridian Nimbus Orchid 
Pioneer Quartz Raven Summit Tundra Umbra Vertex Willow Xenon Yarrow Zephyr"""
TRADES = """Trading Shipping Electronics Precision Logistics Machinery Textile Software Chemicals Optics"""


def made(number: int, word: str) -> str:
    """A made name: two rare words, a trade, a legal form."""
    one, two = PARTS.split()[number % 26], PARTS.split()[(number // 26) % 26]
    return f"{one}{number % 9973:x} {two}{word} {TRADES.split()[number % 10]} Co., Ltd."


def regimes() -> dict[str, Regime]:
    """The package's regimes, the American list filled up to 25,000 names."""
    found = dict(load_regimes())
    usa = found["USA"]
    first = next(row for row in usa.rows["party_listing"] if row["list"] == "us-entity-list")
    held = sum(1 + len(row["aliases"]) for row in usa.rows["party_listing"])
    more = [first | {"line": 100_000 + k, "party_id": f"made-{k}", "party": made(k, "listed"), "aliases": (),
                     "place": "CHN", "listed_from": date(2019 + k % 6, 1 + k % 12, 1)}
            for k in range(LISTED - held)]  # fmt: skip
    found["USA"] = usa.with_rows(party_listing=more)
    return found


def buyers(known: Regime, names: int, listed: float) -> list[str]:
    """The pool of firms."""
    rng = np.random.default_rng(5)
    rows = known.rows["party_listing"]
    on = [str(rows[k]["party"]) for k in rng.choice(len(rows), int(names * listed), replace=False)]
    near = [str(rows[k]["party"]) for k in rng.choice(len(rows), int(names * listed), replace=False)]
    near = [name[: len(name) // 2] + name[len(name) // 2 + 1 :] for name in near]
    return [*on, *near, *(made(k, "free") for k in range(names - len(on) - len(near)))]


def shipments(rows: int, pool: list[str]) -> pd.DataFrame:
    """The shipments of `licence_screen` with a buyer each."""
    rng = np.random.default_rng(7)
    return plain(rows).assign(party=np.array(pool, dtype=object)[rng.integers(0, len(pool), rows)])


def timed(table: pd.DataFrame, known: dict[str, Regime]) -> list[float]:
    """Processor seconds of a first and of a second screening."""
    for regime in known.values():
        regime.cache.clear()
    seconds = []
    for _ in range(2):
        start = time.process_time()
        screen(table, regimes=known)
        seconds.append(time.process_time() - start)
    return seconds


def main(rows: int = 2_000_000, names: int = 20_000, listed: float = 0.02) -> dict[str, float]:
    known = regimes()
    table = shipments(rows, buyers(known["USA"], names, listed))
    bare = timed(table.drop(columns="party"), known)
    full = timed(table, known)
    print(f"{rows} shipments, {names} buyers, {LISTED} listed names; processor seconds")
    print(f"without names: {bare[0]:.2f} first, {bare[1]:.2f} again")
    print(f"with names:    {full[0]:.2f} first, {full[1]:.2f} again")
    print(f"ratio: {full[0] / bare[0]:.2f} first, {full[1] / bare[1]:.2f} again")
    return {"rows": rows, "bare_s": bare[0], "bare_again_s": bare[1], "names_s": full[0], "names_again_s": full[1],
            "ratio": full[0] / bare[0], "ratio_again": full[1] / bare[1]}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--listed", type=float, default=0.02)
    chosen = parser.parse_args()
    main(chosen.rows, chosen.names, chosen.listed)
