"""Localisation after a control: what is left of the dependence, by product and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit, logit

from geoecon.capacity import FlowCapacity
from geoecon.case import Case
from geoecon.catchup import localisation as curve
from geoecon.catchup.diffusion import CatchUp, catch_up
from geoecon.catchup.localisation import Array
from geoecon.catchup.path import Path, path_of
from geoecon.draws import Draws, band
from geoecon.errors import MissingData
from geoecon.figure import Figure, cite, number
from geoecon.past_error import Measured, past_of
from geoecon.result import Result, Sample
from geoecon.spoken import whole

if TYPE_CHECKING:
    import altair as alt
    from numpy.typing import ArrayLike


PAPERS = ("griliches1957", "wright1936", "rosenblatt1952")
LEFT = Measured("dependence_share", "share")
LONGEST = 360  # months that `months_until` looks ahead


@dataclass(frozen=True, eq=False)
class Localisation(Result):
    """Share of the first dependence that is left. `remaining` has dims (draw, month, product), month 0 the control."""

    remaining: xr.DataArray
    paths: Mapping[str, Path]
    names: Mapping[str, str]
    importer: str
    supplier: str
    start: pd.Timestamp
    flow: Mapping[str, Array]  # product: share of the base flow that can move, mean of a month (draw, month)
    sources: frozenset[str]
    gap: CatchUp | None = None  # the technology gap between the two, where the case has their output by year

    METHOD = """The supplier's share of imports: its own trend before the control (a random walk with drift in log-odds,
