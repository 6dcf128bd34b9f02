"""The stage of the line: for each good of a case, what followed cut-offs like it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.case import Case
from geoecon.draws import Draws
from geoecon.episodes.depth import depth, left_by_duty
from geoecon.episodes.joint import COLUMNS
from geoecon.episodes.nearest import Array, K
from geoecon.episodes.precedents import ENOUGH, Precedents
from geoecon.episodes.record import last_year, shipped
from geoecon.episodes.verb import notes
from geoecon.errors import MissingData
from geoecon.figure import Figure
from geoecon.indicators import Dependence
from geoecon.result import Predictions, Result

if TYPE_CHECKING:
    import altair as alt


# kind of a measure: the instrument whose depth is on record; other kinds are drawn from all of them
DUTIES = ("tariff", "duty", "export_tax")  # with a rate, from which the fall follows
INSTRUMENT_OF = {
    "prohibited": "ban", "import_ban": "ban", "export_ban": "ban", "quota": "quota", "export_duty": "quota",
    "individual": "licence", "specific_bulk": "licence", "special_general_bulk": "licence", "general_bulk": "licence",
    "tariff": "quota", "consumer_boycott": "stop", "halt": "stop", "flow_cap": "stop", "import_stop": "stop",
}  # fmt: skip
IMPORTS = ("imports_0", "imports_1", "imports_2")
BY_KIND, BY_DUTY = "under known measures of its kind", "suppliers answer a duty of this size"
DEEPEST = ("ban", "stop", "quota", "licence")  # where a good has several


@dataclass(frozen=True, eq=False)
class CasePrecedents(Result):
    """`of` maps each good with an HS code to its precedents; draws of one good come from one precedent each."""

    of: Mapping[str, Precedents]
    names: Mapping[str, str]
    start: date
    n: int
    seed: int
    sources: frozenset[str]
    verified: bool = True
    made: dict[tuple[str, bytes, tuple[str, ...]], pd.DataFrame] = field(
        default_factory=dict, repr=False
    )  # paths asked for so far

    METHOD: ClassVar[str] = Precedents.METHOD + (
        "\nHow deep the control cuts is drawn from what known measures of its kind have withheld (a hurdle: the good\n"
        "is singled out, or nearly nothing happens), the case itself left out. One draw is one precedent."
    )

    def paths(self, product: str, cut: Array | None = None, columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
        """One precedent a draw (see `Precedents.draws`): n + 1 rows, row 0 the middle; `cut` (n,) if known better."""
        key = (product, b"" if cut is None else np.asarray(cut, dtype=float).tobytes(), columns)
        if key not in self.made:
            asked = self.of[product]
            if cut is not None:
                asked = replace(asked, cut=np.asarray(cut, dtype=float), memo={})
            self.made[key] = asked.draws(self.n, _seed(self.seed, product), columns)
        return self.made[key]

    def predictions(self) -> Predictions:
        """Imports from everybody against the year before the start, percent, by the year in which a case may count."""
        if self.n == 0:
            return {}
        found: dict[tuple[str, str], Array] = {}
        for product in self.of:
            paths, base = self.paths(product, columns=IMPORTS), self.start.year - 1
            changes = [np.asarray(100 * np.expm1(paths[name]), dtype=float) for name in IMPORTS]
            found["imports_change_12m_all_origins", product] = changes[0]
            found["imports_all_origins_change", f"{product}@{self.start.year}"] = changes[0]
            for h, change in enumerate(changes):
                found["imports_all_origins_change", f"{product}@{base}/{self.start.year + h}"] = change
        return found

    def to_frame(self) -> pd.DataFrame:
        parts = [asked.summary().assign(product=self.names[product]) for product, asked in self.of.items()]
        table = pd.concat(parts, ignore_index=True)
        return table[["product", *(name for name in table if name != "product")]]

    def summary(self) -> pd.DataFrame:
        """Imports, replacement, price a year later and the chance of a return, good by good."""
        rows = [
            (self.names[product], asked.imports(1).words(), asked.replaced(1).words(), asked.price(1).words(),
             f"{100 * asked.back(2):.0f} %")
            for product, asked in self.of.items()
        ]  # fmt: skip
        names = ["good", "imports a year later", "of the loss replaced", "real price", "supplier back in two years"]
        return pd.DataFrame(rows, columns=names)

    def figures(self) -> dict[str, Figure]:
        found = {}
        for product, asked in self.of.items():
            for key, figure in asked.figures().items():
                if key in ("imports_1", "replaced_1", "price_1", "back_2"):
                    found[f"{key}.{product}"] = replace(figure, label=f"{self.names[product]}: {figure.label}")
        return found

    def sentence(self) -> str:
        return self.sentences()[0]

    def sentences(self) -> list[str]:
        told = [
            f"{self.names[product][:1].upper()}{self.names[product][1:]}: {asked.sentence()}"
            for product, asked in self.of.items()
        ]
        return told + list(dict.fromkeys(note for asked in self.of.values() for note in asked.notes))

    def chart(self) -> alt.VConcatChart:
        """The strip of the good on which the target leans most."""
        return max(self.of.values(), key=lambda asked: asked.share).chart()


def for_case(case: Case, draws: Draws, trade: Dependence) -> CasePrecedents:
    """Precedents of every good with an HS code, as known on the case's cut-off.

    Raises MissingData where the trade stage knows no share of the sender in any of them.
    """
    known_by = None if case.cutoff == date.max else case.cutoff
    kept = shipped()
    if len(kept.known("imports", 2, last_year(known_by))) < ENOUGH:
        raise MissingData(f"{ENOUGH} cut-offs known by {known_by}")
    found = {}
    for product in case.products:
        share = trade.share(product.id) if product.id in trade.products else float("nan")
        if not product.hs or not 0 < share <= 1:
            continue
        duty = _duty(case, product.id, draws)
        cut = _cut(case, product.id, product.hs[0], known_by, draws) if duty is None else duty
        code = product.hs[0]
        told = notes(kept, code, case.seller, known_by)
        found[product.id] = Precedents(code, case.seller, case.buyer, share, cut, known_by, K, kept, told, product.name,
                                       "value", cut_by=BY_KIND if duty is None else BY_DUTY)  # fmt: skip
    if not found:
        raise MissingData("an HS code and the sender's share of the imports of some good")
    names = {product.id: product.name for product in case.products}
    sources = frozenset().union(*(asked.sources for asked in found.values())) | trade.sources
    return CasePrecedents(found, names, case.start, draws.n - 1, draws.seed, frozenset(sources), trade.verified)


def _cut(case: Case, product: str, code: str, known_by: date | None, draws: Draws) -> Array:
    """Draws of how deep the control cuts, as a question says or from known measures of its kind; 0 without one."""
    n = max(draws.n - 1, 40)
    if "none" in (case.switch("measures"), case.switch("licences")) or case.switch("licences") == "off":
        return np.zeros(n)
    if draws.has("asked_share", product):  # a question says how much, or for how long
        return np.full(n, float(np.median(draws.get("asked_share", product))))
    table = case.tables.get("measures", pd.DataFrame(columns=["product", "kind"]))
    kinds = {INSTRUMENT_OF.get(str(kind)) for kind in table.loc[table["product"] == product, "kind"]}
    instrument = next((one for one in DEEPEST if one in kinds), None)
    prior = depth(known_by, instrument, leave_out=case.on_record, supplier=case.seller, product=code)
    drawn = prior.draws(n, _seed(0, product))  # the same for every seed, so that the central run knows none
    return np.asarray(np.random.default_rng([draws.seed, zlib.crc32(product.encode())]).permutation(drawn))


def _duty(case: Case, product: str, draws: Draws) -> Array | None:
    """Draws of how much of a flow its duty stops by the suppliers' elasticity, as the flow itself is forecast; None
    where no duty of known size stands on the good, or no measure counts."""
    table = case.tables.get("measures", pd.DataFrame())
    if "none" in (case.switch("measures"), case.switch("licences")) or "duty_rate" not in table:
        return None
    rates = table.loc[(table["product"] == product) & table["kind"].isin(DUTIES), "duty_rate"].dropna()
    if rates.empty or not draws.has("supplier_elasticity", product) or draws.has("asked_share", product):
        return None
    kept = 1 - (draws.get("leak_share", product) if draws.has("leak_share", product) else 0.0)
    cut = (1 - left_by_duty(float(rates.max()), draws.get("supplier_elasticity", product))) * kept
    return cut[1:] if draws.n > 1 else cut


def _seed(seed: int, product: str) -> int:
    return seed + zlib.crc32(product.encode())
