"""What can flow: the share of the base flow that moves under dated rules, by draw and day (regimes page, A2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from geoecon.case import Case
from geoecon.controls import phases as phases_of
from geoecon.controls.answer import LicenceStates
from geoecon.controls.phases import FREE, Phase
from geoecon.controls.review import Office, expiry_coverage
from geoecon.draws import Draws, band
from geoecon.errors import InputError
from geoecon.figure import Figure, cite, number

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
YEAR = 365
FEAR_HOLD, FEAR_UNWIND = 45, 180  # days that added stocks are kept, and then take to run down
REPLACE_RAMP = 90  # days in which a qualified substitute takes over
ABROAD_RAMP = 120
PAPERS = ("ctl-priors", "ctl-meti-guide", "ctl-fenton", "ctl-cset")


@dataclass(frozen=True)
class FlowCapacity:
    """Shares of the base flow from sender to target. Dims of every array: draw, day (0 = `start`), product."""

    share: xr.DataArray  # that can move: what the rules let through given the coverage of the customs code, and above
    # that what is pulled forward before the effect, up to what suppliers can make
    stockpiling: xr.DataArray  # fear orders of goods that the rule does not touch; below 0 while they are run down
    flow: xr.DataArray  # expected to move: `share` less replaced customers, with `stockpiling`
    abroad: xr.DataArray  # that plants of the sender's firms in third countries ship instead
    states: Mapping[str, LicenceStates]  # by product, where a built-in regime decides
    phases: Mapping[str, list[Phase]]
    start: date
    sender: str
    target: str
    names: Mapping[str, str]  # product names
    sources: frozenset[str]

    METHOD: ClassVar[str] = (
        "Rules give phases by day; K(t) = 1 − c + c [w_free + w_ind G(t − t0)], c the covered share of the code.\n"
        "G is the time to a licence: preparation, a lognormal review, the office's backlog N/μ, refused and returned\n"
        "applications filed again (sum of lognormals by Fenton 1960). Licences expire: V/(V + max(0, τ − early)).\n"
        "Goods in transit arrive; orders ahead of the effect are bounded by what suppliers can make; stocks of goods\n"
        "that the rule does not touch are built out of fear and run down. Replaced customers stay with a qualified\n"
        "substitute. One office per draw for all materials. First licences are minima and are not fitted.\n"
        "The last known rule is carried on beyond the tables' horizon. Not legal advice."
    )

    def predictions(self) -> dict[tuple[str, str], Array]:
        """Imports from the sender, first twelve months against the twelve before, percent."""
        if self.flow.sizes["day"] < YEAR:
            return {}
        year = self.flow.isel(day=slice(0, YEAR)).mean("day")
        return {
            ("imports_change_12m", str(product)): np.asarray(100 * (year.sel(product=product) - 1), float)
            for product in self.flow["product"].values
        }

    def to_frame(self) -> Any:
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

    def summary(self) -> Any:
        """Per product: lowest share and when, share after 30, 90, 180, 365 days, change of imports over a year."""
        import pandas as pd

        rows = []
        changes = self.predictions()
        for product in self.share["product"].values:
            path = self.share.sel(product=product).values
            row: dict[str, Any] = {"product": self.names[str(product)], "lowest share": round(float(path[0].min()), 3),
                                   "on day": int(path[0].argmin())}  # fmt: skip
            row |= {
                f"share on day {day}": round(float(path[0, day]), 3)
                for day in (30, 90, 180, 365)
                if day < path.shape[1]
            }
            change = changes.get(("imports_change_12m", str(product)))
            if change is not None:
                central, low, high = (float(value) for value in band(change))
                row |= {"imports, first year (%)": round(central, 1), "low": round(low, 1), "high": round(high, 1)}
            rows.append(row)
        return pd.DataFrame(rows)

    def figures(self) -> dict[str, Figure]:
        """Change of imports in the first year by product, largest fall first, and the lowest shares."""
        found = {}
        changes = sorted(self.predictions().items(), key=lambda pair: float(pair[1][0]))
        period = f"12 months from {self.start.isoformat()}"
        for (_, product), change in changes:
            central, low, high = (float(value) for value in band(change))
            label = f"imports of {self.names[product]} from {self.sender}, against the 12 months before"
            found[f"imports_change.{product}"] = Figure(
                central, "percent", period, self.sources, False, *_bounds(low, high), label=label
            )
        for product in (str(value) for value in self.share["product"].values):
            central, low, high = (float(value) for value in band(self.share.sel(product=product).values.min(axis=1)))
            label = f"lowest share of {self.names[product]} that can move"
            found[f"lowest_share.{product}"] = Figure(
                central, "share of base flow", period, self.sources, False, *_bounds(low, high), label=label
            )
        return found

    def sentence(self) -> str:
        figures = [figure for key, figure in self.figures().items() if key.startswith("imports_change")]
        if not figures:
            return f"The rules known on this day leave the flow from {self.sender} to {self.target} as it was."
        worst = figures[0]
        band_text = "" if worst.low is None else f" ({number(worst.low)} to {number(worst.high)})"
        verb = "fall" if (worst.value or 0) < 0 else "rise"
        return f"In the first twelve months {worst.label} {verb} by {number(abs(worst.value or 0))} percent{band_text}."

    def chart(self) -> Any:
        """Share of the base flow that can move, by day and product, with the 80 % band."""
        from geoecon import charts

        frame = self.to_frame()
        frame["material"] = frame["product"].map(self.names)
        lowest = frame.loc[frame["central"].idxmin()]
        title = (
            f"At the lowest, {100 * lowest['central']:.0f} % of {lowest['material']} could move "
            f"({lowest['date'].date().isoformat()})"
        )
        thin = frame[frame["day"] % max(1, len(frame["day"].unique()) // 120) == 0]
        picture = charts.path(thin, "date", "central", facet="material", y_title="share of base flow", zero=True)
        return charts.finish(
            picture, title, f"share of the flow {self.sender} to {self.target} that rules let through; 80 % band",
            self.sources,
        )  # fmt: skip


def _bounds(low: float, high: float) -> tuple[float | None, float | None]:
    return (None, None) if low != low else (low, high)


def for_case(case: Case, draws: Draws) -> FlowCapacity:
    """Flow capacity of every product of a case, over its disruption horizon.

    Rules known after the cut-off are hidden unless the switch `measures` is "observed"; "none" frees every flow.
    Raises MissingData where a product has neither an item of a built-in regime nor measures, and InputError for
    a measure that names no kind and no cap.
    """
    import xarray as xr

    office = {"shared": _office(draws)}
    found = {product.id: phases_of.of_case(case, product) for product in case.products}
    layers = [_product(case, draws, office, product.id, *found[product.id][:2]) for product in case.products]
    coords = {"day": np.arange(case.horizon_days), "product": [product.id for product in case.products]}
    arrays = [
        xr.DataArray(
            np.stack([layer[index] for layer in layers], axis=2), dims=("draw", "day", "product"), coords=coords
        )
        for index in range(4)
    ]
    sources = {phase.source for law, caps, _ in found.values() for phase in (*law, *caps) if phase.source}
    return FlowCapacity(
        *arrays,
        states={name: states for name, (_, _, states) in found.items() if states is not None},
        phases={name: law or caps for name, (law, caps, _) in found.items()},
        start=case.start,
        sender=case.sender,
        target=case.target,
        names={product.id: product.name for product in case.products},
        sources=frozenset(sources) | frozenset(cite(paper) for paper in PAPERS),
    )


def _office(draws: Draws) -> Office:
    """The licensing office: one per draw, the same for every material of that draw. Its median is set per phase."""
    get = draws.get
    backlog = get("applications_per_item") / get("office_decisions_per_day")
    return Office(get("review_factor"), get("review_spread"), get("approval_share"), get("refile_share"),
                  get("refile_days"), get("preparation_days"), backlog)  # fmt: skip


def _product(
    case: Case, draws: Draws, office: Mapping[str, Office], product: str, law: list[Phase], caps: list[Phase]
) -> tuple[Array, Array, Array, Array]:
    """(share, stockpiling, flow, abroad), each (draw, day), of one product."""
    days, n = np.arange(case.horizon_days, dtype=float), draws.n
    covered_share = draws.get("covered_share", product)[:, None]
    through, blocked, tight = _covered(draws, office["shared"], product, law, case.start, days)
    transit = draws.get("transit_days", product)
    arrived = _later(through, transit)
    share = 1 - covered_share + covered_share * arrived
    cap = _caps(caps, case.start, len(days))
    share = np.minimum(share, _later(np.broadcast_to(cap, (n, len(days))), transit))
    pulled, stockpiling = np.zeros_like(share), np.zeros_like(share)
    replaced = np.zeros_like(share)
    abroad = np.zeros_like(share)
    if tight is not None:
        told = days[None, :] - (tight[0] - case.start).days
        pulled, stockpiling = _ahead(draws, product, told, days, (tight[1] - case.start).days, covered_share)
        replaced = _replaced(draws, product, told, blocked)
        lag = draws.get("third_country_lag_days", product)[:, None]
        ramp = np.clip((told - lag) / ABROAD_RAMP, 0, 1)
        abroad = covered_share * draws.get("third_country_share", product)[:, None] * ramp
    kept = 1 - covered_share + covered_share * arrived * (1 - replaced)
    moved = np.minimum(share, kept) + pulled + stockpiling
    flow = np.maximum(0.0, moved) * (1 + draws.get("demand_drift", product)[:, None])
    return share + pulled, stockpiling, flow, abroad


def _later(values: Array, lag: Array) -> Array:
    """Each row moved `lag` days later; the base flow (1) arrives before. Fractions of a day are interpolated."""
    days = np.arange(values.shape[1], dtype=float)
    at = days[None, :] - lag[:, None]
    low = np.floor(at).astype(int)
    part = at - low
    rows = np.arange(len(values))[:, None]
    first = np.where(low >= 0, values[rows, np.clip(low, 0, None)], 1.0)
    second = np.where(low + 1 >= 0, values[rows, np.clip(low + 1, 0, values.shape[1] - 1)], 1.0)
    return np.asarray(first * (1 - part) + second * part, float)


def _covered(
    draws: Draws, office: Office, product: str, law: list[Phase], start: date, days: Array
) -> tuple[Array, Array, tuple[date, date] | None]:
    """(share of the covered flow that moves, share without a licence, (announced, effect) of the first tightening)."""
    n = draws.n
    through, blocked = np.ones((n, len(days))), np.zeros((n, len(days)))
    tight: tuple[date, date] | None = None
    since: dict[str, date | None] = {"light": None, "heavy": None}  # start of the running spell of licences
    for index, phase in enumerate(law):
        end = (law[index + 1].start - start).days if index + 1 < len(law) else len(days)
        first = max(0, (phase.start - start).days)
        level = {}
        for side, kind in (("light", phase.light), ("heavy", phase.heavy)):
            since[side] = None if kind in FREE else since[side] or phase.start
            level[side] = _level(draws, office, product, kind, phase, since[side], start, days)
        if end <= first:
            continue
        ready = np.ones(n)
        for parameter in phase.ready:
            ready = ready * draws.get(parameter, product)
        mixed = ready[:, None] * level["light"] + (1 - ready[:, None]) * level["heavy"]
        through[:, first:end] = mixed[:, first:end]
        blocked[:, first:end] = 1 - mixed[:, first:end]
        if tight is None and not {phase.light, phase.heavy} <= set(FREE) and (phase.start - start).days >= 0:
            tight = (max(phase.announced or phase.start, start), phase.start)
    return through, blocked, tight


def _level(
    draws: Draws, office: Office, product: str, kind: str, phase: Phase, since: date | None, start: date, days: Array
) -> Array:
    """Share of the covered flow that moves by day under one kind of licence, (draw, day)."""
    if kind in FREE or since is None:
        return np.ones((draws.n, len(days)))
    if kind == "prohibited":
        return np.zeros((draws.n, len(days)))
    median = review_median(draws, product, phase.review_days)
    age = days - (since - start).days
    mine = Office(median, office.spread, office.approval, office.refile, office.refile_days, office.preparation,
                  office.backlog)  # fmt: skip
    licensed = mine.licensed(age) * (1 - draws.get("chill_share", product))[:, None]
    validity = phase.validity_days or 182.0
    covered = expiry_coverage(validity, median, draws.get("renewal_early_days"))
    return np.asarray(np.where(age[None, :] < validity + median[:, None], licensed, licensed * covered[:, None]), float)


def review_median(draws: Draws, product: str, published: float | None) -> Array:
    """Median review in calendar days, (draw,): the case's own prior, or the published limit times the office's
    factor. Raises InputError where there is neither."""
    if draws.has("review_days", product):
        return draws.get("review_days", product)
    if published is None:
        raise InputError(
            f"review time of {product} is unknown; allowed: review_days in parameters.csv or in measures.csv"
        )
    return published * draws.get("review_factor")


def _caps(caps: list[Phase], start: date, n_days: int) -> Array:
    """The cap stated by measures, by day (1 where none is)."""
    cap = np.ones(n_days)
    for index, phase in enumerate(caps):
        first = max(0, (phase.start - start).days)
        end = (caps[index + 1].start - start).days if index + 1 < len(caps) else n_days
        if end > first:
            cap[first:end] = 1.0 if phase.cap is None else phase.cap
    return cap


def _ahead(draws: Draws, product: str, told: Array, days: Array, effect: int, covered: Array) -> tuple[Array, Array]:
    """Orders on top of the base flow: (pulled forward until the effect, of covered goods; fear stocks of the rest),
    bounded by what suppliers can make; the fear stocks are run down afterwards. Each (draw, day)."""
    get = draws.get
    surge = get("surge_share", product)[:, None]
    early = (told >= 0) & (days[None, :] < effect)
    pulled = covered * surge * get("pull_forward_share", product)[:, None] * early
    stock = get("fear_stock_days", product)[:, None]
    fill = np.clip(stock - surge * np.clip(told, 0, None), 0, surge) * (told >= 0)  # days of use added on each day
    filled = stock / np.maximum(surge, 1e-9)
    back = (told >= filled + FEAR_HOLD) & (told < filled + FEAR_HOLD + FEAR_UNWIND)
    rundown = stock * get("fear_return_share", product)[:, None] / FEAR_UNWIND * back
    return np.asarray(pulled, float), np.asarray((1 - covered) * (fill - rundown), float)


def _replaced(draws: Draws, product: str, told: Array, blocked: Array) -> Array:
    """Share of the covered customers that a qualified substitute has taken, (draw, day): those without a licence
    when it is qualified, and some of the others; they stay (sticky switching)."""
    get = draws.get
    lag = (
        get("alternative_lag_days", product) if draws.has("alternative_lag_days", product) else get("replace_lag_days")
    )
    progress = np.clip((told - lag[:, None]) / REPLACE_RAMP, 0, 1)
    step = np.diff(progress, axis=1, prepend=progress[:, :1])
    threatened = blocked > 0
    taken = np.where(threatened, blocked + (1 - blocked) * get("replace_share", product)[:, None], 0.0)
    return np.asarray(np.cumsum(step * taken, axis=1) * get("sticky_share", product)[:, None], float)
