"""Localisation after a control: what is left of the dependence, by product and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit, logit

from geoecon.catchup import localisation as curve
from geoecon.catchup.history import share_history
from geoecon.catchup.localisation import Array, Fit, Prior
from geoecon.draws import Draws, band
from geoecon.errors import MissingData
from geoecon.figure import Figure, cite, number

PAPERS = ("griliches1957", "wright1936", "rosenblatt1952")
WINDOW = 11  # years of shares before the control that the trend rests on
LONGEST = 360  # months that `months_until` looks ahead


@dataclass(frozen=True, eq=False)
class Path:
    """One product: the share before the control, its trend, and the draws of the curve. Arrays (draw,)."""

    product: str
    first: float  # the sender's share in the last whole year before the control
    year: int  # that year
    ceiling: Array
    midpoint: Array
    spread: Array
    drift: Array
    deviation: float  # of the yearly change in log-odds, without a control
    shock: Array  # standard draw of the random walk
    bite: Array  # months for which the control is taken to hold goods back, beyond what is known of its end
    fit: Fit
    points: pd.DataFrame  # year and share after the control that the curve was fitted to; empty in a blind run
    source: str
    verified: bool

    def share(self, months: Any) -> Array:
        """The sender's share (draw, month) along the curve; through the shares seen, without a later random walk."""
        when = np.asarray(months, float)
        rows = [v[:, None] for v in (self.ceiling, self.midpoint, self.spread, self.drift)]
        share = curve.share_path(when[None, :], self.first, *rows)
        if not len(self.points):
            return share
        seen = self.points["month"].to_numpy(float)
        gap = logit(self.points["share"].to_numpy()) - logit(curve.share_path(seen[None, :], self.first, *rows))
        return curve.bridged(share, gap, when, seen, self.deviation)


@dataclass(frozen=True, eq=False)
class Localisation:
    """Share of the first dependence that is left. `remaining` has dims (draw, month, product), month 0 the control."""

    remaining: xr.DataArray
    paths: Mapping[str, Path]
    names: Mapping[str, str]
    importer: str
    supplier: str
    start: pd.Timestamp
    flow: Mapping[str, Array]  # product: share of the base flow that can move, mean of a month (draw, month)
    sources: frozenset[str]

    METHOD = """The supplier's share of imports: its own trend before the control (a random walk with drift in log-odds,
from the shares of up to eleven whole years) times what localisation leaves: 1 − ceiling·F(t), F logistic from zero.
Blind runs use priors of the ceiling, midpoint and spread by product, dated and sourced, and no share after the cut-off.
With shares after the control the priors are updated on a grid, exactly, with the random walk in the likelihood, and
the path runs through the points: three yearly points say little of the curve, and its intervals show it. A fall while
licences are refused and a fall by localisation look the same in such data. A subsidy moves the log-odds of buying at
home (Wright's learning curve in its reduced form)."""

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

    def shares(self, product: str, year: int) -> Array:
        """The supplier's share (draw,) in a whole year, with the random walk and the flows that the control lets pass.

        Fewer goods from the supplier count in its share: s·κ / (s·κ + 1 − s), for as long as the control is taken to
        bite. Where the curve was fitted to shares after the control, these carry its bite already and κ is left out.
        """
        path = self.paths[product]
        months = np.arange(12) + 12 * (year - self.start.year) - (self.start.month - 1)
        inside = np.maximum(months, 0)
        share = np.where(months < 0, path.first, path.share(inside))
        if product in self.flow and not len(path.points):
            open_ = self.flow[product][:, np.minimum(inside, self.flow[product].shape[1] - 1)]
            open_ = np.where((months < 0) | (months > path.bite[:, None]), 1.0, open_)
            share = share * open_ / (share * open_ + 1 - share)
        known = int(path.points["year"].iloc[-1]) if len(path.points) else path.year
        width = path.deviation * np.sqrt(max(year - known, 0))
        mean = np.clip(share.mean(axis=1), 1e-6, 1 - 1e-6)
        return np.asarray(expit(logit(mean) + path.shock * width))

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
            central, low, high = (float(v) for v in band(values))
            path = self.paths[product]
            label = f"dependence on {self.supplier} left after {last} months, {self.names[product]}"
            day = str((self.start + pd.DateOffset(months=last)).date())
            sources = self.sources | {path.source}
            figure = Figure(central, "share of the first dependence", day, sources, path.verified, label=label)
            found[f"remaining.{product}"] = figure if low != low else figure.with_band(low, high)
        return found

    def sentence(self) -> str:
        last = min(24, int(self.remaining["month"].max()))
        parts = []
        for product in self._by_left(last):
            central, low, high = (float(v) for v in band(self.remaining.sel(month=last, product=product).to_numpy()))
            span = f" ({number(100 * low)} to {number(100 * high)})" if low == low else ""
            parts.append(f"{number(100 * central)} %{span} for {self.names[product]}")
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

    def chart(self) -> Any:
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


