"""Three numbers: chance, loss, ending; where one is missing, the next best."""

from __future__ import annotations

from dataclasses import dataclass

from geoecon.message import phrases as say
from geoecon.message.ending import half_life
from geoecon.message.findings import Findings
from geoecon.message.headline import depends
from geoecon.message.lead import often


@dataclass(frozen=True)
class Tile:
    """A number with its label and a second line; `tone` red, teal or plain."""

    number: str
    label: str
    more: str = ""
    tone: str = ""
    stage: str = "disruption"  # whose number it is


def tiles(found: Findings) -> tuple[Tile, ...]:
    """Three numbers: chance, loss, ending; where one is missing, the next best."""
    made = []
    if found.sales_lost is not None:
        made.append(_sales_tile(found, *found.sales_lost))
    if found.chance is not None and found.by_product and (found.chance or not found.refuses):
        named = ", ".join(f"{name} {round(100 * share)}" for name, share in found.by_product[:4])
        number = (
            say.percent(found.chance)
            if 0 < found.chance < 1
            else f"none of {found.runs}"
            if not found.chance
            else f"all {found.runs}"
        )
        label = "chance that a material runs short" if 0 < found.chance < 1 else "runs with a shortage"
        more = named if len(found.by_product) > 1 and found.chance > 0 else ""
        made.append(Tile(number, label, more, "red" if found.chance >= 0.33 else "teal" if found.chance < 0.1 else ""))
    if found.middle is not None:
        made.append(_loss_tile(found, *found.middle))
    months = half_life(found)
    if months is not None:
        made.append(
            Tile(
                say.within(months, tile=True),
                "until it is as likely as not to have ended",
                "by this forecast",
                stage="bargaining",
            )
        )
    for product, share in depends(found):
        if len(made) >= 3:
            break
        made.append(
            Tile(
                say.percent(share),
                f"of {say.whose(found.buyer)} {product} comes from {say.land(found.seller)}",
                stage="trade",
            )
        )
    return tuple(made[:3])


def _loss_tile(found: Findings, middle: float, low: float, high: float) -> Tile:
    """The loss in the middle, with its band in words; "times" where the band holds past error, else "runs"."""
    label = f"loss for {say.land(found.name('target'))} over {say.length(found.horizon_months)}, in the middle"
    label = label.replace("loss", f"loss{found.of_value_added}", 1)
    if max(abs(low), abs(high)) < say.UNMEASURED:
        return Tile(say.loss(middle, tile=True), label, f"under USD{say.NBSP}10{say.NBSP}m either way")
    if found.unclear:
        return Tile("unclear", label.removesuffix(", in the middle"), "a gain is about as likely as a loss")
    ends = " and ".join(
        "nothing" if abs(usd) < say.UNMEASURED else say.loss(usd, tile=True).replace("gain", "a gain of")
        for usd in (low, high)
    )
    return Tile(say.loss(middle, tile=True), label, f"{often(found)} between {ends}")


def _sales_tile(found: Findings, middle: float, low: float, high: float) -> Tile:
    """Sales lost to a buyer that refuses: what leads where the target is the seller."""
    seller, buyer = say.land(found.seller), say.land(found.buyer)
    what = f"income of {seller} from visitors of {buyer}" if found.services else f"sales of {seller} to {buyer}"
    label = f"{what} lost over {say.length(found.horizon_months)}"
    ends = " and ".join("nothing" if usd < say.UNMEASURED else say.loss(usd, tile=True) for usd in (low, high))
    more = "too small to measure" if high < say.UNMEASURED else f"eight times in ten between {ends}"
    return Tile(say.loss(middle, tile=True), label, more)
