"""What a disruption says first: the chances of a fall and of a stop, then one loss at three horizons, then the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from geoecon import spoken
from geoecon.countries import named
from geoecon.dates import MONTH, YEAR
from geoecon.disruption.horizons import FALL, WINDOWS
from geoecon.figure import Figure
from geoecon.past_error import Measured
from geoecon.result import Sample

if TYPE_CHECKING:
    import xarray as xr

    from geoecon.disruption.path import DisruptionPath

Array = NDArray[np.float64]


class Put(Protocol):
    """Notes a sample under a key: values, unit, label, period, as what it is counted, the solver's own error."""

    def __call__(self, key: str, values: Array, unit: str, label: str, of: str = ..., counted: Measured | None = ...,
                 noise: float = ...) -> None: ...  # fmt: skip


NOISE = 1e-9  # of a year's value added: the rounding of a day's sums
SALES = "sender_sales_change_12m"
KEYS = {"first month": "1m", "first year": "1y", "lasting": "lasting"}


def samples(path: DisruptionPath) -> dict[str, Sample]:
    """Chances, the direct loss by window, the loss with what travels on, then worst months, sales, prices."""
    found: dict[str, Sample] = {}
    year = f"{path.start.isoformat()}/{(path.start + timedelta(days=YEAR - 1)).isoformat()}"

    def put(key: str, values: Array, unit: str, label: str, of: str = path.period,
            counted: Measured | None = None, noise: float = 0.0) -> None:  # fmt: skip
        lead, role = key in ("direct_loss.1y", whole_loss), "loss" if key == whole_loss else ""
        found[key] = Sample(np.asarray(values), unit, of, label, False, lead, role, noise, counted, path.past)

    whole_loss = f"lost_value_added.{path.target}"

    found |= chances(path)
    month = f"{MONTH} days from {path.start.isoformat()}"
    periods = {"first month": month, "first year": year, "lasting": "a year, for good"}
    whole = float(path.base_value_added.sel(region=path.target)) * YEAR
    for window in WINDOWS:
        lost = path.direct.sel(window=window).values
        label = f"{window}: value added that the users of the materials lose themselves, {path.name(path.target)}"
        scale = MONTH / YEAR if window == "first month" else 1.0
        usd = Measured(state=path.target, factor=1 / scale)
        put(f"direct_loss.{KEYS[window]}", lost * scale, path.unit, label, periods[window], usd, noise=NOISE * whole)
        put(f"direct_loss_share.{KEYS[window]}", 100 * lost / whole, "% of value added", label, periods[window],
            Measured(state=path.target, factor=whole / 100), noise=100 * NOISE)  # fmt: skip
    change, last = path.gdp_change(), path.last_change()
    regions = [str(region) for region in path.lost_value_added["region"].values]
    for side in (path.target, path.sender):
        if side in regions:
            label = f"value added in the first year, with what travels through the economy, {path.name(side)}"
            earned = float(path.base_value_added.sel(region=side)) * YEAR
            put(f"gdp_change_1y.{side}", change[:, regions.index(side)], "%", label, year,
                Measured(state=side, factor=earned / 100, loss=-1), noise=100 * NOISE)  # fmt: skip
            values = path.lost_value_added.sel(region=side).values
            label = f"value added lost over the horizon, with what travels through the economy, {path.name(side)}"
            years = path.users.sizes["day"] / YEAR
            put(f"lost_value_added.{side}", values, path.unit, label, counted=Measured(state=side, factor=1 / years),
                noise=NOISE * earned)  # fmt: skip
            label = f"value added lost in each later year (the last month's pace), {path.name(side)}"
            put(f"lost_later.{side}", -last[:, regions.index(side)] / 100 * earned, f"{path.unit} a year", label,
                "a year, for good", Measured(state=side), NOISE * earned)  # fmt: skip
    dearer = path.bill.sel(window="first year").values.sum(axis=1)
    put("import_bill_1y", dearer, "USD million", f"dearer imports of the materials, {path.name(path.target)}", year,
        Measured(state=path.target), noise=NOISE * whole)  # fmt: skip
    if path.target in regions:
        income = change[:, regions.index(path.target)] - 100 * dearer / whole
        put(f"income_change_1y.{path.target}", income, "%",
            f"value added less what imports of the materials cost more, {path.name(path.target)}", year,
            Measured(state=path.target, factor=whole / 100, loss=-1), noise=100 * NOISE)  # fmt: skip
    worst = path.worst_month()
    for i, industry in enumerate(path.industries):
        put(f"worst_output_month.{industry}", worst[:, i] * 100, "% of base", f"worst month, {path.title(industry)}",
            counted=Measured("worst_output_month"))  # fmt: skip
    _markets(path, put, year)
    return found


