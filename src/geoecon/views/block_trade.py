"""The first two questions: who depends on whom, and what the controls changed."""

from __future__ import annotations

from typing import Any

from geoecon import charts, countries
from geoecon.message import Findings, depends
from geoecon.message import phrases as say
from geoecon.views.block import SENDER, Answer, band_words, missing, named

TOP = 4  # suppliers shown by name


def who_depends(found: Findings) -> Answer:
    """Ribbons from suppliers to products, widths by share of the buyer's imports."""
    rows = depends(found)
    if not rows:
        return missing(found, "trade")
    seller, buyer = say.land(found.sellers), say.land(found.buyer)
    high = [product for product, share in rows if share >= 0.5]
    low = [(product, share) for product, share in rows if share < 0.5]
    if high:
        share = min(share for product, share in rows if product in high)
        text = (
            f"{buyer} bought "
            f"{say.tenths(share)}{' or more' if len(high) > 1 else ''} of its {say.listed(high[:3])} from {seller}"
        )
        if low:
            longer = f"{text}, and {say.tenths(low[0][1])} of its {low[0][0]}"
            text = text if say.faults_of(f"{longer}.") else longer
    else:
        share = rows[0][1]
        text = f"{buyer} bought {say.tenths(share)} of its {rows[0][0]} from {seller}"
    if found.services:
        text = (
            f"{say.whose(found.buyer)} travellers spent {say.tenths(rows[0][1])} of what they spend abroad in {seller}"
        )
    ribbons, notes, colours = _ribbons(found, [product for product, _ in rows[:4]])
    picture = (
        charts.flow(
            ribbons,
            title=text,
            said=f"{text}. Widths are shares of imports.",
            notes=notes,
            colours=colours,
            sources=found.sources("trade"),
        )
        if ribbons
        else None
    )
    return f"{say.capital(text)}.", picture, named(found.sources("trade"))


def _ribbons(found: Findings, wanted: list[str]) -> tuple[list[tuple[str, str, float]], dict[str, str], dict[str, str]]:
    """(supplier, product, share) of the last full period before the forecast, largest suppliers by name."""
    trade = found.trade
    base, ribbons, notes = getattr(trade, "base", {}), [], {}
    for key, name in found.products.items():
        window = base.get(key)
        if name not in wanted or window is None or not window.total:
            continue
        amounts = window.amount.dropna().sort_values(ascending=False)
        top = amounts[amounts / window.total > 0.01].head(TOP)
        ribbons += [(_supplier(found, str(code)), name, float(value) / window.total) for code, value in top.items()]
        rest = 1 - float(top.sum()) / window.total
        if rest > 0.01 and not any(left == "not split" and right == name for left, right, _ in ribbons):
            ribbons.append(("others" if len(amounts) > len(top) else "not split", name, rest))
        worth = say.money(window.total) if window.unit == "USD" else f"{say.spoken(window.total)} {window.unit}"
        amount = f"{worth}, {window.period}" if len(window.period) < 8 else f"{worth} a year"
        notes[say.capital(name)] = "shares alone are known" if window.unit == "share" else amount
    colours = {found.seller: SENDER, "others": "grey", "not split": "grey"}
    free = iter(["blue2", "teal", "sand", "plum", "blue", "amber", "red", "blue3"] * 3)
    for supplier, _, _ in ribbons:
        colours.setdefault(supplier, next(free))
    return [(supplier, say.capital(product), share) for supplier, product, share in ribbons], notes, colours


def _supplier(found: Findings, code: str) -> str:
    """A supplier's name; trade that its source gives to no country is "not split"."""
    named = {state.code for state in found.case.states} | set(found.case.settings.get("codes", {}))
    if code in named:
        return (
            found.case.name_of(code)
            if code in {state.code for state in found.case.states}
            else str(found.case.settings["codes"][code])
        )
    return countries.name(code) if countries.is_known(code) and countries.is_country(code) else "not split"


def what_changed(found: Findings) -> Answer:
    """Forecast change of imports by product beside what came."""
    if not found.cut:
        return missing(found, "controls")
    rows: list[dict[str, Any]] = []
    for key, values in found.cut:
        rows.append(
            {
                "label": say.capital(found.products[key]),
                **dict(zip(("low", "middle", "high"), found.cut_told(key, values), strict=True)),
                **dict(zip(("came", "reading"), _seen(found, "imports_change_12m", key), strict=True)),
            }
        )
    worst = min(rows, key=lambda one: one["middle"])
    by = f" by {say.land(found.buyer)}" if found.refuses else ""
    what = f"Imports of {say.small(worst['label'])} from {say.land(found.sellers)}{by} were"
    if found.services:
        what = f"What {say.whose(found.buyer)} travellers spend in {say.land(found.sellers)} was"
    told = f"{what} forecast to {_moved(worst['middle'] / 100, FORECAST)} over a year"
    if worst["came"] is not None:
        came = f"they {_moved(worst['came'] / 100, CAME)}{worst['reading']}"
        told += f". {say.capital(came)}" if say.faults_of(f"{told}; {came}.") else f"; {came}"
    picture = charts.ranges(
        rows,
        title=told,
        said=f"{told}.",
        unit="%",
        legend=(band_words(found), "what came"),
        sources=found.sources("controls"),
    )
    return f"{told}.", picture, "Change of imports in the first year against the year before."


FORECAST, CAME = ("fall", "rise", "stay"), ("fell", "rose", "stayed")


def _moved(share: float, verbs: tuple[str, str, str]) -> str:
    falls, rises, stays = verbs
    if abs(share) <= 0.03:
        return f"{stays} about as they were"
    return f"{falls} {say.by(-share)}" if share < 0 else f"{rises} by {say.tenths(share)}"


def _seen(found: Findings, metric: str, of: str) -> tuple[float | None, str]:
    """What came, and as what it was measured where there are several measures: the first of the record."""
    if found.scores is None:
        return None, ""
    rows = found.scores[
        (found.scores["metric"] == metric) & (found.scores["of"] == of) & found.scores["observed"].notna()
    ]
    if not len(rows):
        return None, ""
    return float(rows["observed"].iloc[0]), found.readings.get(str(rows["outcome_id"].iloc[0]), "")
