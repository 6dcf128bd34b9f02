"""The triangle over time, and what the dispute game takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.draws import band
from geoecon.figure import Figure, cite
from geoecon.result import Result
from geoecon.triangle import measures as m
from geoecon.triangle import records as r
from geoecon.triangle import words
from geoecon.triangle.bond import Bond
from geoecon.triangle.measures import Array
from geoecon.triangle.second import readings

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import ArrayLike


MEASURE_SOURCES = {
    "security_dependence": ("nmc7", "atop5"),
    "net_patronage": ("nmc7", "atop5"),
    "abandonment": ("nmc7", "atop5", "idealpoints2025", "ustroops", "snyder1984"),
    "entrapment": ("atop5", "idealpoints2025", "ustroops", "snyder1984"),
    "cap_asymmetry": ("nmc7",),
    "gdp_asymmetry": ("fariss2022",),
    "trade_asymmetry": ("cowtrade4", "hirschman1945"),
    "degree_centralisation": ("atop5", "freeman1979"),
    "regional_spoke": ("atop5",),
    "spoke_exercises": ("exercises",),
}


@dataclass(frozen=True, eq=False)
class Triangle(Result):
    """Patron, sender and target (or patron, senior and junior) over the years, and their bond in `year`.

    `history` is tidy: year, measure, who, value, carried. `bond` holds the latest year known with its draws.
    """

    history: pd.DataFrame
    bond: Bond
    roles: Mapping[str, str]  # patron, sender and target, or patron, senior and junior: who is who
    sources: frozenset[str] = frozenset()
    ties_added: Mapping[tuple[str, str], float] = field(default_factory=dict)
    others: tuple[Triangle, ...] = ()  # the same two with each further patron of a case

    METHOD = """Dependence on an ally: the share of a state's own and allied capability that leaves if the ally leaves.
