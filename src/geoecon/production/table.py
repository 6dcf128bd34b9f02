"""An input-output table: who sells what to whom, in one currency and one year, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.case import Itself
from geoecon.errors import Fault, InputError, MissingData
from geoecon.production.findings import BALANCING, Array, Finding, closed_loop, found_in, once, produces

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.case import Case


TOLERANCE = 0.005  # of output; rounded tables stay below, real errors above


class Beside(TypedDict, total=False):
    """What stands beside the numbers of a table."""

    name: str
    sources: frozenset[str]
    noted: tuple[Finding, ...]
    apart: Mapping[str, Any]
    tolerance: float


class Dated(Beside, total=False):
    year: int | None


class About(Dated, total=False):
    unit: str


@dataclass(frozen=True, eq=False)
class IOTable:
    """Sales between industries (region, sector) and to final users, a year.

    Industries are region-major: number `r * len(sectors) + s`. `Z` (n, n) row sells to column; `final`
    (n, regions, categories) with signs kept; `x` (n,) output. `value_added` (n,) as the table states it, or output
    less purchases and taxes where it states none; `taxes` (n,) net product taxes kept apart (zero where unknown).
    """

    Z: Array
    final: Array
    x: Array
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    categories: tuple[str, ...] = ("final demand",)
    value_added: Array = field(default_factory=lambda: np.zeros(0))
    taxes: Array = field(default_factory=lambda: np.zeros(0))
    unit: str = "USD million"
    year: int | None = None
    name: str = "input-output table"
    sources: frozenset[str] = frozenset()
    noted: tuple[Finding, ...] = ()  # what the reader found beyond the checks below
    apart: Mapping[str, Any] = field(default_factory=dict)  # rows and columns of the file that are no industries
    tolerance: float = TOLERANCE

    def __post_init__(self) -> None:
        for what, names in (("region", self.regions), ("sector", self.sectors), ("category", self.categories)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InputError(f"{self.name}: {what} {', '.join(twice)} stands twice; allowed: each {what} once")
        once(self.regions, self.name)
        n = len(self.regions) * len(self.sectors)
        shapes = {"Z": (n, n), "final": (n, len(self.regions), len(self.categories)), "x": (n,)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise InputError(f"{name} has shape {getattr(self, name).shape}; allowed: {shape}")
            if not np.isfinite(getattr(self, name)).all():
                raise InputError(f"{self.name}: {name} holds a value that is not a finite number")
        if not len(self.taxes):
            object.__setattr__(self, "taxes", np.zeros(n))
        if not len(self.value_added):
            object.__setattr__(self, "value_added", self.x - self.Z.sum(axis=0) - self.taxes)
        for name in ("Z", "final", "x", "value_added", "taxes"):
            frozen = np.asarray(getattr(self, name), float).view()  # the caller's own array stays writable
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    @property
    def n(self) -> int:
        return len(self.x)

    @cached_property
    def Y(self) -> Array:
        """Final demand (n, regions) over all categories."""
        return np.asarray(self.final.sum(axis=2))

    @cached_property
    def industries(self) -> tuple[tuple[str, str], ...]:
        """(region, sector) of every industry in order."""
        return tuple((region, sector) for region in self.regions for sector in self.sectors)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"{region}/{sector}" for region, sector in self.industries)

    @cached_property
    def A(self) -> Array:
        """Input coefficients (n, n): purchases per unit of output; an industry without output has none."""
        return np.divide(self.Z, self.x, out=np.zeros_like(self.Z), where=self.produces)

    @cached_property
    def produces(self) -> NDArray[np.bool_]:
        """Industries with output (n,); a placeholder is none (`findings.produces`)."""
        return produces(self.x, self.Z.sum(axis=0))

    @cached_property
    def L(self) -> Array:
        """Leontief inverse (n, n): output needed for one unit of final demand. Leontief 1936.

        Raises InputError for industries that use up all of each other's output: nothing leaves such a loop.
        """
        closed = closed_loop(self.A)
        if len(closed):
            names = ", ".join(self.labels[k] for k in closed[:8]) + (f" and {len(closed) - 8} more" * (len(closed) > 8))
            told = f"{names} use all of each other's output: no value added, no final buyer, no Leontief inverse"
            raise InputError(f"{self.name}: {told}; allowed: a table without them, or with them merged into others")
        return np.asarray(np.linalg.inv(np.eye(self.n) - self.A))

    def index(self, region: str, sector: str) -> int:
        """Number of an industry. Raises InputError that lists the known names."""
        if region not in self.regions:
            raise InputError(f"region {region!r} is not in the table; allowed: " + ", ".join(self.regions))
        if sector not in self.sectors:
            raise InputError(f"sector {region}/{sector!r} is not in the table; allowed: " + ", ".join(self.sectors))
        return self.regions.index(region) * len(self.sectors) + self.sectors.index(sector)

    def of(self, region: str) -> slice:
        """The industries of a region, as a slice."""
        first = self.index(region, self.sectors[0])
        return slice(first, first + len(self.sectors))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say: balance, negative cells, empty industries, negative value added; then the reader's."""
        return (*found_in(self), *self.noted)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader of ratios must know of the findings, a few lines of each kind."""
        found = [str(finding) for finding in self.findings if finding.kind not in ("negative", "absent")]
        below = [str(finding) for finding in self.findings if finding.kind == "negative"]
        more = [f"and {len(found) - 8} more findings of the table's checks"] if len(found) > 8 else []
        more += below[:2] + ([f"and {len(below) - 2} more negative cells"] if len(below) > 2 else [])
        return (*found[:8], *more)

    @cached_property
    def impossible(self) -> tuple[tuple[int, int], ...]:
        """(seller, buyer) of each purchase that no industry can make: above its output, or below zero.

        A negative cell below a thousandth of the buyer's output is balancing of the source and stays.
        """
        return tuple((int(i), int(j)) for i, j in np.argwhere((self.A < -BALANCING) | (self.A > 1)))

    def sale(self, seller: int, buyer: int) -> str:
        """A sale beside the output of its buyer, in words."""
        return (
            f"sale to {self.labels[buyer]} is {self.Z[seller, buyer]:g} {self.unit}, whose output is {self.x[buyer]:g}"
        )

    @property
    def gdp(self) -> tuple[float, float]:
        """(by income: value added and product taxes on industries, by expenditure: final demand)."""
        return float((self.value_added + self.taxes).sum()), float(self.final.sum())

    def to_frame(self) -> pd.DataFrame:
        """The cells that are not zero, in the columns of `economy.csv` (the unit stands in the last heading)."""
        rows, columns = np.nonzero(self.Z)
        names = np.array(self.industries, dtype=object).reshape(-1, 2)
        column = "value_" + self.unit.lower().replace(" ", "_")
        inner = pd.DataFrame(
            {
                "use": "intermediate",
                "from_region": names[rows, 0],
                "from_sector": names[rows, 1],
                "to_region": names[columns, 0],
                "to_sector": names[columns, 1],
                column: self.Z[rows, columns],
            }
        )
        rows, places, kinds = np.nonzero(self.final)
        outer = pd.DataFrame(
            {
                "use": "final",
                "from_region": names[rows, 0],
                "from_sector": names[rows, 1],
                "to_region": np.array(self.regions, dtype=object)[places],
                "to_sector": np.array(self.categories, dtype=object)[kinds],
                column: self.final[rows, places, kinds],
            }
        )
        return pd.concat([inner, outer], ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Size of the table in a few lines."""
        income, spending = self.gdp
        rows = [
            ("regions", len(self.regions), "count"),
            ("sectors", len(self.sectors), "count"),
            ("gross output", float(self.x.sum()), self.unit),
            ("gross domestic product by income", income, self.unit),
            ("gross domestic product by expenditure", spending, self.unit),
            ("findings of the checks", len(self.findings), "count"),
        ]
        return pd.DataFrame(rows, columns=["what", "value", "unit"])

    @classmethod
    def from_economy(cls, frame: pd.DataFrame, **about: Unpack[About]) -> IOTable:
        """A tidy table with the columns of `economy.csv`; the order of first appearance is kept.

        A cell that the table does not name is zero; an industry that it names nowhere but that the grid of regions
        and sectors has is zero too and stands in `findings`. Raises InputError for a cell that stands twice.
        """
        keys = ["use", "from_region", "from_sector", "to_region", "to_sector"]
        twice = frame[frame.duplicated(keys)]
        if len(twice):
            rows = twice.to_dict("records")
            raise InputError(
                Fault(
                    about.get("name", "economy.csv"),
                    r.get("line"),
                    None,
                    "/".join(str(r[k]) for k in keys),
                    "each cell once",
                )
                for r in rows
            )
        frame = frame[[*keys, "value_usd_million"]].astype(dict.fromkeys(keys, object))  # plain text iterates faster
        inner, outer = frame[frame["use"] == "intermediate"], frame[frame["use"] == "final"]
        regions = tuple(dict.fromkeys([*frame["from_region"], *frame["to_region"]]))
        sectors = tuple(dict.fromkeys([*frame["from_sector"], *inner["to_sector"]]))
        kinds = tuple(dict.fromkeys(outer["to_sector"])) or ("final demand",)
        place = {pair: number for number, pair in enumerate((r, s) for r in regions for s in sectors)}
        Z = np.zeros((len(place), len(place)))
        final = np.zeros((len(place), len(regions), len(kinds)))
        seller = [place[pair] for pair in zip(inner["from_region"], inner["from_sector"], strict=True)]
        buyer = [place[pair] for pair in zip(inner["to_region"], inner["to_sector"], strict=True)]
        Z[seller, buyer] = inner["value_usd_million"].to_numpy(float)
        seller = [place[pair] for pair in zip(outer["from_region"], outer["from_sector"], strict=True)]
        user = [regions.index(region) for region in outer["to_region"]]
        kind = [kinds.index(sector) for sector in outer["to_sector"]]
        final[seller, user, kind] = outer["value_usd_million"].to_numpy(float)
        named = {*zip(frame["from_region"], frame["from_sector"], strict=True)}
        named |= {*zip(inner["to_region"], inner["to_sector"], strict=True)}
        absent = [
            Finding("absent", f"{region}/{sector}", "not in the file; its cells are zero", 0.0)
            for region, sector in place
            if (region, sector) not in named
        ]
        x = Z.sum(axis=1) + final.sum(axis=(1, 2))
        about = {"noted": (), **about}
        about["noted"] = (*absent, *about["noted"])
        return cls(Z, final, x, regions, sectors, kinds, **about)


def own_economy(case: Case) -> IOTable:
    """The table of a case's own `economy.csv`, made once. Raises MissingData where the case has none."""
    frame = case.table("economy")
    about = dict(case.settings.get("economy", {}))
    if not about.get("source_id"):
        raise MissingData("case.toml [economy]: source_id of economy.csv")
    cited = dict(zip(case.table("sources")["source_id"], case.table("sources")["citation"], strict=True))
    source = cited.get(about["source_id"])
    if source is None:
        raise InputError(
            Fault("case.toml", None, "economy.source_id", repr(about["source_id"]), "an id of sources.csv")
        )
    return _of_frame(
        Itself(frame), source, about.get("unit", "USD million"), about.get("year"), about.get("status", "seen")
    )


@lru_cache(maxsize=4)
def _of_frame(rows: Itself, source: str, unit: str, year: int | None, status: str) -> IOTable:
    return IOTable.from_economy(
        rows.frame,
        unit=unit,
        year=year,
        name="economy.csv",
        sources=frozenset({source}),
        apart=MappingProxyType({"status": status}),
    )