from the shares of up to eleven whole years) times what localisation leaves: 1 − ceiling·F(t), F a logistic curve or a
learning curve (log-odds straight in time, or in its logarithm), each for as many draws as it is probable.
Blind runs use priors of the ceiling, midpoint and spread by product, dated and sourced, and no share after the cut-off.
With shares after the control the priors are updated on a grid, exactly, with the random walk in the likelihood, and
the path runs through the points: three yearly points say little of the curve, and its intervals show it. A fall while
licences are refused and a fall by localisation look the same in such data. A subsidy moves the log-odds of buying at
home by elasticity × −ln(1 − share paid). `backtest` counts how often the trend's intervals held before the control."""

    @property
    def draws(self) -> int:
        return self.remaining.sizes["draw"]

    @property
    def fitted(self) -> bool:
        """Whether shares after the control entered."""
        return any(len(path.points) for path in self.paths.values())

    def months_until(self, bound: float, product: str) -> Array:
        """Months (draw,) until the supplier's share is below `bound`; infinite where it is not within 30 years."""
        path = self.paths[product]
        months = np.arange(LONGEST + 1)
        return curve.months_until(path.share(months), months, bound)

    def with_subsidy(self, share: float, product: str | None = None) -> Localisation:
        """What is left when the state pays a share of home producers' unit cost, of one product or of all."""
        paths = {
            name: path.with_subsidy(share) if product in (None, name) else path for name, path in self.paths.items()
        }
        return replace(self, paths=paths, remaining=_remaining(paths, self.remaining["month"].to_numpy()))

    def months_saved(self, share: float, bound: float, product: str) -> Array:
        """Months (draw,) by which a subsidy brings `months_until(bound)` nearer; NaN where it is never reached."""
        paid = self.with_subsidy(share, product).months_until(bound, product)
        plain = self.months_until(bound, product)
        return np.where(np.isfinite(paid) & np.isfinite(plain), plain - np.where(np.isfinite(paid), paid, 0), np.nan)

    def shares(self, product: str, year: int) -> Array:
        """The supplier's share (draw,) in a whole year, with the random walk and the flows that the control lets pass;
        exactly 0 where nothing moves.

        Fewer goods from the supplier count in its share: s·κ / (s·κ + 1 − s), for as long as the control is taken to
        bite. Where the curve was fitted to shares after the control, these carry its bite already and κ is left out.
        """
        path = self.paths[product]
        months = np.arange(12) + 12 * (year - self.start.year) - (self.start.month - 1)
        inside = np.maximum(months, 0)
        known = int(path.points["year"].iloc[-1]) if len(path.points) else path.year
        width = path.deviation * np.sqrt(max(year - known, 0))
        free = np.clip(np.where(months < 0, path.first, path.share(inside)), 1e-6, 1 - 1e-6)
        share = expit(logit(free) + (path.shock * width)[:, None])
        if product in self.flow and not len(path.points):
            open_ = self.flow[product][:, np.minimum(inside, self.flow[product].shape[1] - 1)]
            open_ = np.where((months < 0) | (months > path.bite[:, None]), 1.0, open_)
            share = share * open_ / (share * open_ + 1 - share)
        return np.asarray(share.mean(axis=1))

    def backtest(self, years: tuple[int, ...] = (1, 2, 3)) -> pd.DataFrame:
        """How the trend alone did before the control: of the 80 % intervals, how many held the share years on."""
        rows = [
            (self.names[name], ahead, *curve.backtest(path.before["share"].tolist(), ahead))
            for name, path in self.paths.items()
            for ahead in years
        ]
        return pd.DataFrame(rows, columns=["product", "years ahead", "inside", "of"])

    def to_frame(self) -> pd.DataFrame:
        """Tidy: product, month, date, central, low, high (share of the first dependence left)."""
        central, low, high = band(self.remaining.transpose("draw", "month", "product").to_numpy())
        products, months = list(self.remaining["product"].values), self.remaining["month"].to_numpy()
        index = pd.MultiIndex.from_product([months, products], names=["month", "product"])
        frame = pd.DataFrame({"central": central.ravel(), "low": low.ravel(), "high": high.ravel()}, index=index)
        frame = frame.reset_index()
        frame["date"] = [self.start + pd.DateOffset(months=int(month)) for month in frame["month"]]
        return frame[["product", "month", "date", "central", "low", "high"]]

    def summary(self) -> pd.DataFrame:
        """One row a product: share before, what is left after one, two and three years, months until half is gone."""
        rows = []
        for product, path in self.paths.items():
            half = self.months_until(path.first / 2, product)
            row: dict[str, Any] = {
                "product": self.names[product],
                f"share before ({path.year})": path.first,
            }
            for years in (1, 2, 3):
                if 12 * years in self.remaining["month"]:
                    values = self.remaining.sel(month=12 * years, product=product).to_numpy()
                    central, low, high = (float(v) for v in band(values))
                    span = f" ({number(low)} to {number(high)})" if low == low else ""
                    row[f"left after {12 * years} months"] = number(central) + span
            row["months until half is gone"] = number(float(half[0]))
            row["shares fitted"] = len(path.points)
            rows.append(row)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        """Dependence left after two years, the product with the least left first."""
        last = min(24, int(self.remaining["month"].max()))
        found: dict[str, Figure] = {}
        for product in self._by_left(last):
            values = self.remaining.sel(month=last, product=product).to_numpy()
            path = self.paths[product]
            label = f"dependence on {self.supplier} left after {last} months, {self.names[product]}"
            day = str((self.start + pd.DateOffset(months=last)).date())
            sources = self.sources | {path.source}
            unit = "share of the first dependence"
            found[f"remaining.{product}"] = Sample(values, unit, day, label, counted=LEFT, past=self.past).figure(
                sources, path.verified
            )
        if self.gap is not None:
            found |= {f"technology_{name}": figure for name, figure in self.gap.figures().items()}
        return found

    def sentence(self) -> str:
        last = min(24, int(self.remaining["month"].max()))
        parts = []
        said = self.figures()
        for product in self._by_left(last):
            left = said[f"remaining.{product}"]
            span = "" if left.low is None or left.high is None else (
                f" ({whole(100 * left.low)} to {whole(100 * left.high)})")  # fmt: skip
            parts.append(f"{whole(100 * (left.value or 0.0))} %{span} for {self.names[product]}")
        basis = "fitted to few shares after the control" if self.fitted else "from priors and the trend before"
        return f"After {last} months the dependence left is " + ", ".join(parts) + f"; {basis}."

    def predictions(self) -> dict[tuple[str, str], Array]:
        """("dependence_share", "product@YYYY"): the supplier's share of imports in whole years after the start."""
        end = self.start + pd.DateOffset(months=int(self.remaining["month"].max()))
        last = int(end.year) if end.month > 6 else int(end.year) - 1  # a year that lies mostly inside the horizon
        return {
            ("dependence_share", f"{product}@{year}"): self.shares(product, year)
            for product in self.paths
            for year in range(self.start.year, last + 1)
        }

    def chart(self) -> alt.VConcatChart:
        """Dependence left by product, with bands and the shares seen."""
        from geoecon import charts

        frame = self.to_frame().assign(name=lambda f: f["product"].map(self.names))
        chart = charts.path(frame, "date", "central", color="name", y_title="share of first dependence left", zero=True)
        seen = self._seen()
        if len(seen):
            import altair as alt

            dots = alt.Chart(seen).mark_point(filled=True, size=60).encode(x="date:T", y="left:Q", color="name:N")
            chart = alt.layer(*chart.layer, data=frame).properties(width=charts.WIDTH, height=charts.HEIGHT)
            chart = alt.layer(chart, dots)
        subtitle = "Share of the dependence before the control that is left, with 80 % band"
        subtitle += "; points: shares seen" if len(seen) else "; blind: no share after the control was used"
        return charts.finish(chart, self.sentence().split(";")[0] + ".", subtitle, self.sources)

    def _seen(self) -> pd.DataFrame:
        rows = [
            (self.names[name], pd.Timestamp(int(year), 7, 1), share / path.first)
            for name, path in self.paths.items()
            for year, share in zip(path.points["year"], path.points["share"], strict=True)
        ]
        return pd.DataFrame(rows, columns=["name", "date", "left"])

    def _by_left(self, month: int) -> list[str]:
        left = {str(p): float(self.remaining.sel(month=month, product=p)[0]) for p in self.remaining["product"].values}
        return sorted(left, key=lambda product: left[product])