Fear of abandonment A = Dep·[1 − (1 − δ)(1 − g)], of entrapment E = d·(1 − δ)·g, with δ the fall of the patron's troops
within four years and g the distance of ideal points, as a share of the widest (Snyder 1984; the form is ours).
Architecture: Freeman's centralisation of the three pacts; the hub's allies in the region without a pact of their own.
A second reading: the same share by output instead of capability, and the yearly outlay that would replace the
patron's share, Dep/(1 − Dep)·milex/GDP. Members of one pact share nearly the whole pool, so the first measure cannot
rank two of them; a difference below five points, or one on which the readings disagree, is not told as one.
Limits: on 45,597 pair-years of American allies without a pact of their own the measures do not predict disputes, and
the sign of a common fear is opposite to Cha's. They describe; they do not forecast. Between 2019 and 2022 both fears
fell and relations mended in 2023: Cha's mechanism says the reverse, a later study credits restored commitment.
Treaties miss informal patronage; capabilities break between 2016 and 2017; pacts after 2018 are carried forward."""

    @property
    def states(self) -> tuple[str, str, str]:
        return self.bond.states

    @property
    def year(self) -> int:
        return self.bond.year

    @property
    def carried(self) -> bool:
        """Whether the pacts in force are those of 2018 carried forward."""
        return self.year > r.last_pacts()

    @cached_property
    def abandonment(self) -> dict[str, Array]:
        """A (draw,) of each state: fear of being left by the patron, 0 to 1."""
        return dict(zip(self.states, self.bond.abandonment.T, strict=True))

    @cached_property
    def entrapment(self) -> dict[str, Array]:
        """E (draw,) of each state: fear of being drawn in, 0 to 1."""
        return dict(zip(self.states, self.bond.entrapment.T, strict=True))

    @cached_property
    def net_patronage(self) -> dict[str, float]:
        """N of each state, −1 to 1; the three sum to zero."""
        return dict(zip(self.states, self.bond.net_patronage.tolist(), strict=True))

    @cached_property
    def dependence(self) -> dict[str, float]:
        """Dep on the patron of the two others, 0 to 1."""
        return dict(zip(self.states[1:], self.bond.dependence[1:, 0].tolist(), strict=True))

    @property
    def friction(self) -> Array:
        """(draw,)"""
        return self.bond.friction

    @property
    def degree_centralisation(self) -> float:
        return self.bond.degree_centralisation

    @property
    def regional_spoke(self) -> float:
        return self.bond.regional_spoke

    @property
    def spoke_exercises(self) -> float:
        """How rarely the spokes exercise together, in the ten years up to the last year on record (2010)."""
        return self.latest("spoke_exercises", "triad")[0]

    @property
    def patron(self) -> str | None:
        """The state that the records find in the patron's place; None without any pact among the three."""
        net = self.net_patronage
        return max(net, key=lambda s: net[s]) if any(abs(v) > 1e-12 for v in net.values()) else None

    @property
    def senior(self) -> str | None:
        """Of the two others the one with the larger mean share of capability, output and trade, by the latest years."""
        _, s, t = self.states
        share, _ = self.latest("seniority", f"{s}|{s}+{t}")
        return None if share != share else s if share >= 0.5 else t

    @property
    def junior(self) -> str | None:
        """The other of the two; None where the records do not tell."""
        return next((state for state in self.states[1:] if state != self.senior), None) if self.senior else None

    def latest(self, measure: str, who: str) -> tuple[float, int | None]:
        """(value, year) of a measure in the last year on record up to `year`; NaN and None without one."""
        mine = self.history[(self.history["measure"] == measure) & (self.history["who"] == who)]
        mine = mine[(mine["year"] <= self.year) & mine["value"].notna()]
        return (float(mine["value"].iloc[-1]), int(mine["year"].iloc[-1])) if len(mine) else (float("nan"), None)

    def with_architecture(self, name: str) -> Triangle:
        """The same states under another set of pacts: "hub-and-spoke", "trilateral" or "none".

        Pacts change, and with them dependence and both fears; what was observed (exercises, votes, trade) does not.
        """
        others = tuple(one.with_architecture(name) for one in self.others)
        return replace(self, bond=self.bond.with_architecture(name), others=others)

    def drift(self, measure: str, who: str, since: int = 1965) -> float:
        """Change of a measure per decade by least squares."""
        mine = self.history[(self.history["measure"] == measure) & (self.history["who"] == who)]
        mine = mine[mine["year"] >= since]
        return m.drift(mine["year"], mine["value"])

    def drifts(self, since: int = 1965) -> pd.DataFrame:
        """Change per decade of what the page follows, with the years that each rests on."""
        p, s, t = self.states
        asked = [("cap_asymmetry", f"{s}>{t}"), ("gdp_asymmetry", f"{s}>{t}"), ("trade_asymmetry", f"{t}>{s}"),
                 ("trade_share", f"{t}->{s}"), ("security_dependence", f"{s}->{p}"),
                 ("security_dependence", f"{t}->{p}")]  # fmt: skip
        rows = []
        for measure, who in asked:
            mine = self.history[(self.history["measure"] == measure) & (self.history["who"] == who)]
            mine = mine[mine["year"] >= since]
            if len(mine) > 2:
                years = f"{mine['year'].min()}-{mine['year'].max()}"
                rows.append((measure, who, m.drift(mine["year"], mine["value"]), years))
        return pd.DataFrame(rows, columns=["measure", "who", "per decade", "years"])

    def to_frame(self) -> pd.DataFrame:
        """Every measure by year; where there are several patrons, a column says with which."""
        if not self.others:
            return self.history.copy()
        every = (self, *self.others)
        return pd.concat([one.history.assign(patron=one.states[0]) for one in every], ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Where the triangle stands: value, its year, and whether it was carried forward."""
        p, s, t = self.states
        bond = self.bond
        asked = [
            (f"dependence of {s} on {p}", bond.dependence[1, 0]),
            (f"dependence of {t} on {p}", bond.dependence[2, 0]),
            (f"net patronage of {p}", bond.net_patronage[0]),
            (f"fear of abandonment, {s}", bond.abandonment[:, 1]),
            (f"fear of abandonment, {t}", bond.abandonment[:, 2]),
            (f"fear of entrapment, {s}", bond.entrapment[:, 1]),
            (f"fear of entrapment, {t}", bond.entrapment[:, 2]),
            ("pacts of the three: 1 a star, 0 a triangle or none", bond.degree_centralisation),
            (f"pairs of {p}'s allies in the region without a pact of their own", bond.regional_spoke),
        ]
        note = "pacts of 2018 carried forward" if self.carried else ""
        rows = []
        for what, value in asked:
            central, low, high = band(np.atleast_1d(value))
            rows.append((what, float(central), float(low), float(high), self.year, note))
        for what, measure, who in (
            (f"capability of {s} over {t} (asymmetry)", "cap_asymmetry", f"{s}>{t}"),
            (f"{t} leans on {s} in trade (asymmetry)", "trade_asymmetry", f"{t}>{s}"),
            ("spokes rarely exercise together", "spoke_exercises", "triad"),
        ):
            value, year = self.latest(measure, who)
            rows.append((what, value, np.nan, np.nan, year or self.year, "" if year else "not on record"))
        own = pd.DataFrame(rows, columns=["measure", "central", "low", "high", "year", "note"])
        more = [one.summary().assign(note=f"with {one.states[0]} as patron") for one in self.others]
        return pd.concat([own, *more], ignore_index=True).drop_duplicates(["measure", "central"], ignore_index=True)

    def figures(self) -> dict[str, Figure]:
        """The headlines as figures, net patronage first; with a further patron X they are named `….X`."""
        _, s, t = self.states
        found = self._of_bond()
        for measure, who in (("cap_asymmetry", f"{s}>{t}"), ("trade_asymmetry", f"{t}>{s}")):
            value, year = self.latest(measure, who)
            found[measure] = self._figure(measure, value, str(year or self.year), f"{measure.replace('_', ' ')} {who}")
        for other in self.others:
            found |= {f"{key}.{other.states[0]}": figure for key, figure in other._of_bond().items()}
        return found

    def _of_bond(self) -> dict[str, Figure]:
        """What the bond with the patron says of it and of the two sides."""
        p, s, t = self.states
        bond, period = self.bond, str(self.year)
        if self.bond.architecture != "as recorded":
            period += f", pacts as {self.bond.architecture}"
        found = {
            "net_patronage": self._figure("net_patronage", bond.net_patronage[0], period, f"net patronage of {p}"),
            "degree_centralisation": self._figure(
                "degree_centralisation",
                bond.degree_centralisation,
                period,
                "pacts of the three: 1 a star, 0 a triangle or none",
            ),
        }
        for i, state in ((1, s), (2, t)):
            for measure, value in (
                ("security_dependence", bond.dependence[i, 0]),
                ("abandonment", bond.abandonment[:, i]),
                ("entrapment", bond.entrapment[:, i]),
            ):
                label = f"{measure.replace('_', ' ')} of {state}, patron {p}"
                found[f"{measure}.{state}"] = self._figure(measure, value, period, label)
        return found

    def _figure(self, measure: str, value: ArrayLike, period: str, label: str) -> Figure:
        sources = frozenset(cite(name) for name in MEASURE_SOURCES[measure])
        unit = "index from −1 to 1" if measure == "net_patronage" or "asymm" in measure else "share"
        return Figure.of(value, unit, period, sources, True, label)

    def sentence(self) -> str:
        return words.sentence(self)

    def caveats(self) -> tuple[str, ...]:
        """From when each of the three is a state of the records, and whose years stand under another territory."""
        return (*super().caveats(), *words.existence(self.states, int(self.history["year"].min())))

    def readings(self) -> pd.DataFrame:
        """Dependence of the two on the patron by capability and by output, and the outlay that would replace it."""
        return readings(self.bond)

    def sentences(self) -> list[str]:
        """The triangle, what the second reading of dependence says, and each further patron."""
        return words.sentences(self)

    def predictions(self) -> dict[tuple[str, str], Array]:
        """None: the measures describe and are not scored."""
        return {}

    def chart(self, since: int | None = None) -> alt.VConcatChart:
        """Dependence, fears and asymmetries over the years."""
        from geoecon.triangle.chart import over_time

        return over_time(self, since)

    def diagram(self, measure: str = "security_dependence", years: tuple[int, ...] = ()) -> alt.VConcatChart:
        """The triangle: a line's width is how much the state at its tail depends on the one at its head.

        In `year` with its pacts as they are switched, or one small triangle for each of `years` as recorded.
        """
        from geoecon.triangle.chart import diagram

        return diagram(self, measure, years)
