"""USD and tonnes for one of a row's numbers: by its own column of units, its indicator, heading, the lines around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoecon.flows import units
from geoecon.flows.layouts import Layout

DOLLARS = ("dollars", "dollar", "$")


@dataclass(frozen=True)
class Combo:
    """The cells of the deciding columns in some row, each as text."""

    flow: str
    indicator: str
    unit: str
    power: str
    weight_unit: str


def dollars_of(
    row: Combo, layout: Layout, given: Mapping[str, float], title: units.Unit | None, power: float
) -> tuple[float | None, str]:  # fmt: skip
    """USD for one of a row's values, and the words that say its unit."""
    if "" not in given:
        return _own(row, layout, given, title, power)
    own, words = _own(row, layout, {}, title, power)
    other = (own is None and bool(words)) or (own is not None and own not in (1.0, given[""]))
    if (
        "USD" in given and other and not words.endswith(units.UNSAID)
    ):  # `--unit USD` is no price of a euro, and no thousand of what the file says
        return None, words or f"units of {own:,.10g}"
    return given[""], ""


def _own(
    row: Combo, layout: Layout, given: Mapping[str, float], title: units.Unit | None, power: float
) -> tuple[float | None, str]:  # fmt: skip
    """The same by what the file says."""
    heading = layout.columns.get("value_usd", "")
    for text in (row.unit, row.indicator, heading):
        found = units.unit(text, alone=text is row.unit)
        if found == units.Unit("USD", 1.0) and text.strip().casefold() in DOLLARS and layout.value is not None:
            found = layout.value  # the office's own dollars
        if found is not None and found.money:
            above = title if text is heading else None
            if (
                above is not None
                and not layout.baci
                and above != found
                and (above.factor != 1 or above.code != found.code)
            ):
                if found.factor != 1 or above.code != found.code:
                    return (
                        None,
                        f"{units.words(found)} by its heading, {units.words(above)} around it {units.UNCLEAR}",
                    )
                found = above
            usd = units.usd(found, given, text)
            return (None if usd is None else usd * power), units.words(found)
        if text and text is row.unit and text.casefold() not in units.COUNTS and found is None:
            usd = units.usd(None, given, text)
            return (None if usd is None else usd * power), text
    if layout.baci and title is not None and layout.value is not None and title != layout.value:
        return (
            None,
            f"{units.words(layout.value)} by BACI, {units.words(title)} by a line around it {units.UNCLEAR}",
        )
    for known in (title, layout.value):
        if known is not None and known.money:
            usd = units.usd(known, given, units.words(known))
            return (None if usd is None else usd * power), units.words(known)
    return power, ""


def tonnes_of(*texts: str) -> float | None:
    for text in texts:
        found = units.unit(text)
        if found is not None and not found.money:
            return found.factor
    return None


def weight_of(row: Combo, layout: Layout, mass: units.Unit | None) -> float:
    """Tonnes for one of the weight column; NaN where its unit is a number of pieces or not known."""
    heading = layout.columns.get("tonnes", "")
    if row.weight_unit:
        return tonnes_of(row.weight_unit) or float("nan")
    own = units.unit(row.unit)
    if own is not None and not own.money and units.unit(heading) is None:
        return own.factor
    known = units.unit(heading) if heading.casefold() != "t" else None
    if known is not None and not known.money:
        return known.factor
    known = mass or layout.weight
    return known.factor if known is not None else 1.0