def _markets(path: DisruptionPath, put: Put, year: str) -> None:
    """Sales, use and prices of each material, then the sales that the sender loses."""
    sales, use, dearest = path.sales_change(), path.use.values, path.dearest_month.values
    by_value = path.sales_change(by="value")
    for g, product in enumerate(path.products):
        name = path.name(product)
        put(f"sender_sales_change_12m.{product}", sales[:, g], "%", f"sender's sales by weight, {name}", year,
            Measured(SALES))  # fmt: skip
        put(f"sender_sales_value_12m.{product}", by_value[:, g], "%", f"sender's sales by value, {name}", year,
            Measured(SALES))  # fmt: skip
        used = 100 * use[:, :YEAR, g].mean(axis=1, dtype=float)
        put(f"use_1y.{product}", used, "% of normal", f"use of {name}", year,
            Measured("use_change", shift=-100, most=100))  # fmt: skip
        put(f"peak_price.{product}", dearest[:, g], "times the base",
            f"highest price of {name} to its users in a month (what a unit more is worth to them)",
            counted=Measured("price_change", factor=100.0, shift=-100.0, least=1.0))  # fmt: skip
    for market in path.prices:
        label = f"{market.name}, {market.before:g} in {market.period}"
        put(f"price_1y.{market.market}", market.mean, market.unit, label, year,
            Measured("price_change", factor=100 / market.before, shift=-100))  # fmt: skip
    base = path.base_sales.values
    if base.sum() > 0:
        put("sender_lost_sales", -(by_value / 100 * base).sum(axis=1), path.unit,
            "sender's sales of the materials lost in the first year, by value", year,
            Measured(SALES, factor=-100 / base.sum()))  # fmt: skip


def chances(path: DisruptionPath) -> dict[str, Sample]:
    """The chance of a fall of bound output by a twentieth in some month and of a first stop, by material and of any."""
    found: dict[str, Sample] = {}

    def put(key: str, happens: NDArray[np.bool_] | np.bool_, label: str) -> None:
        found[key] = Sample(np.asarray(happens, float), "", path.period, label, event=True, lead="." not in key,
                            role="chance" if key == "stop_chance" else "")  # fmt: skip

    falls, stops = path.falls.values < 1 - FALL, np.isfinite(path.first_stop.values)
    put("fall_chance", falls.any(axis=1), "output that needs a material falls by 5 % in some month")
    put("stop_chance", stops.any(axis=1), "some plant stops for lack of a material")
    for g, product in enumerate(path.products):
        name = path.name(product)
        put(f"fall_chance.{product}", falls[:, g], f"output that needs {name} falls by 5 % in some month")
        put(f"stop_chance.{product}", stops[:, g], f"some plant stops for lack of {name}")
    for f, firm in enumerate(path.firm_stop["firm"].values):
        put(f"firm_stop_chance.{firm}", np.isfinite(path.firm_stop.values[:, f]), f"{path.name(firm)} stops")
    return found


