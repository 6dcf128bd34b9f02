"""What a scan may be told, and the rows with a bloc as one reporter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import engine, summed
from geoecon.indicators import indicators, presets

if TYPE_CHECKING:
    from geoecon.kinds import Frame


MARKET = indicators.MARKET
TRIPLE = ["period", "importer", "exporter", "product"]


@dataclass(frozen=True)
class Options:
    """What the user may set. `elasticity` and `domestic_share` are one number or a mapping by product; `risk` maps an
    exporter to a risk or distance of 0 to 1; `given` are columns that the user brings, each a table with some of the
    keys period, importer, exporter, product, sector and a column of its name."""

    elasticity: float | Mapping[str, float] = 4.0
    domestic_share: float | Mapping[str, float] = 0.0
    risk: Mapping[str, float] | None = None
    preset: tuple[str, ...] = ("ec2021",)
    bloc: str | None = None
    members: bool = False  # the bloc's members one by one instead of the bloc as one reporter
    world: bool = True
    leftover: tuple[str, ...] = ()
    years: int = 1  # periods that are looked at together
    given: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)  # beginning of a product code -> sector of a table

    def checked(self) -> Options:
        """Raises InputError for an elasticity of one or less and shares outside 0 to 1."""
        for value in numbers(self.elasticity):
            indicators.check_elasticity(value)
        for value in numbers(self.domestic_share):
            if not 0 <= value < 1:
                raise InputError(f"domestic share {value:g}; allowed: from 0 to below 1")
        return replace(self, preset=presets.names(self.preset))


def numbers(given: float | Mapping[str, float]) -> Iterable[float]:
    return given.values() if isinstance(given, Mapping) else (given,)


def with_parameter(frame: Frame, name: str, given: float | Mapping[str, float], default: float) -> Frame:
    """A column with one number, or one by product (the default where the mapping has none)."""
    if not isinstance(given, Mapping):
        return frame.with_columns(nw.lit(float(given)).alias(name))
    table = pd.DataFrame({"product": list(given), name: [float(value) for value in given.values()]})
    joined = frame.join(engine.beside(frame, table), on=["product"], how="left")
    return joined.with_columns(nw.col(name).fill_null(default))


def as_bloc(
    rows: Frame, bloc: str | None, members: bool, periods: Sequence[str] = ()
) -> tuple[Frame, Frame | None]:  # fmt: skip
    """Rows with the bloc as one reporter (or its members as they are), and trade inside the bloc by market.

    Trade between members is no import of the bloc: it leaves the rows and comes back as `intra`. Members are those at
    the end of each of the periods.
    """
    if bloc is None:
        return rows, None
    sets: dict[tuple[str, ...], list[str]] = {}
    for period in periods:
        sets.setdefault(tuple(sorted(countries.members(bloc, period.rpartition("/")[2]))), []).append(period)
    if len(sets) < 2:
        inside = next(iter(sets), tuple(sorted(countries.members(bloc))))
        return _joined(rows, bloc, members, inside)
    both = [_joined(rows.filter(nw.col("period").is_in(when)), bloc, members, inside) for inside, when in sets.items()]
    return nw.concat([outside for outside, _ in both]), nw.concat([intra for _, intra in both])


def told_of(bloc: str | None, periods: Sequence[str], rows: Frame) -> tuple[str, ...]:
    """What to say of a bloc: members that came or went inside a period, and periods in whose rows none stands."""
    if bloc is None:
        return ()
    sides = [engine.collect(rows.select("period", nw.col(side).alias("place")).unique()) for side in TRIPLE[1:3]]
    present: dict[str, set[str]] = {period: set() for period in periods}
    for period, place in pd.concat(sides)[["period", "place"]].itertuples(index=False):
        present.setdefault(str(period), set()).add(str(place))
    return (*countries.strangers(bloc, present), *countries.moves(bloc, periods))


def _joined(rows: Frame, bloc: str, members: bool, inside: Sequence[str]) -> tuple[Frame, Frame]:
    """Rows of periods with one set of members."""
    member = {side: nw.col(side).is_in(list(inside)) for side in ("importer", "exporter")}
    one = rows.with_columns(within=member["importer"] & member["exporter"])
    if not members:
        one = one.with_columns(
            **{side: nw.when(test).then(nw.lit(bloc)).otherwise(nw.col(side)) for side, test in member.items()}
        )
    intra = one.filter(nw.col("within")).group_by(*MARKET).agg(nw.col("value_usd").sum().alias("intra"))
    outside = one.filter(~nw.col("within")).drop("within")
    return (outside if members else summed(outside)), intra
