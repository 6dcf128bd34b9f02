"""The result of the stage: what can flow, by draw, day and product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from geoecon.capacity.granted import Count
from geoecon.capacity.instrument_rows import Row
from geoecon.capacity.phase import Phase
from geoecon.capacity.phases import table_of
from geoecon.dates import YEAR
from geoecon.draws import band, middle
from geoecon.figure import Figure
from geoecon.law import LicenceStates
from geoecon.past_error import Measured
from geoecon.result import Result
from geoecon.spoken import whole

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

Array = NDArray[np.float64]
QUARTER = 90
IMPORTS = Measured("imports_change_12m")


@dataclass(frozen=True)
class FlowCapacity(Result):
    """Shares of the base flow from sender to target. Dims of every array: draw, day (0 = `start`), product."""

    share: xr.DataArray  # that can move: what the rules let through given the coverage of the customs code, and above
    # that what is pulled forward before the effect, up to what suppliers can make
    free: xr.DataArray  # of the goods under the code that need no licence, what sellers let go all the same
    stockpiling: xr.DataArray  # fear orders of goods that the rule does not touch; below 0 while they are run down
    flow: xr.DataArray  # expected to move: `share` less replaced customers, with `stockpiling`
    abroad: xr.DataArray  # that plants of the sender's firms in third countries ship instead
    licensed: xr.DataArray  # of the covered flow, what has a licence or needs none
    states: Mapping[str, LicenceStates]  # by product, where a built-in regime decides
    regimes: Mapping[str, LicenceStates]  # of both countries towards each other, by label
    phases: Mapping[str, list[Phase]]  # of the law, by product
    caps: Mapping[str, list[Phase]]  # that a case's measures state, by product
    start: date
    sender: str
    target: str
    names: Mapping[str, str]  # product names
    states_named: tuple[str, str]  # names of sender and target
    first_licence: Mapping[str, Array]  # days from the effect of individual licences to the first one, (draw,)
    counts: Mapping[str, list[Count]]  # licence statistics public at the cut-off, by product
    sources: frozenset[str]
    refused: tuple[tuple[Row, Array], ...] = ()  # what the sender no longer buys: share of each flow (draw, day)

    METHOD: ClassVar[str] = (
        "Rules give phases by day; K(t) = 1 − c + c [w_free + w_ind G(t − t0)], c the covered share of the code.\n"
        "G is the time to a licence: preparation, a lognormal review, the office's backlog N/μ, refused and returned\n"
        "applications filed again (sum of lognormals by Fenton 1960). Licences expire: V/(V + max(0, τ − early)).\n"
        "Sellers hold some goods back that need no licence, until the reach of a new rule is clear (over-compliance).\n"
        "Goods in transit arrive; orders ahead of the effect are bounded by what suppliers can make; stocks of goods\n"
        "that the rule does not touch are built out of fear and run down. Replaced customers stay with a qualified\n"
        "substitute. One office per draw for all materials. First licences are minima and are not fitted.\n"
        "Licence statistics (licences.csv) that were public replace the forecast of what is granted on their days,\n"
        "with the error of a count so large, half where they are another buyer's; after the last the gap fades.\n"
        "The last known rule is carried on beyond the tables' horizon. Not legal advice."
    )

    def predictions(self) -> dict[tuple[str, str], Array]:
        """Imports from the sender, or of a sender that refuses to buy: first twelve months against the twelve before,
        percent."""
        if self.flow.sizes["day"] < YEAR:
            return {}
        year = self.flow.isel(day=slice(0, YEAR)).mean("day")
        found = {
            ("imports_change_12m", str(product)): np.asarray(100 * (year.sel(product=product) - 1), float)
            for product in self.flow["product"].values
        }
        for row, cut in self.refused:  # goods of the case that flow the other way
            if row.flow.product in self.names and row.flow.buyer != self.target:
                found["imports_change_12m", row.flow.product] = -100 * cut[:, :YEAR].mean(axis=1)
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row a day and product with the band: day, date, product, central, low, high (shares of the base flow)."""
        import pandas as pd

        central, low, high = band(self.share.transpose("draw", "day", "product").values)
        days, products = self.share["day"].values, self.share["product"].values
        index = pd.MultiIndex.from_product([days, products], names=["day", "product"])
        frame = pd.DataFrame(
            {"central": central.ravel(), "low": low.ravel(), "high": high.ravel()}, index=index
        ).reset_index()
        frame.insert(1, "date", pd.Timestamp(self.start) + pd.to_timedelta(frame["day"], unit="D"))
        return frame

    def summary(self) -> pd.DataFrame:
        """Per product: lowest share and when, share after 30, 90, 180, 365 days, change of imports over a year."""
        import pandas as pd

        rows = []
        changes = self.predictions()
        for product in self.share["product"].values:
            path = middle(self.share.sel(product=product).values)
            row: dict[str, Any] = {"product": self.names[str(product)], "lowest share": round(float(path.min()), 3),
                                   "on day": int(path.argmin())}  # fmt: skip
            shown = [day for day in (30, 90, 180, 365) if day < len(path)]
            row |= {f"share on day {day}": round(float(path[day]), 3) for day in shown}
            change = changes.get(("imports_change_12m", str(product)))
            if change is not None:
                central, low, high = (float(value) for value in band(change))
                row |= {"imports, first year (%)": round(central, 1), "low": round(low, 1), "high": round(high, 1)}
            rows.append(row)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        """Change of imports in the first year by product, largest fall first, and the lowest shares."""
        found = {}
        changes = sorted(self.predictions().items(), key=lambda pair: float(middle(pair[1])))
        period = f"12 months from {self.start.isoformat()}"
        refused = {row.flow.product for row, _ in self.refused}  # goods that flow the other way
        for (_, product), change in changes:
            if product in refused:
                continue
            label = f"imports of {self.names[product]} from {self.states_named[0]}, against the 12 months before"
            found[f"imports_change.{product}"] = self.counted(change, IMPORTS, "percent", period, label)
        for product in (str(value) for value in self.share["product"].values):
            label = f"lowest share of {self.names[product]} that can move"
            lowest = self.share.sel(product=product).values.min(axis=1)
            found[f"lowest_share.{product}"] = self._figure(lowest, "share of base flow", period, label)
            if product in self.first_licence and self.licensed.sizes["day"] > QUARTER:
                label = f"share of the {self.names[product]} under the rule with a licence on day {QUARTER}"
                granted = self.licensed.sel(product=product).isel(day=QUARTER).values
                found[f"licences_granted.{product}"] = self._figure(granted, "share", period, label)
        for row, cut in self.refused:
            label = f"{self._flow_of(row)}, against the 12 months before"
            change = -100 * cut[:, :YEAR].mean(axis=1)
            found[f"refused_change.{row.id}"] = self.counted(change, IMPORTS, "percent", period, label)
        for product, days in self.first_licence.items():
            label = f"days to the first licence for {self.names[product]}"
            found[f"first_licence.{product}"] = self._figure(days, "days", period, label)
        return found

    def _figure(self, values: Array, unit: str, period: str, label: str) -> Figure:
        return Figure.of(values, unit, period, self.sources, False, label)

    def _short_sentence(self) -> str:
        """What moves over a horizon under a year."""
        days = self.flow.sizes["day"]
        over = {str(name): self.flow.sel(product=name).mean("day").values for name in self.flow["product"].values}
        name = min(over, key=lambda key: float(np.median(over[key])))
        central, low, high = (float(value) for value in band(100 * np.asarray(over[name], float)))
        shown = f" ({whole(low)} to {whole(high)})" if low < high else ""
        sender, target = self.states_named
        return (
            f"In the {days} days looked at {whole(central)} %{shown} of the usual imports of {self.names[name]} "
            f"from {sender} reach {target}."
        )

    def rules(self) -> pd.DataFrame:
        """What the law asks of each product from when on, for firms that are ready and for the others."""
        return table_of(self.phases)

    def _flow_of(self, row: Row) -> str:
        sender, target = self.states_named
        good = self.names.get(row.flow.product, row.flow.product.replace("_", " "))
        if row.goods:
            return f"imports of {good} from {target} by {sender}"
        return f"{target}'s sales of {good} to {sender}"

    def _refused_sentence(self) -> str:
        """The largest flow that the sender no longer buys."""
        row, _ = max(self.refused, key=lambda pair: float(middle(pair[1][:, :YEAR].mean(axis=1))))
        return self._year_sentence(self._flow_of(row), self.figures()[f"refused_change.{row.id}"])

    @staticmethod
    def _year_sentence(what: str, change: Figure) -> str:
        """How far a flow falls or rises in the first year, with its band."""
        value = change.value or 0.0
        verb = "fall by" if value < 0 else "rise by" if value > 0 else "change by"
        ends = sorted(abs(end) for end in (change.low, change.high) if end is not None)
        shown = f" ({whole(ends[0])} to {whole(ends[1])})" if ends else ""
        if change.low is not None and change.high is not None and change.low < 0 < change.high:
            shown = f" (a fall of {whole(-change.low)} to a rise of {whole(change.high)})"
        return f"In the first twelve months {what} {verb} {whole(abs(value))} %{shown} against the twelve before."

    def sentence(self) -> str:
        sender, target = self.states_named
        changes = {key: figure for key, figure in self.figures().items() if key.startswith("imports_change")}
        if not any(self.phases.values()) and not any(self.caps.values()):
            if self.refused:
                return self._refused_sentence()
            return f"The rules known on this day leave the flow from {sender} to {target} as it was."
        if not changes:
            return self._short_sentence()
        key, worst = next(iter(changes.items()))
        name = self.names[key.removeprefix("imports_change.")]
        return self._year_sentence(f"imports of {name} from {sender} by {target}", worst)

    def chart(self) -> alt.VConcatChart:
        """What the rules of both countries asked, as dated bands, above the share of the base flow that could move."""
        import altair as alt

        from geoecon import charts

        frame = self.to_frame()
        frame["material"] = frame["product"].map(self.names)
        lowest = frame.sort_values("central", kind="stable").iloc[0]
        title = (
            f"At the lowest, {100 * lowest['central']:.0f} % of {lowest['material']} could move "
            f"({lowest['date'].date().isoformat()})"
        )
        thin = frame[frame["day"] % max(1, len(frame["day"].unique()) // 120) == 0]
        facet = "material" if len(self.names) > 1 else None
        paths = charts.path(thin, "date", "central", facet=facet, x_title=" ", y_title="share of base flow", zero=True)
        sender, target = self.states_named
        subtitle = f"share of the flow from {sender} to {target} that can move, 80 % band"
        rules = self._rule_bands(frame["date"].max().date())
        if rules is not None:
            subtitle = f"above: licence needed, by day (not legal advice); below: {subtitle}"
            paths = alt.vconcat(rules, paths).resolve_scale(color="independent")
        return charts.finish(paths, title, subtitle, self.sources)

    def _rule_bands(self, end: date) -> alt.Chart | None:
        """Dated bands of the regimes, or of a case's own measures; None where no rule is known."""
        from geoecon.capacity.pictures import phase_bands
        from geoecon.law import band_picture, band_rows

        start = self.start - timedelta(days=60)
        rows = band_rows(self.regimes, start, end)
        rows += phase_bands({name: found for name, found in self.caps.items() if found}, self.names, start, end)
        return band_picture(rows) if rows else None
