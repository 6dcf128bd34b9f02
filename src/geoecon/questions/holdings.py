"""What data there are: those in the package, how old each is, which stage uses it; and the files of the user."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import pandas as pd

from geoecon.figure import Figure
from geoecon.questions.library import kept
from geoecon.result import Result
from geoecon.tables import packaged

USED = {
    "world table": "disruption, welfare, losses", "pacts": "alliance, bargaining",
    "capabilities": "alliance, bargaining", "ideal points": "alliance, bargaining", "votes": "alliance",
    "incomes": "welfare, bargaining, stand-ins",
}  # fmt: skip
NOTHING = "no file of your own (geoecon data add FILE)"


@dataclass(frozen=True, eq=False)
class Holdings(Result):
    """One row a data set: name, what, covers, known_until, used_by, origin, licence, megabytes, state."""

    table: pd.DataFrame

    METHOD: ClassVar[str] = (
        "Everything ships inside the package and is read where it lies; files of the user are remembered with their\n"
        "hash and never copied. Nothing is fetched unasked."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(self.table["origin"])

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        return self.table[["name", "covers", "used_by", "licence", "state"]]

    def figures(self) -> dict[str, Figure]:
        size = float(self.table["megabytes"].sum())
        return {"megabytes": Figure(size, "MB", "now", self.sources, label="data in the package and of the user")}

    def sentence(self) -> str:
        own = int((self.table["state"] != "in the package").sum())
        shipped = self.table[self.table["state"] == "in the package"]
        yours = f"{own} file{'s' * (own != 1)} of your own" if own else NOTHING
        size = f"{shipped['megabytes'].sum():.0f} MB"
        return f"{len(shipped)} data sets ship ({size}), the trade up to 2024, the economy of 2022; {yours}."


def data() -> Holdings:
    """What data there are, how old they are, and what each stage uses."""
    rows = [
        {**row, "state": "in the package", "megabytes": _size(row.pop("files"))}
        for row in packaged("questions", "holdings.csv")
    ]
    for one in kept():
        place = Path(one.path)
        rows.append(
            {
                "name": place.name, "what": f"{one.kind}, added {one.added}", "covers": one.holds,
                "used_by": USED.get(one.kind, "ask, for products without bundled rows"), "origin": one.path,
                "licence": "your own",
                "state": one.state, "megabytes": place.stat().st_size / 1e6 if place.is_file() else 0.0,
            }
        )  # fmt: skip
    columns = ["name", "what", "covers", "used_by", "origin", "licence", "megabytes", "state"]
    return Holdings(pd.DataFrame(rows, columns=columns))


def _size(names: str) -> float:
    """Megabytes of files or folders of the package, separated by semicolons."""
    total = 0
    for name in names.split(";"):
        place = Path(str(files("geoecon"))) / name
        every = place.rglob("*") if place.is_dir() else [place]
        total += sum(
            one.stat().st_size for one in every if one.is_file() and one.suffix in {".csv", ".parquet", ".yaml"}
        )
    return total / 1e6
