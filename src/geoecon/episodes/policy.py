"""Known wars, bans and sanctions among the cut-offs: one row a measure, each with a source."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from geoecon import tables
from geoecon.figure import STATUS

INSTRUMENTS = ("licence", "quota", "ban", "embargo", "stop", "war")
RULES = {
    "policy_id": tables.identifier,
    "product": tables.identifier,
    "supplier": tables.identifier,
    "first_year": tables.number,
    "last_year": tables.number,
    "importers": tables.text.optional(),  # a|b|c; empty: all
    "effect_year": tables.number,  # the first year that is mostly under the measure
    "instrument": tables.one_of(*INSTRUMENTS),
    "by": tables.one_of("supplier", "buyer", "war", "firm"),  # who cut
    "what": tables.text,
    "source": tables.text,
    "url": tables.text.optional(),
    "status": tables.one_of(*STATUS),
}


@cache
def measures() -> pd.DataFrame:
    """The rows of policy.csv."""
    with as_file(files("geoecon") / "episodes" / "policy.csv") as path:
        return read(path)


def read(path: Path) -> pd.DataFrame:
    """A list of measures. Raises InputError with every fault of the file."""
    return tables.read_table(path, RULES, path.name)


def marks(cut: pd.DataFrame, rows: pd.DataFrame) -> pd.Series[str]:
    """The id of the measure behind each cut-off, empty where none is known."""
    found = pd.Series("", index=cut.index, dtype=object)
    for row in tables.records(rows[rows["product"].isin(cut["product"].unique())]):
        hit = (cut["product"] == row["product"]) & (cut["supplier"] == row["supplier"])
        hit &= cut["year"].between(row["first_year"], row["last_year"])
        if isinstance(row["importers"], str):
            hit &= cut["importer"].isin(row["importers"].split("|"))
        found[hit & (found == "")] = row["policy_id"]
    return found
