"""Shipments with four facts (concentration, processing power, programme, user) against the same without, in one run.

    python bench/licence_facts.py [--rows 2000000]

Prints processor seconds of a first and of a second screening. The same table screened by an older version of it
(PYTHONPATH of its sources) gives the comparison between versions.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from licence_parties import timed

from geoecon.law import load_regimes

GOODS = {"JPN": ["HF", "FPI", "RESIST", "LIST", "UNLISTED"], "KOR": ["LIST", "UNLISTED"],
         "CHN": ["GALLIUM", "GERMANIUM", "GRAPHITE-SYN"], "USA": ["3A090.a", "3A001", "EAR99", "1C350"],
         "DEU": ["1C350.24", "LIST", "UNLISTED"]}  # fmt: skip
PLACES = ["KOR", "JPN", "USA", "CHN", "DEU", "FRA", "VNM", "TWN", "IND", "BRA", "RUS", "IRN", "SGP", "GBR", "ITA",
          "TUR", "ARE", "ISR", "SAU", "IDN", "MYS", "THA"]  # fmt: skip


def shipments(rows: int) -> pd.DataFrame:
    """Random shipments of 2019 to 2026, each with four facts."""
    rng = np.random.default_rng(1)
    pairs = [(exporter, item) for exporter, items in GOODS.items() for item in items]
    chosen = rng.integers(0, len(pairs), rows)
    days = np.datetime64("2019-01-01") + rng.integers(0, 2800, rows)
    return pd.DataFrame({
        "from": np.array([pair[0] for pair in pairs])[chosen], "to": rng.choice(PLACES, rows),
        "item": np.array([pair[1] for pair in pairs])[chosen], "date": days.astype("datetime64[s]"),
        "wt_pct": rng.choice([10.0, 25, 31, 49, 60, 99], rows), "exporter_icp": rng.choice(["yes", "no"], rows),
        "tpp": rng.choice([500.0, 2000, 5000, 30000], rows), "end_user_class": rng.choice(["civil", "military"], rows),
    })  # fmt: skip


def main(rows: int = 2_000_000) -> dict[str, float]:
    table = shipments(rows)
    known = load_regimes()
    full, bare = timed(table, known), timed(table[["from", "to", "item", "date"]], known)
    print(f"{rows} shipments; processor seconds")
    print(f"without facts: {bare[0]:.2f} first, {bare[1]:.2f} again")
    print(f"with facts:    {full[0]:.2f} first, {full[1]:.2f} again")
    return {"rows": rows, "facts_s": full[0], "facts_again_s": full[1], "bare_s": bare[0], "bare_again_s": bare[1]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    main(parser.parse_args().rows)
