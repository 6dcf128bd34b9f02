"""What the answer hangs on: the parameters that the loss follows, in words, and the loss along one of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoecon.draws import sample
from geoecon.message import phrases as say
from geoecon.tables import packaged

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.message.findings import Findings

Array = NDArray[np.float64]
SEEN = 3.0  # standard errors of a rank correlation from which a parameter counts as followed
# what chance adds: it moves the loss, and nobody can set or ask for it
CHANCE = frozenset({"share_trend_error", "share_shock", "demand_drift", "trade_noise_year", "trade_noise_month",
                    "visitor_noise_year"})  # fmt: skip
OWN = "without_"  # tail of an estimate made without one case, so that its forecast stays blind


class Words(NamedTuple):
    """A parameter as people call it: in "hangs on …", in a row of a table, on an axis."""

    words: str
    label: str
    axis: str


@dataclass(frozen=True)
class Lever:
    """A parameter that the answer hangs on: its values by run, and how strongly losses follow it (rank, −1 to 1)."""

    key: str
    words: str
    label: str
    axis: str
    values: Array
    rank: float
    prior: tuple[float, float, float]
    unit: str
    remembered: bool


@cache
def _table() -> Mapping[str, Words]:
    return {row["name"]: Words(row["words"], row["label"], row["axis"]) for row in packaged("message", "levers.csv")}


def called(
    key: str, meaning: str = "", unit: str = "", *, sender: str = "", target: str = "", goods: Mapping[str, str] = {}
) -> Words:
    """A parameter in words, with the names of a case; one that has no words of its own is called by its meaning."""
    stem, _, tail = key.partition(".")
    found = _table().get(stem)
    if found is None:
        clause = meaning.split("(")[0].split(",")[0].split(";")[0].split(":")[0].strip()
        plain = clause if 0 < len(clause) < 60 and not say.FORBIDDEN.search(clause) else stem.replace("_", " ")
        plain = "an assumption of the model" if say.FORBIDDEN.search(plain) else plain
        found = Words(plain, plain, f"{say.capital(plain)}, {unit}" if unit else say.capital(plain))
    sold, bought = sender or "the seller", target or "the buyer"
    whose = say.whose(sender) if sender else "the seller’s"
    names = (("{sender’s}", whose), ("{Sender’s}", say.capital(whose)), ("{sender}", say.land(sold)),
             ("{target}", say.land(bought)))  # fmt: skip
    words, label, axis = found
    for mark, name in names:
        words, label, axis = (text.replace(mark, name) for text in (words, label, axis))
    good = goods.get(tail, "") if len(goods) > 1 else ""
    return Words(f"{words}, for {good}", f"{label}, {good}", f"{axis} ({good})") if good else Words(words, label, axis)


def read_here(case: Case) -> list[str]:
    """The parameters that this case can read: an estimate made without another case, or with this one, is not."""
    own = f".{OWN}{case.on_record}"
    stems = {key[: -len(own)] for key in case.parameters if key.endswith(own)}
    return [key for key in case.parameters if not (f".{OWN}" in key and not key.endswith(own)) and key not in stems]


def levers(found: Findings) -> list[Lever]:
    """What the loss follows, the strongest first; empty without runs or where nothing moves it."""
    measure = found.lost if found.lost is not None and np.ptp(found.lost) > 0 else None
    if measure is None and found.short is not None and 0 < found.short.mean() < 1:
        measure = found.short.astype(float)
    if measure is None:
        return []
    case = found.case
    values = sample(case.parameters, found.runs, found.assessment.seed).values
    goal, made, elsewhere = _ranks(measure), [], _of_endings()
    for key in read_here(case):
        row, drawn = case.parameters[key], np.asarray(values[key][1:], dtype=float)
        if (
            key in elsewhere
            or key.partition(".")[0] in CHANCE
            or row.high <= row.low
            or len(drawn) != len(goal)
            or np.ptp(drawn) == 0
        ):
            continue
        rank = float(np.corrcoef(_ranks(drawn), goal)[0, 1])
        if abs(rank) <= SEEN / np.sqrt(len(goal)):
            continue
        told = called(key, row.meaning or "", row.unit, sender=found.name("sender"), target=found.name("target"),
                      goods=found.products)  # fmt: skip
        made.append(Lever(key, *told, drawn, rank, (row.low, row.central, row.high), row.unit, row.status == "memory"))
    return sorted(made, key=lambda one: -abs(one.rank))


def curve(found: Findings, lever: Lever, points: int = 13) -> list[dict[str, float]]:
    """Loss (USD) and chance along a lever: near runs weigh most (a bell over their ranks)."""
    if found.lost is None or found.short is None:
        return []
    order = np.argsort(lever.values)
    x, lost, short = lever.values[order], found.lost[order], found.short[order]
    reach, made = 0.1, []
    for at in np.linspace(np.quantile(x, 0.03), np.quantile(x, 0.97), points):
        place = np.searchsorted(x, at) / len(x)
        weight = np.exp(-((((np.arange(len(x)) + 0.5) / len(x)) - place) ** 2) / (2 * reach**2))
        weight /= weight.sum()
        made.append(
            {
                "x": float(at),
                "middle": _weighted(lost, weight, 0.5),
                "low": _weighted(lost, weight, 0.1),
                "high": _weighted(lost, weight, 0.9),
                "chance": float(weight @ short),
            }
        )
    return made


@cache
def _of_endings() -> frozenset[str]:
    """Parameters of the rooms that come after the loss; whatever follows them by chance does not move it."""
    names: set[str] = set()
    for room in ("bargaining", "triangle", "hazards", "scorecard"):
        place = files("geoecon") / room / "defaults.csv"
        if place.is_file():
            with place.open(encoding="utf-8") as lines:
                names |= {row["name"] for row in csv.DictReader(lines)}
    return frozenset(names)


def _ranks(values: Array) -> Array:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)


def _weighted(values: Array, weight: Array, share: float) -> float:
    order = np.argsort(values)
    place = int(np.searchsorted(np.cumsum(weight[order]), share))
    return float(values[order][min(place, len(values) - 1)])
