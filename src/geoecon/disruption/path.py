"""What a disruption does, by day and draw: stocks, ceilings, output, and what each side loses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.dates import MONTH, YEAR
from geoecon.disruption import headlines
from geoecon.draws import band
from geoecon.figure import Figure
from geoecon.result import Result, Sample

if TYPE_CHECKING:
    import altair as alt
    import xarray as xr

    from geoecon.capacity import RefusedSales
    from geoecon.disruption.horizons import Sweeps
    from geoecon.disruption.prices import MarketPrice

Array = NDArray[np.float64]

METHOD = "\n".join(
    (
        "One technology for all horizons: bound output is CES in the material and all else, its elasticity rising from "
        "near 0 in the first days to its long-run value (Boehm et al. 2019; Peter & Ruane 2023).",
        "Arrivals are the sender's flow times the share that the controls let through, what leaks through third "
        "countries, other suppliers, who send more at a higher price, alternatives that qualify after a lag, and what "
        "a strategic stock lets go. Others deliver in each draw what they did in one cut-off of its size; figures that "
        "the case states stay the middle, with what such figures missed on the record around them.",
        "Stocks are drawn by value of use: thrift starts with the first rise of the shadow price, the least valuable "
        "use goes first, and users stretch their stock towards the relief that they expect.",
        "Firms hold unequal stocks, some have one supplier only, licences reach a firm in full or not at all; a plant "
        "stops where less than half of its need is served, and with more plants a first stop is likelier.",
        "Chances are shares of runs. No past error is added to them: the past cases hold one stop against a dozen "
        "that did not come, too few to say by how much (the table of chances of `geoecon evidence`).",
        "The user industry's ceiling is 1 − bound share × criticality × (1 − bound output), the lowest over its "
        "materials (criticality after Pichler et al. 2022); the same loss is read at three horizons.",
        "The ceiling binds after overproduction in an adaptive regional input-output model with inventories, by day "
        "(Hallegatte 2008, 2014; Henriet et al. 2012).",
        "No region that falls by a hundredth falls deeper than a standing shortage of the same inputs would hold it, "
        "shared out as before and replaced no worse than the materials (Pichler and Farmer 2022 on rationing): by "
        "orders alone it could run down without end.",
        "Orders follow deliveries: suppliers that fall short lose weight, an idle one does not. Caps on single flows "
        "enter orders and rationing; consumer boycotts are demand shocks of the case.",
        "Alternatives keep a part of their customers, so the sender's sales need not come back; what imports cost more "
        "is counted where a material is traded by anybody with anybody (terms of trade, no loss of output).",
        "Where a case has prices they start from the last one known: outside as dear as a unit more is worth to users "
        "of a material that anybody can take from anybody, inside cheaper by what is left over at home.",
        "Bands are the 10 % and 90 % quantiles over the parameters, those of the materials and the economy's "
        "own (stocks of ordinary inputs, how fast they are filled, how low they may fall, overproduction, supplier "
        "switching).",
        "Not modelled: quality losses below a stop, seasons of a need.",
    )
)


@dataclass(frozen=True, eq=False)
class DisruptionPath(Result):
    """Result of the disruption stage. Draw 0 is the central run; bands are views.

    By (draw, day, product): `stock` days of total use, `use` share of need, `bound_output` share of base, shadow
    `price` over the base as others see it, `stopped` share of firms below half their need, `ceiling` share of the
    users' output, `sales` of the sender share of base. `first_stop` (draw, product) day of the first plant that
    stops, infinite where none, `firm_stop` (draw, firm) that of a single firm of the case; `falls` and
    `dearest_month` (draw, product) worst month of bound output and highest price of a month over the base; `losses`
    (draw, window, product) and `industry_losses` (draw, window, industry) share of users' output lost; `direct`
    (draw, window) value added that the target's users lose themselves, USD million a year; `bill` (draw, window,
    product) what the target's purchases abroad cost more, USD million a year; `sales_value` of the sender by value
    (`sales` by weight); `by_substitution` (sigma, industry) and `by_stock` (days, industry) first-year loss at the
    median of draws, with one assumption at other values. `output` share of base (day, region, sector), central run;
    `output_share` and `value_added_share` (draw, day, region); `users` share of base (draw, day, industry) of the
    industries that need the materials; `unmet` final demand (draw, region) and `lost_value_added` (draw, region) USD
    million over the horizon;
    `output_change` and `value_added_change` (draw, day, region) share of base above the base, in single precision like
    `stock`, `use`, `bound_output`, `price` and `stopped`, which pictures and tables read; `traded` (draw, product)
    share of the users for whom the price is the market's;
    `base_value_added` (region,) a day; `base_sales` (product,) of the sender to the target, USD million a year;
    `prices` of the markets that the case has prices of, in their own units.
    """

    stock: xr.DataArray
    use: xr.DataArray
    bound_output: xr.DataArray
    price: xr.DataArray
    stopped: xr.DataArray
    ceiling: xr.DataArray
    sales: xr.DataArray
    first_stop: xr.DataArray
    firm_stop: xr.DataArray
    falls: xr.DataArray
    dearest_month: xr.DataArray
    losses: xr.DataArray
    industry_losses: xr.DataArray
    direct: xr.DataArray
    bill: xr.DataArray
    traded: xr.DataArray
    sweeps: Sweeps
    output: xr.DataArray
    output_change: xr.DataArray
    users: xr.DataArray
    value_added_change: xr.DataArray
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
    prices: tuple[MarketPrice, ...] = ()
    refused_sales: RefusedSales | None = None  # where the sender refuses to buy

    METHOD: ClassVar[str] = METHOD

    @property
    def by_substitution(self) -> xr.DataArray:
        """(sigma, industry) share of output lost in the first year."""
        return self.sweeps.by_substitution

    @property
    def by_stock(self) -> xr.DataArray:
        """(days, industry) share of output lost in the first year."""
        return self.sweeps.by_stock

    @property
    def industries(self) -> list[str]:
        return [str(name) for name in self.users["industry"].values]

    @property
    def sales_value(self) -> xr.DataArray:
        """(draw, day, product) value of the sender's sales, share of base."""
        return self.sales * (1 + self.traded * (self.price.astype(float) - 1))

    @property
    def output_share(self) -> xr.DataArray:
        """(draw, day, region) share of base; the central run in full precision."""
        share = self.output_change.astype(float) + 1
        share[0] = (self.output * self.base_output).sum("sector") / self.base_output.sum("sector")
        return share

    @property
    def value_added_share(self) -> xr.DataArray:
        """(draw, day, region) share of base."""
        return self.value_added_change.astype(float) + 1

    def added(self, days: slice) -> Array:
        """(draw, region) value added above the base, a share of it, mean over some days."""
        return np.asarray(self.value_added_change.values[:, days].mean(axis=1, dtype=float))

    def worst_month(self) -> Array:
        """(draw, industry) lowest mean output over 30 days, share of base."""
        total = np.cumsum(np.insert(self.users.values, 0, 0, axis=1), axis=1)
        days = min(MONTH, self.users.sizes["day"])
        return np.asarray((total[:, days:] - total[:, :-days]).min(axis=1) / days)

    def gdp_change(self, days: int = YEAR) -> Array:
        """(draw, region) percent of value added over the first `days`."""
        return 100 * self.added(slice(days))

    def last_change(self) -> Array:
        """(draw, region) percent of value added in the last month of the horizon: what lasts."""
        return 100 * self.added(slice(-MONTH, None))

    def sales_change(self, days: int = YEAR, by: str = "weight") -> Array:
        """(draw, product) percent change of the sender's sales over the first `days`, by weight or by value."""
        sold = self.sales if by == "weight" else self.sales_value
        return np.asarray((sold.values[:, :days].mean(axis=1, dtype=float) - 1) * 100)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: date, what, of, unit, central, low, high, by day."""
        days = pd.date_range(self.start, periods=self.stock.sizes["day"], freq="D")
        parts = []
        for what, unit, values, dim in (
            ("stock", "days of use", self.stock, "product"),
            ("use", "share of need", self.use, "product"),
            ("price to users", "times the base", self.price, "product"),
            ("ceiling", "share of base", self.ceiling, "product"),
            ("sender's sales", "share of base", self.sales, "product"),
            ("output", "share of base", self.users, "industry"),
            ("output", "share of base", self.output_share, "region"),
        ):
            for number_, name in enumerate(values[dim].values):
                central, low, high = band(np.asarray(values.values[:, :, number_], float))
                parts.append(
                    pd.DataFrame(
                        {
                            "date": days,
                            "what": what,
                            "of": str(name),
                            "unit": unit,
                            "central": central,
                            "low": low,
                            "high": high,
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """The headline figures, at most twelve rows."""
        rows = [(f.label, f.value, f.low, f.high, f.unit) for f in list(self.figures().values())[:12]]
        return pd.DataFrame(rows, columns=["what", "central", "low (10 %)", "high (90 %)", "unit"])

    def figures(self) -> dict[str, Figure]:
        """Headline first: chances of a fall and of a stop, the loss at three horizons, then the rest."""
        return dict(self._figures)

    @cached_property
    def _figures(self) -> dict[str, Figure]:
        return {**super().figures(), **headlines.first_stops(self), **headlines.sales_lost(self)}

    def samples(self) -> dict[str, Sample]:
        """Outcomes by draw, the headline first."""
        return dict(self._samples)

    @cached_property
    def _samples(self) -> dict[str, Sample]:
        return headlines.samples(self)

    @property
    def period(self) -> str:
        """The horizon as an interval."""
        until = self.start + timedelta(days=self.stock.sizes["day"] - 1)
        return f"{self.start.isoformat()}/{until.isoformat()}"

    @property
    def products(self) -> list[str]:
        return [str(name) for name in self.stock["product"].values]

    def name(self, key: str) -> str:
        return self.names.get(str(key), str(key))

    def title(self, industry: str) -> str:
        """An industry in words: "Korea, chemicals" for "KOR/chemicals"."""
        region, _, sector = industry.partition("/")
        return f"{self.name(region)}, {sector}"

    def sentence(self) -> str:
        """One sentence from the numbers."""
        return headlines.sentence(self)

    def predictions(self) -> dict[tuple[str, str], Array]:
        """What the evidence stage can score, each (draw,)."""
        found: dict[tuple[str, str], Array] = {}
        worst, gdp, sales = self.worst_month(), self.gdp_change(), self.sales_change()
        for i, industry in enumerate(self.industries):
            found["worst_output_month", industry] = worst[:, i]
        for g, product in enumerate(self.sales["product"].values):
            found["first_shortage_day", str(product)] = self.first_stop.values[:, g]
            found["worst_bound_month", str(product)] = self.falls.values[:, g]
            found["sender_sales_change_12m", str(product)] = sales[:, g]
        for f, firm in enumerate(self.firm_stop["firm"].values):
            found["firm_stop_day", str(firm)] = self.firm_stop.values[:, f]
        for r, region in enumerate(self.lost_value_added["region"].values):
            found["gdp_change_1y", str(region)] = gdp[:, r]
        return found

    def to_xarray(self) -> xr.Dataset:
        """Everything as one labelled data set, with units and sources."""
        import xarray as xr

        names = ("stock", "use", "bound_output", "price", "stopped", "ceiling", "sales", "first_stop", "falls",
                 "dearest_month", "losses", "industry_losses", "direct", "bill", "sales_value", "output",
                 "output_share", "users", "value_added_share", "lost_value_added", "base_value_added", "base_output",
                 "base_sales", "unmet", "firm_stop")  # fmt: skip
        days = pd.date_range(self.start, periods=self.stock.sizes["day"], freq="D")
        found = xr.Dataset({name: getattr(self, name) for name in names}).assign_coords(date=("day", days))
        return found.assign_attrs(unit=self.unit, sources=sorted(self.sources), notes=list(self.notes))

    def chart(self) -> alt.VConcatChart:
        """Output of the industries that need the materials, by day with the band."""
        from geoecon.disruption import pictures

        return pictures.output(self)

    def assumptions_chart(self) -> alt.VConcatChart:
        """First-year loss against substitution in the first days and against days of stock."""
        from geoecon.disruption import pictures

        return pictures.assumptions(self)

    def map(self) -> alt.VConcatChart:
        """Lost output by region and sector over the horizon, central run."""
        from geoecon.disruption import pictures

        return pictures.lost_by_industry(self)
