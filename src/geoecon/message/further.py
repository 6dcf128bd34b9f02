"""The second sentences: what moves the chance, the lasting cost, and who gives way."""

from __future__ import annotations

from geoecon.dates import MEAN_MONTH
from geoecon.message import phrases as say
from geoecon.message.ending import ending_told
from geoecon.message.findings import Findings
from geoecon.message.headline import TURN, main_lever
from geoecon.message.lead import WIDE
from geoecon.message.levers import curve
from geoecon.message.losses import MILLION
from geoecon.spoken import NOTHING, SMALL


def second(found: Findings) -> str:
    """What moves the chance, the lasting cost, and who gives way."""
    parts = [_moves(found), _lasting(found), ending_told(found)]
    return " ".join(part for part in parts if part)


def _moves(found: Findings) -> str:
    lever = main_lever(found)
    points = curve(found, lever) if lever is not None else []
    if lever is None or not points or found.chance is None or not 0.03 < found.chance < 0.97:
        return ""
    ends = (points[0], points[-1])
    low, high = ends if ends[0]["chance"] <= ends[1]["chance"] else ends[::-1]
    if high["chance"] - low["chance"] < TURN:
        return ""
    if lever.key.split(".")[0] == "inventory_days":
        calm, tight = _stock(low["x"]), _stock(high["x"])
        return (
            f"With {tight} of stock the chance is "
            f"{say.percent(high['chance'])}, with {calm} {say.percent(low['chance'])}."
        )
    return (
        f"Depending on {lever.words}, the chance lies between "
        f"{say.percent(low['chance'])} and {say.percent(high['chance'])}."
    )


def _stock(days: float) -> str:
    if days < 25:
        return f"{say.whole(round(days / 7))} week{'s' if round(days / 7) != 1 else ''}"
    months = round(days / MEAN_MONTH)
    return f"{say.whole(months)} month{'s' if months != 1 else ''}"


def _lasting(found: Findings) -> str:
    usd = found.yearly("target")
    if usd is None or found.blind_to_measures:
        return ""
    if say.loss(usd) == NOTHING:
        return ""
    later = found.figure("disruption", f"lost_later.{found.code('target')}")
    most = 0.0 if later is None or later.high is None else MILLION * later.high
    if usd < 0:
        return "" if usd > -say.UNMEASURED else f"Each later year brings {say.loss(usd)} in the middle."
    size = say.loss(usd) if usd < say.UNMEASURED else f"about {say.money(usd)}"
    if most < max(WIDE * usd, say.UNMEASURED):
        return f"Each later year costs {size}."
    gain = " A gain is not ruled out." if later is not None and (later.low or 0.0) <= -SMALL else ""
    return f"Each later year costs {size} in the middle, at most {say.money(most)} nine times in ten.{gain}"