def first_stops(path: DisruptionPath) -> dict[str, Figure]:
    """The day of the first stop of a plant by material, among the runs in which one stops."""
    found = {}
    for values, key, when in ((path.first_stop, "first_stop_day", "a plant"), (path.firm_stop, "firm_stop_day", "it")):
        for name, drawn in _columns(values):
            days = drawn[1:] if len(drawn) > 1 else drawn
            if np.isfinite(days).any():
                hit = days[np.isfinite(days)]
                whose = "for lack of " if when == "a plant" else "of "
                found[f"{key}.{name}"] = Figure.of(
                    np.concatenate([[np.median(hit)], hit]), "days", f"if {when} stops", path.sources, path.verified,
                    f"day of the first stop {whose}{path.name(name)}",
                )  # fmt: skip
    return found


def sales_lost(path: DisruptionPath) -> dict[str, Figure]:
    """USD million of sales that a refusing buyer takes from the target and that it makes up nowhere else."""
    if path.refused_sales is None:
        return {}
    lost, most, sources = path.refused_sales
    days = path.stock.sizes["day"]
    label = f"sales of {path.name(path.target)} to {path.name(path.sender)} lost and not made up elsewhere"
    error = Measured(state=path.target, factor=YEAR / days)
    made = path.counted(lost, error, "USD million", f"{days} days from {path.start}", label)
    high = None if made.high is None else min(made.high, most)  # no more than all of it
    return {f"sales_lost.{path.target}": replace(made, high=high, sources=sources)}


def _columns(values: xr.DataArray) -> list[tuple[str, Array]]:
    """(name, (draw,)) of a (draw, name) array."""
    return [(str(name), values.values[:, k]) for k, name in enumerate(values[values.dims[1]].values)]


def sentence(path: DisruptionPath) -> str:
    """The chances first, then the loss of the first year: direct, and with what travels on."""
    said = path.figures()
    if not (path.ceiling.values < 1 - 1e-9).any() and f"lost_value_added.{path.target}" in said:
        whole_loss = spent(said[f"lost_value_added.{path.target}"])
        return f"No material runs short in any run; {named(path.name(path.target))} {whole_loss} of value added in " \
            f"the {path.stock.sizes['day']} days from {path.start}, with what travels through the economy."  # fmt: skip
    worst = max(path.products, key=lambda product: said[f"fall_chance.{product}"].value or 0.0)
    fall, stop = (said[key].value or 0.0 for key in (f"fall_chance.{worst}", "stop_chance"))
    material = path.name(worst)
    if len(path.falls) == 1:
        text = f"At central values output that needs {material} {'falls' if fall else 'does not fall'} by a twentieth "
        text += f"in some month, and {'some' if stop else 'no'} plant stops"
    else:
        falls, stops = (spoken.runs(chance, len(path.falls) - 1) for chance in (fall, stop))
        text = f"Output that needs {material} falls by a twentieth in some month {falls}, and some plant stops {stops}"
    first = min((f for key, f in said.items() if key.startswith("first_stop_day")), key=lambda f: f.value or 0.0,
                default=None)  # fmt: skip
    if first is not None and first.value is not None:
        text += f" (then about {(path.start + timedelta(days=int(first.value))).isoformat()})"
    target = named(path.name(path.target))
    direct, whole = said["direct_loss.1y"], said.get(f"gdp_change_1y.{path.target}")
    text += f"; {target} {spent(direct)} of value added in the first year in the industries that use the materials"
    if whole is not None and whole.value is not None and direct.measurable:
        text += f", and with what travels through the economy {_of_all(-whole.value)} of all value added"
    return text + "."


def spent(loss: Figure) -> str:
    """A loss or gain of money in words, its verb first, with its band."""
    if not loss.measurable:
        return "loses nothing measurable"
    return "loses an unknown amount" if loss.value is None else spoken.loses(loss.value, loss.low, loss.high)


def _of_all(percent: float) -> str:
    """A loss as a part of everything: below a tenth of a per cent none could measure it."""
    return spoken.percent(percent / 100) if abs(percent) >= 0.1 else "less than a tenth of a per cent"
