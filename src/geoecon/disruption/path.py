"""What a disruption does, by day and draw: stocks, ceilings, output, and what each side loses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.draws import band
from geoecon.figure import Figure, number
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
MONTH = 30
FIRST_YEAR = 365
NEXT_TO_NOTHING = 1e-5  # of value added over the horizon

METHOD = "\n".join(
    (
        "Each material has a stock in days of its users' total use. Arrivals are the sender's flow times the share "
        "that the controls let through, other suppliers, and alternatives that qualify after a lag.",
        "Use is at most stock plus arrivals. The user industry's ceiling is 1 − bound share × criticality × unmet "
        "need, the lowest over its materials (criticality after Pichler et al. 2022).",
        "The ceiling binds after overproduction in an adaptive regional input-output model with inventories, by day "
        "(Hallegatte 2008, 2014; Henriet et al. 2012).",
        "Orders follow deliveries: suppliers that fall short lose weight, an idle one does not. Caps on single flows "
        "enter orders and rationing; consumer boycotts are demand shocks of the case.",
        "Alternatives keep a part of their customers, so the sender's sales need not come back.",
        "Bands are the 10 % and 90 % quantiles over the parameters' priors, those of the materials and the economy's "
        "own (stocks of ordinary inputs and their restoration, overproduction, psi, supplier switching).",
        "Not modelled: prices, quality losses below a stop, trade of finished stocks between firms.",
    )
)


@dataclass(frozen=True, eq=False)
class DisruptionPath(Result):
    """Result of the disruption stage. Draw 0 is the central run; bands are views.

    `stock` days of total use and `ceiling` share of base output (draw, day, product); `first_shortage` (draw,
    product) day, infinite where none; `sales` of the sender as a share of base (draw, day, product). `output` share
    of base (day, region, sector), central run; `output_share` (draw, day, region); `users` share of base (draw, day,
    industry) of the industries that need the materials; `unmet` final demand (draw, region) and `lost_value_added`
    (draw, region) USD million over the horizon; `base_value_added` (region,) a day; `base_sales`
    (product,) of the sender to the target, USD million a year.
    """

    stock: xr.DataArray
    ceiling: xr.DataArray
    first_shortage: xr.DataArray
    sales: xr.DataArray
    output: xr.DataArray
    output_share: xr.DataArray
    users: xr.DataArray
    value_added_share: xr.DataArray
    lost_value_added: xr.DataArray
    base_value_added: xr.DataArray
    base_output: xr.DataArray
    unmet: xr.DataArray
    base_sales: xr.DataArray
    start: date
    sender: str
    target: str
    names: dict[str, str]
    unit: str = "USD million"
    verified: bool = True
    sources: frozenset[str] = frozenset()
    notes: tuple[str, ...] = field(default=())

    METHOD: ClassVar[str] = METHOD

    @property
    def industries(self) -> list[str]:
        return [str(name) for name in self.users["industry"].values]

    def worst_month(self) -> Array:
        """(draw, industry) lowest mean output over 30 days, share of base."""
        total = np.cumsum(np.insert(self.users.values, 0, 0, axis=1), axis=1)
        days = min(MONTH, self.users.sizes["day"])
        return np.asarray((total[:, days:] - total[:, :-days]).min(axis=1) / days)

    def gdp_change(self, days: int = FIRST_YEAR) -> Array:
        """(draw, region) percent of value added over the first `days`."""
        return np.asarray((self.value_added_share.values[:, :days].mean(axis=1) - 1) * 100)

    def sales_change(self, days: int = FIRST_YEAR) -> Array:
        """(draw, product) percent change of the sender's sales over the first `days`."""
        return np.asarray((self.sales.values[:, :days].mean(axis=1) - 1) * 100)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: date, what, of, unit, central, low, high, by day."""
        days = pd.date_range(self.start, periods=self.stock.sizes["day"], freq="D")
        parts = []
        for what, unit, values, dim in (
            ("stock", "days of use", self.stock, "product"),
            ("ceiling", "share of base", self.ceiling, "product"),
            ("sender's sales", "share of base", self.sales, "product"),
            ("output", "share of base", self.users, "industry"),
            ("output", "share of base", self.output_share, "region"),
        ):
            central, low, high = band(values.values)
            for number_, name in enumerate(values[dim].values):
                parts.append(
                    pd.DataFrame(
                        {
                            "date": days,
                            "what": what,
                            "of": str(name),
                            "unit": unit,
                            "central": central[:, number_],
                            "low": low[:, number_],
                            "high": high[:, number_],
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """The headline figures, at most twelve rows."""
        rows = [(f.label, f.value, f.low, f.high, f.unit) for f in list(self.figures().values())[:12]]
        return pd.DataFrame(rows, columns=["what", "central", "low (10 %)", "high (90 %)", "unit"])

    def figures(self) -> dict[str, Figure]:
        """Headline first: value added lost by the target and the sender, worst month, first shortages, sales."""
        horizon = self.stock.sizes["day"]
        until = self.start + timedelta(days=horizon - 1)
        period = f"{self.start.isoformat()}/{until.isoformat()}"
        found: dict[str, Figure] = {}

        def put(key: str, values: Array, unit: str, label: str, of: str = period) -> None:
            found[key] = Figure.of(values, unit, of, self.sources, self.verified, label)

        lost = self.lost_value_added
        for side in (self.target, self.sender):
            if side in lost["region"].values:
                values = lost.sel(region=side).values
                put(f"lost_value_added.{side}", values, self.unit, f"value added lost, {self._name(side)}")
        worst = self.worst_month()
        for i, industry in enumerate(self.industries):
            put(
                f"worst_output_month.{industry}", worst[:, i] * 100, "% of base", f"worst month, {self.title(industry)}"
            )
        year = f"{self.start.isoformat()}/{(self.start + timedelta(days=FIRST_YEAR - 1)).isoformat()}"
        change = self.gdp_change()
        for side in (self.target, self.sender):
            if side in lost["region"].values:
                i = list(lost["region"].values).index(side)
                put(f"gdp_change_1y.{side}", change[:, i], "%", f"value added in the first year, {self._name(side)}",
                    year)  # fmt: skip
        sales = self.sales_change()
        for g, product in enumerate(self.sales["product"].values):
            put(f"sender_sales_change_12m.{product}", sales[:, g], "%", f"sender's sales, {self._name(product)}", year)
        lost_sales = -(sales / 100 * self.base_sales.values).sum(axis=1)
        put("sender_lost_sales", lost_sales, self.unit, "sender's sales of the materials lost in the first year", year)
        for g, product in enumerate(self.first_shortage["product"].values):
            days = self.first_shortage.values[:, g]
            share = float(np.isfinite(days[1:] if len(days) > 1 else days).mean())
            label = f"a shortage within the horizon, {self._name(product)}"
            found[f"shortage_probability.{product}"] = Figure(
                share, "share of draws", period, self.sources, self.verified, label=label
            )
        return found

    def _name(self, key: str) -> str:
        return self.names.get(str(key), str(key))

    def title(self, industry: str) -> str:
        """An industry in words: "Korea, chemicals" for "KOR/chemicals"."""
        region, _, sector = industry.partition("/")
        return f"{self._name(region)}, {sector}"

    def sentence(self) -> str:
        """One sentence from the numbers."""
        figures = self.figures()
        lost = figures[f"lost_value_added.{self.target}"]
        months = round(self.stock.sizes["day"] / MONTH)
        short = [str(p) for p, d in zip(self.first_shortage["product"].values, self.first_shortage.values[0],
                                        strict=True) if np.isfinite(d)]  # fmt: skip
        stocks = "no stock runs out"
        if short:
            first = min(short, key=lambda p: float(self.first_shortage.sel(product=p).values[0]))
            day = int(self.first_shortage.sel(product=first).values[0])
            stocks = f"{self._name(first)} runs short first, on {(self.start + timedelta(days=day)).isoformat()}"
        worst = figures.get(f"worst_output_month.{self.industries[0]}") if self.industries else None
        text = f"In the central run {stocks}"
        if worst is not None:
            text += f", the worst month of output in {self.title(self.industries[0])} is {worst}"
        whole = float(self.base_value_added.sel(region=self.target)) * self.stock.sizes["day"]
        if abs(lost.value or 0.0) < NEXT_TO_NOTHING * whole:
            cost = "next to nothing"
            if lost.low is not None and lost.high is not None:
                cost += f" (80 % band {number(lost.low)} to {number(lost.high)} {lost.unit})"
        else:
            cost = str(lost)
        return f"{text}, and {self._name(self.target)} loses {cost} of value added over {months} months."

    def samples(self) -> dict[str, Sample]:
        """Whether a stock runs out, and what the target loses, by draw."""
        until = self.start + timedelta(days=self.stock.sizes["day"] - 1)
        period = f"{self.start.isoformat()}/{until.isoformat()}"
        short = np.isfinite(self.first_shortage.values).any(axis=1)
        lost = np.asarray(self.lost_value_added.sel(region=self.target).values, dtype=float)
        label = f"value added lost, {self._name(self.target)}"
        return {
            "shortage": Sample(short, "", period, "a stock runs out", event=True, lead=True, role="chance"),
            "loss": Sample(lost, self.unit, period, label, lead=True, role="loss"),
        }

    def predictions(self) -> dict[tuple[str, str], Array]:
        """What the evidence stage can score, each (draw,)."""
        found: dict[tuple[str, str], Array] = {}
        worst, gdp, sales = self.worst_month(), self.gdp_change(), self.sales_change()
        for i, industry in enumerate(self.industries):
            found["worst_output_month", industry] = worst[:, i]
        for g, product in enumerate(self.sales["product"].values):
            found["first_shortage_day", str(product)] = self.first_shortage.values[:, g]
            found["sender_sales_change_12m", str(product)] = sales[:, g]
        for r, region in enumerate(self.lost_value_added["region"].values):
            found["gdp_change_1y", str(region)] = gdp[:, r]
        return found

    def to_xarray(self) -> xr.Dataset:
        """Everything as one labelled data set, with units and sources."""
        import xarray as xr

        names = ("stock", "ceiling", "first_shortage", "sales", "output", "output_share", "users", "value_added_share",
                 "lost_value_added", "base_value_added", "base_output", "base_sales", "unmet")  # fmt: skip
        days = pd.date_range(self.start, periods=self.stock.sizes["day"], freq="D")
        found = xr.Dataset({name: getattr(self, name) for name in names}).assign_coords(date=("day", days))
        return found.assign_attrs(unit=self.unit, sources=sorted(self.sources), notes=list(self.notes))

    def chart(self) -> Any:
        """Output of the industries that need the materials, by day with the band."""
        from geoecon.disruption import pictures

        return pictures.output(self)

    def stock_chart(self) -> Any:
        """Stocks by day, one small picture for each material."""
        from geoecon.disruption import pictures

        return pictures.stocks(self)

    def ceiling_chart(self) -> Any:
        """Ceilings on the users' output by day, one small picture for each material."""
        from geoecon.disruption import pictures

        return pictures.ceilings(self)

    def map(self) -> Any:
        """Lost output by region and sector over the horizon, central run."""
        from geoecon.disruption import pictures

        return pictures.lost_by_industry(self)


def range_text(figure: Figure) -> str:
    """A figure's value and band in words, for titles."""
    if figure.low is None or figure.high is None:
        return number(figure.value)
    return f"{number(figure.value)} ({number(figure.low)} to {number(figure.high)})"
