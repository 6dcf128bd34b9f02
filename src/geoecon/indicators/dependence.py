"""Who depends on whom for what: the result type, and the functions that make it from any flows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import countries
from geoecon.figure import Figure, number
from geoecon.indicators import panel as panels
from geoecon.indicators.complete import PARTLY
from geoecon.result import Result
from geoecon.spoken import percent

if TYPE_CHECKING:
    import altair as alt


Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dependence(Result):
    """Indicators by (period, importer, exporter, product), and for a case the base flow and its uncertainty.

    `table` holds every indicator as a column (missing is empty, with the cause in `reason`). `base` maps a product
    to its window before the dispute. `loss` and `days_at_risk` map a product to (draw,): log-loss of a cut-off, and
    calendar days without cover; both are empty outside a case.
    """

    table: pd.DataFrame
    importer: str
    exporter: str | None
    base: Mapping[str, panels.Window] = field(default_factory=dict)
    loss: Mapping[str, Array] = field(default_factory=dict)
    days_at_risk: Mapping[str, Array] = field(default_factory=dict)
    alarms: pd.DataFrame = field(default_factory=pd.DataFrame)
    presets: tuple[str, ...] = ()
    vintage: str = "not recorded"
    notes: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    verified: bool = True
    names: Mapping[str, str] = field(default_factory=dict)  # product id or state -> name for people

    METHOD: ClassVar[str] = (
        "Shares are the importer's purchases from a supplier over all its purchases of the product; what the total "
        "holds beyond the named partners counts in the total and is nobody's share. Concentration is the sum of "
        "squared shares (European Commission, SWD(2021) 352) and is never shown without the partner's own share: it "
        "can rise while a dependence falls. The cost of a cut-off is −ln(1 − w)/(σ − 1) of the spending on the product "
        "(Clayton, Maggiori & Schreger), without finite value for a sole supplier. The base is the last twelve months "
        "known before the dispute, or the last year where no months are known. The closed-border alarm marks an index "
        "that fell while all purchases fell by more than half of what the supplier no longer sold (a fall by "
        "a quarter or more). Limits: customs codes are wider than the controlled grades; suppliers differ in quality."
    )

    def share(self, product: str, period: str | None = None) -> float:
        """Share of the named exporter (else of the main one) in the imports of a product, in the base window or in a
        period."""
        window = self.base.get(product)
        if period is None and window is not None:
            return float(window.amount.get(self.exporter, 0.0)) / window.total
        rows = self.table[self.table["product"] == product]
        rows = rows[rows["exporter"] == self.exporter] if self.exporter else rows
        rows = rows[rows["period"] == period] if period else rows
        wanted = "import_share" if self.exporter else "top_share"
        return float(rows.sort_values("period", kind="stable")[wanted].iloc[-1]) if len(rows) else float("nan")

    def _rows(self, product: str) -> list[dict[Hashable, Any]]:
        """The rows of a product in its last period."""
        rows = self.table[self.table["product"] == product]
        last: list[dict[Hashable, Any]] = rows[rows["period"] == rows["period"].max()].to_dict("records")
        return last

    def _of_what(self, product: str) -> str:
        rows = [] if product in self.base else self._rows(product)
        return of_what(rows[0]) if rows else ""

    def base_value(self, product: str) -> float:
        """USD a year from the named exporter before the dispute; NaN where the value is not known in USD."""
        window = self.base.get(product)
        if window is None or window.unit != "USD":
            return float("nan")
        return float(window.amount.get(self.exporter, 0.0)) * 12 / window.months

    @property
    def products(self) -> tuple[str, ...]:
        return tuple(self.base) or tuple(dict.fromkeys(self.table["product"]))

    def name(self, product: str) -> str:
        return self.names.get(product, product)

    def to_frame(self) -> pd.DataFrame:
        """One row for each indicator of each triple: value, threshold, flag at the threshold and 10 % beside it."""
        from geoecon.indicators.report import long_table

        return long_table(self.table, self.vintage)

    def summary(self) -> pd.DataFrame:
        """The partner's share first, concentration beside it: at most twelve rows."""
        from geoecon.indicators.report import summary

        return summary(self)

    def chart(self) -> alt.VConcatChart:
        from geoecon.indicators.report import dependence_chart

        return dependence_chart(self)

    def figures(self) -> dict[str, Figure]:
        """Headline first: the exporter's share of each product in the base window, then values, losses and days."""
        found: dict[str, Figure] = {}
        for product in self.products:
            window = self.base.get(product)
            period = window.period if window else self._last_period(product)
            cited = window.sources if window else self.sources
            seen = window.verified if window else self.verified and not any(vague(row) for row in self._rows(product))
            whom = f"{self._state(self.importer)}'s imports of {self.name(product)}"
            share = Figure(self._clean(self.share(product)), "share of imports", period, cited, seen,
                           label=f"{self._who()} in {whom}")  # fmt: skip
            found[f"share.{product}"] = share
            if np.isfinite(self.base_value(product)):
                found[f"base_value.{product}"] = Figure(
                    self.base_value(product), "USD a year", period, cited, seen, label=f"{whom} from {self._who()}"
                )
            for key, draws, unit, label in (
                ("cutoff_loss", self.loss, "log-loss on the product's spending", f"loss of access, {whom}"),
                ("days_at_risk", self.days_at_risk, "days", f"days without cover, {self.name(product)}"),
            ):
                if product in draws:
                    found[f"{key}.{product}"] = Figure.of(draws[product], unit, period, cited, False, label)
        return found

    def sentence(self) -> str:
        """One plain sentence made from the numbers."""
        if not len(self.table):
            return f"No imports of {self._state(self.importer)} are known for this selection."
        ranked = sorted(self.products, key=lambda p: -np.nan_to_num(self.share(p), nan=-1.0))
        known = [p for p in ranked[:3] if np.isfinite(self.share(p))]
        parts = [f"{percent(self.share(p))} of its {self.name(p)}{self._of_what(p)}" for p in known]
        if not parts:
            return f"The share of {self._who()} in the imports of {self._state(self.importer)} is not known."
        listed = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
        periods = {self.base[p].period for p in ranked[:3] if p in self.base} or {self._last_period(ranked[0])}
        return (
            f"{self._state(self.importer)} bought {listed} from {self._who(ranked[:3])} ({', '.join(sorted(periods))})."
        )

    def predictions(self) -> dict[tuple[str, str], Array]:
        """Nothing: what was observed is no forecast."""
        return {}

    def _state(self, code: str) -> str:
        return self.names.get(code) or countries.name(code)

    def _who(self, products: Iterable[str] = ()) -> str:
        """The named exporter, else the main supplier, by name where it is one for all the products."""
        if self.exporter:
            return self._state(self.exporter)
        rows = self.table[self.table["product"].isin(list(products))].dropna(subset=["top_supplier"])
        last = rows.sort_values("period", kind="stable").drop_duplicates("product", keep="last")
        first = set(last["top_supplier"])
        return f"its main supplier{f', {self._state(str(first.pop()))}' if len(first) == 1 else ''}"

    def _last_period(self, product: str) -> str:
        return str(self.table.loc[self.table["product"] == product, "period"].max())

    @staticmethod
    def _clean(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None


def vague(row: Mapping[Any, Any]) -> bool:
    """Whether part of a market's imports names no supplier or has no value: its shares are not sure."""
    left = row.get("unallocated_share", 0.0)
    return bool(left == left and left > 0) or str(row.get("reason") or "").startswith(PARTLY)


def of_what(row: Mapping[Any, Any]) -> str:
    """What part of the imports names no supplier, or whose value is missing: nothing where all are known."""
    left = row.get("unallocated_share", 0.0)
    told = f" (of which {percent(left)} name no supplier)" if left == left and left > 0 else ""
    reason = str(row.get("reason") or "")
    return told + (f" that are known ({reason.removeprefix(PARTLY)} not)" if reason.startswith(PARTLY) else "")


def closed_border(table: pd.DataFrame, *, replaced: float = 0.5, fall: float = 0.25) -> pd.DataFrame:
    """Alarms: the index of a product improved because access was lost, not because others took over.

    Compares consecutive years for each (importer, exporter, product): the supplier's share or the concentration
    fell, the supplier's sales fell by at least the share `fall`, and the importer's purchases in all fell by more
    than `replaced` of that loss. Column `not_replaced` is the share of the lost trade that nobody took over.
    """
    rows = table[table["period"].str.fullmatch(r"\d{4}")].sort_values("period")
    found = []
    for (importer, exporter, product), path in rows.groupby(["importer", "exporter", "product"], sort=False):
        for before, after in zip(path.to_dict("records")[:-1], path.to_dict("records")[1:], strict=True):
            lost = before["value_usd"] - after["value_usd"]
            fewer = before["imports"] - after["imports"]
            better = [name for name in ("import_share", "supplier_hhi") if after[name] < before[name] - 1e-12]
            if lost > 0 and better and fewer > replaced * lost and lost >= fall * before["value_usd"]:
                found.append(
                    {
                        "importer": importer,
                        "exporter": exporter,
                        "product": product,
                        "from_period": before["period"],
                        "to_period": after["period"],
                        "improved": ", ".join(better),
                        "lost": lost,
                        "not_replaced": min(fewer / lost, 1.0),
                    }
                )
    columns = ["importer", "exporter", "product", "from_period", "to_period", "improved", "lost", "not_replaced"]
    return pd.DataFrame(found, columns=columns)


def notes_of(alarms: pd.DataFrame, names: Mapping[str, str]) -> Iterable[str]:
    """The alarms in words."""
    for row in alarms.to_dict("records"):
        product = names.get(row["product"], row["product"])
        yield (
            f"Closed-border alarm: {product}, {countries.name(row['importer'])} from "
            f"{countries.name(row['exporter'])}, {row['from_period']} to {row['to_period']}: {row['improved']} fell, "
            f"but {number(100 * row['not_replaced'])} % of the lost trade was not replaced"
        )
