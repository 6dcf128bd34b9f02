"""What happened the last times: the most similar cut-offs of a question, what followed, bands that hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from geoecon.episodes import detect
from geoecon.episodes.forecast import classes, levels, parts, shares_of
from geoecon.episodes.joint import COLUMNS, one_precedent_a_draw
from geoecon.episodes.nearest import LEVELS, Array, Places
from geoecon.episodes.outcome import Outcome, shown
from geoecon.episodes.record import Record, last_year
from geoecon.figure import Figure
from geoecon.result import Result
from geoecon.spoken import whole

if TYPE_CHECKING:
    import altair as alt


ENOUGH = 40  # cut-offs below which the ends of an 80 % band cannot be told
TOLD = {"imports": (0, 1, 2), "supplier": (0, 1), "replaced": (0, 1), "price": (0, 1), "concentration": (1,)}
CUTS = 60  # sizes of the cut that the classes are formed for, where it is told by more draws
HORIZON = 2  # a draw needs a precedent whose first two years after the cut are known


@dataclass(frozen=True)
class Precedents(Result):
    """The reference class of one cut-off of `product` from `supplier` to `importer`.

    `share` is the supplier's part of the importer's tonnes (or value, see `share_of`) before, `cut` (m,) the fall
    of its deliveries in the year of the cut as draws (one value where it is known). `neighbours` lists the nearest
    cut-offs; methods give each outcome. `came` stands beside a question of a past day and is read by nothing else.
    """

    product: str
    supplier: str | None
    importer: str | None
    share: float
    cut: Array
    known_by: date | None
    k: int
    record: Record = field(repr=False)
    notes: tuple[str, ...] = ()
    label: str = ""
    share_of: str = ""  # what the share is one of, "tonnes" or "value"; nothing where it was given
    came: Mapping[str, float] = field(default_factory=dict)  # outcome_years: what followed, where it is on record
    cut_by: str = "under known measures of its kind"  # where the draws of the cut come from
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    METHOD: ClassVar[str] = (
        "Cut-offs: years in which a supplier's tonnes to an importer that leaned on it (a fifth or more) fell by\n"
        "40 % or more, found in BACI without looking at what the importer bought elsewhere. The class holds those\n"
        "nearest in two numbers, the supplier's share and the size of the cut, one vote an event; out of sample no\n"
        "other covariate helped. Never the same supplier and product; blind questions see only what was over by the\n"
        "day. Each band is moved by the conformal order statistic of past misses (Romano, Patterson & Candès 2019),\n"
        "learned with whole products left out. A shift for announced policy was tried (others replaced 0.3 of the\n"
        "loss more): out of sample it gained nothing for replacement and 4 % for imports in the first year, so it is\n"
        "left out. Limits: raw materials only; prices can be stated but not forecast for one case; annual data."
    )

    @property
    def before(self) -> int:
        """The year before which an outcome must have ended to be seen."""
        return last_year(self.known_by)

    def outcome(self, name: str, years: int) -> Outcome:
        """The distribution of one outcome, `years` after the cut. Raises KeyError for a name not in WORDS."""
        if (name, years) not in self.memo:
            self.memo[name, years] = self._outcome(name, years)
        found: Outcome = self.memo[name, years]
        return found

    def _outcome(self, name: str, years: int) -> Outcome:
        before, cuts = self.before, self._cuts()
        rows = levels(self.record, name, years, self._near(cuts), self._own(cuts), before, self.k)
        pooled = rows[0] if len(rows) == 1 else np.quantile(rows, LEVELS)
        return Outcome(name, years, shown(pooled, name), self.known(name, years), self.sources)

    def _cuts(self) -> Array:
        """The size of the cut, at the middles of at most CUTS equal parts of its distribution."""
        if len(self.cut) <= CUTS:
            return self.cut
        return np.asarray(np.sort(self.cut)[((np.arange(CUTS) + 0.5) / CUTS * len(self.cut)).astype(int)])

    def _near(self, cuts: Array) -> Array:
        return np.column_stack([np.full(len(cuts), self.share), cuts])

    def _own(self, cuts: Array) -> Places:
        return np.full(len(cuts), self.record.pair_of(self.product, self.supplier))

    def imports(self, years: int = 1) -> Outcome:
        """All imports of the product by the importer, per cent against before, 0 to 2 years after."""
        return self.outcome("imports", years)

    def replaced(self, years: int = 1) -> Outcome:
        """Others' extra deliveries for each tonne lost: 1 is all of it, below 0 is less than before."""
        return self.outcome("replaced", years)

    def supplier_sales(self, years: int = 1) -> Outcome:
        """The supplier's deliveries to the importer, per cent against before."""
        return self.outcome("supplier", years)

    def price(self, years: int = 1) -> Outcome:
        """Real unit value of all imports of the product, per cent against before."""
        return self.outcome("price", years)

    def concentration(self, years: int = 1) -> Outcome:
        """Change of the Herfindahl–Hirschman index of the importer's suppliers."""
        return self.outcome("concentration", years)

    def back(self, years: int = 2) -> float:
        """Chance that the supplier is back at 80 % of its share within 1 to 3 years."""
        cuts = self._cuts()
        came = shares_of(self.record, "back", years, self._near(cuts), self._own(cuts), self.before, self.k)
        return float(came.mean())

    def neighbours(self) -> pd.DataFrame:
        """The most similar cut-offs, the nearest first: who, when, share, cut, what followed, weight, policy."""
        rows, weights = self.joint(np.array([float(np.median(self.cut))]))
        order = np.argsort(-weights[0], kind="stable")
        table = self.record.table.iloc[rows[0][order]].assign(weight=weights[0][order] / weights[0].sum())
        return pd.DataFrame(table[table["weight"] > 0].reset_index(drop=True))

    def joint(self, cuts: Array) -> tuple[Places, Array]:
        """Places in the record and weights (cut, k) of precedents whose first two years are known."""
        places, weights = np.zeros((len(cuts), self.k), np.int64), np.zeros((len(cuts), self.k))
        for deep, rows in parts(cuts):
            known = self.record.known("imports", HORIZON, self.before, cut=deep)
            group = classes(known, self._near(cuts[rows]), self._own(cuts[rows]), self.k)
            at = np.ix_(np.flatnonzero(rows), np.arange(group.places.shape[1]))
            places[at], weights[at] = known.places[group.places], group.weights
        return places, weights

    def draws(self, n: int = 200, seed: int = 0, columns: Collection[str] = COLUMNS) -> pd.DataFrame:
        """One precedent a draw: rows 1 to n are cut-offs that happened, so that their columns belong together.

        Columns, or some of them: place (in the record), cut, supplier_h, imports_h, replaced_h, price_h,
        concentration_h (changes in logs, replaced as a share, each moved to the tested distribution at its rank),
        back_1 to back_3, and others_h: what others delivered beyond before, as a share of all imports before. Row 0
        holds the medians.
        """
        return one_precedent_a_draw(self, n, seed, columns)

    @property
    def sources(self) -> frozenset[str]:
        return frozenset({self.record.origin})

    @property
    def verified(self) -> bool:
        return True

    def known(self, name: str, years: int) -> int:
        """Cut-offs of which an outcome is known on the day, the same supplier and product left out."""
        known = self.record.known(name, years, self.before)
        return int((known.pair != self.record.pair_of(self.product, self.supplier)).sum())

    @property
    def n_known(self) -> int:
        """Cut-offs whose first year after is known on the day."""
        return self.known("imports", 1)

    def to_frame(self) -> pd.DataFrame:
        return self.neighbours()

    def summary(self) -> pd.DataFrame:
        """The outcomes with their bands, one row each."""
        rows = [
            (figure.label, figure.unit, figure.value, figure.low, figure.high, self.outcome(name, years).n)
            for name, horizons in TOLD.items()
            for years in horizons
            for figure in [self.outcome(name, years).figure()]
        ]
        for years in detect.BACK_YEARS:
            words = f"supplier back within {years} year{'s' * (years > 1)}"
            rows.append((words, "chance", self.back(years), None, None, self.known("back", years)))
        table = pd.DataFrame(rows, columns=["outcome", "unit", "middle", "low", "high", "cut-offs known"])
        if self.came:
            keys = [*(f"{name}_{h}" for name, horizons in TOLD.items() for h in horizons),
                    *(f"back_{years}" for years in detect.BACK_YEARS)]  # fmt: skip
            table.insert(5, "came", [self.came.get(key) for key in keys])
        return table

    def figures(self) -> dict[str, Figure]:
        found = {f"{n}_{years}": self.outcome(n, years).figure() for n, horizons in TOLD.items() for years in horizons}
        for years in detect.BACK_YEARS:
            period, label = f"within {years} years", "the supplier is back at 80 % of its share"
            found[f"back_{years}"] = Figure(self.back(years), "chance", period, self.sources, label=label)
        return found

    def predictions(self) -> Mapping[tuple[str, str], Array]:
        """Nothing by itself: the stages that draw from it predict."""
        return {}

    def sentence(self) -> str:
        when = "earlier " if self.known_by else ""
        more, back, known = self.replaced(1).chance_above(0.5), self.back(2), self.n_known
        of = f"the {self.k} most similar of {known:,}" if self.k < known else f"all {known:,}"
        return " ".join(
            [
                f"Of {of} {when}cut-offs, more than half of the loss was replaced a year later in {100 * more:.0f} %.",
                f"The supplier was back within two years in {100 * back:.0f} %.",
                f"Imports a year later: {self.imports(1).words()}.",
                self._asked(),
            ]
        )

    def _asked(self) -> str:
        """The share and the cut that the numbers are of."""
        low, middle, high = (100 * float(np.quantile(self.cut, level)) for level in (0.1, 0.5, 0.9))
        cut = f"{whole(middle)} %" if low == high else f"{whole(middle)} % ({whole(low)} to {whole(high)} %)"
        kind = "" if low == high else f", as {self.cut_by},"
        stops = "all of it stops" if low == 100 else f"{cut} of it stops"
        of = {"tonnes": "tonnes of the imports", "value": "value of the imports (the record counts tonnes)"}
        whose = f"{whole(100 * self.share)} % of the {of.get(self.share_of, 'imports')}"
        return f"Asked of a supplier of {whose}, if{kind} {stops}."

    def sentences(self) -> list[str]:
        return [self.sentence(), *self.notes]

    def chart(self) -> alt.VConcatChart:
        from geoecon.episodes.picture import strip

        return strip(self)