def for_case(case: Any, draws: Draws, controls: Any = None) -> Localisation:
    """Localisation of the case's products by the target, from the sender.

    Shares up to the cut-off are used: before the start for the trend, after it to update the priors. Raises
    MissingData where no product has a share before the start. Under the switch measures = none nothing but the trend
    moves.
    """
    start = pd.Timestamp(case.start)
    months = np.arange(case.horizon_months + 1)
    paths, columns = {}, {}
    for product in case.products:
        path = _path(case, draws, product.id, start)
        if path is not None:
            paths[product.id] = path
            columns[product.id] = np.clip(path.share(months) / path.first, 0.0, 1.0)
    if not paths:
        needed = ", ".join(product.id for product in case.products)
        share = f"the share of {case.sender} in {case.target}'s imports before {start.year}"
        raise MissingData(f"trade.csv: {share} of any of {needed}")
    remaining = xr.DataArray(
        np.stack(list(columns.values()), axis=2),
        dims=("draw", "month", "product"),
        coords={"month": months, "product": list(columns)},
        name="remaining dependence",
        attrs={"unit": "share of the first dependence"},
    )
    sources = frozenset(cite(name) for name in PAPERS) | {path.source for path in paths.values()}
    sources |= {draws.parameter("localisation_ceiling", product).source for product in paths}
    flow = {} if controls is None else _monthly(controls.share, start, list(paths), len(months))
    return Localisation(
        remaining, paths, {p: case.product(p).name for p in paths}, case.target, case.sender, start, flow, sources
    )


def _path(case: Any, draws: Draws, product: str, start: pd.Timestamp) -> Path | None:
    history = share_history(case.flows, case.target, case.sender, product, case.cutoff)
    before = history[history["year"] < start.year].tail(WINDOW)
    if not len(before):
        return None
    first = float(np.clip(before["share"].iloc[-1], 1e-3, 1 - 1e-3))
    drift, deviation, steps = curve.trend(before["share"].to_list())
    if steps < 2:
        drift, deviation, steps = 0.0, float(draws.get("share_deviation", product)[0]), 1
    width = 2.45 * deviation / np.sqrt(steps)  # a triangle of half-width √6 σ has the standard deviation σ
    ceiling_row, midpoint_row, spread_row = (
        _row(draws, f"localisation_{name}", product) for name in ("ceiling", "midpoint", "spread")
    )
    prior = Prior(ceiling_row, midpoint_row, spread_row, (drift - width, drift, drift + width))
    after = history[(history["year"] > start.year) & (history["share"] > 0) & (history["share"] < 1)]
    if case.switch("measures") == "none":
        prior, after = Prior((0.0, 0.0, 0.0), prior.midpoint, prior.spread, prior.drift), after.iloc[:0]
    after = after.assign(month=12 * (after["year"] - start.year) - (start.month - 1) + 6)
    fitted = curve.fit(after["month"], after["share"], first, prior, deviation)
    unit = np.stack(
        [
            *(
                curve.rank(draws.get(f"localisation_{name}", product), getattr(prior, name))
                for name in ("ceiling", "midpoint", "spread")
            ),
            curve.rank(draws.get("share_trend_error", product), (-1.0, 0.0, 1.0)),
        ],
        axis=1,
    )
    ceiling, midpoint, spread, slope = fitted.sample(unit).T
    midpoint = curve.subsidised_midpoint(
        midpoint, spread, draws.get("localisation_subsidy", product), draws.get("switching_elasticity", product)
    )
    return Path(
        product=product, first=first, year=int(before["year"].iloc[-1]), ceiling=ceiling, midpoint=midpoint,
        spread=spread, drift=slope, deviation=deviation, shock=draws.get("share_shock", product),
        bite=draws.get("control_months", product), fit=fitted,
        points=after[["year", "month", "share"]].reset_index(drop=True), source=str(before["source"].iloc[-1]),
        verified=draws.parameter("localisation_ceiling", product).status != "memory",
    )  # fmt: skip


def _row(draws: Draws, name: str, product: str) -> tuple[float, float, float]:
    parameter = draws.parameter(name, product)
    return parameter.low, parameter.central, parameter.high


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