def for_case(case: Case, draws: Draws, controls: FlowCapacity | None = None) -> Localisation:
    """Localisation of the case's products by the target, from the sender.

    Shares up to the cut-off are used: before the start for the trend, after it to update the priors. Raises
    MissingData where no product has a share before the start. Under the switch measures = none nothing but the trend
    moves.
    """
    start = pd.Timestamp(case.start)
    months = np.arange(case.horizon_months + 1)
    found = {product.id: path_of(case, draws, product.id) for product in case.products}
    paths = {product: path for product, path in found.items() if path is not None}
    if not paths:
        needed = ", ".join(product.id for product in case.products)
        share = f"the share of {case.seller} in {case.buyer}'s imports before {start.year}"
        raise MissingData(f"trade.csv: {share} of any of {needed}")
    sources = frozenset(cite(name) for name in PAPERS) | {path.source for path in paths.values()}
    sources |= {draws.parameter("localisation_ceiling", product).source for product in paths}
    flow = {} if controls is None else _monthly(controls.share, start, list(paths), len(months))
    for product in paths:
        if lasts(controls, product):
            bite = np.maximum(paths[product].bite, draws.get("ban_months", product))
            paths[product] = replace(paths[product], bite=bite)
    names = {product: case.product(product).name for product in paths}
    left = _remaining(paths, months)
    return Localisation(left, paths, names, case.buyer, case.seller, start, flow, sources, _gap(case),
                        past=past_of(case))  # fmt: skip


def lasts(controls: FlowCapacity | None, product: str) -> bool:
    """Whether the last rule known for a product is a ban, or a cap near zero, in force without an end in sight: it
    does not lapse by itself. A practice that was only reported is a halt and has its own length."""
    rules = [] if controls is None else [*controls.phases.get(product, ())[-1:], *controls.caps.get(product, ())[-1:]]
    return any(rule.heavy == "prohibited" or (rule.cap is not None and rule.cap <= 0.05) for rule in rules)


def _gap(case: Case) -> CatchUp | None:
    """The technology gap; None where the case lacks the series."""
    try:
        return catch_up(case)
    except MissingData:
        return None


def _remaining(paths: Mapping[str, Path], months: ArrayLike) -> xr.DataArray:
    """Share of the first dependence left (draw, month, product), from 0 to 1."""
    left = [np.clip(path.share(months) / path.first, 0.0, 1.0) for path in paths.values()]
    return xr.DataArray(
        np.stack(left, axis=2),
        dims=("draw", "month", "product"),
        coords={"month": months, "product": list(paths)},
        name="remaining dependence",
        attrs={"unit": "share of the first dependence"},
    )


def _monthly(share: xr.DataArray, start: pd.Timestamp, products: list[str], months: int) -> dict[str, Array]:
    """Share of the base flow that can move, mean of each month (draw, month); the last day holds on."""
    edges = [(start + pd.DateOffset(months=m) - start).days for m in range(months + 1)]
    last = share.sizes["day"] - 1
    spans = [(min(a, last), min(b, last + 1)) for a, b in pairwise(edges)]
    found = {}
    for product in products:
        if product in share["product"].values:
            values = share.sel(product=product).transpose("draw", "day").to_numpy()
            found[product] = np.stack([values[:, a : max(b, a + 1)].mean(axis=1) for a, b in spans], axis=1)
    return found
