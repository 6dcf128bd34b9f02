"""Known cut-offs as they would have been told the day before, beside what happened."""

from __future__ import annotations

from importlib.resources import as_file, files

import pandas as pd

from geoecon import tables
from geoecon.episodes.outcome import signed
from geoecon.episodes.verb import precedents

RULES = {
    "cut_off": tables.text,
    "product": tables.identifier,
    "supplier": tables.identifier,
    "importer": tables.identifier,
    "known_by": tables.day,
    "share": tables.share,
    "cut": tables.share,
}
WORDS = {
    ("imports", 1): "imports a year later",
    ("replaced", 1): "replaced a year later",
    ("price", 1): "real price a year later",
}


def told_before() -> pd.DataFrame:
    """One row a cut-off of told_before.csv: share and cut, and of three outcomes the middle with its 80 % band as told
    from what was known the day before, what came, and whether it lies inside."""
    with as_file(files("geoecon") / "episodes" / "told_before.csv") as path:
        rows = tables.read_rows(path, RULES, path.name)
    found = []
    for row in rows:
        asked = precedents(row["product"], row["supplier"], row["importer"], row["cut"], row["known_by"],
                           share=row["share"])  # fmt: skip
        for (name, years), words in WORDS.items():
            outcome, came = asked.outcome(name, years), asked.came[f"{name}_{years}"]
            low, high = outcome.band
            band = f"{signed(low, name).removesuffix(' %')} to {signed(high, name)}"
            found.append((row["cut_off"], asked.share, row["cut"], words, signed(outcome.median, name), band,
                          signed(came, name), "yes" if low <= came <= high else "no"))  # fmt: skip
    names = ["cut-off", "share", "cut", "outcome", "told", "80 % band", "came", "inside"]
    return pd.DataFrame(found, columns=names)
