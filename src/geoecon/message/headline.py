"""The headline: how likely a shortage is, what it hangs on, or what is known without a chance of it."""

from __future__ import annotations

from geoecon.message import phrases as say
from geoecon.message.findings import Findings
from geoecon.message.levers import Lever, curve

VISIBLE = 0.25  # rank correlation from which a picture along a parameter shows something
STRONG = 0.35  # rank correlation from which the answer hangs on a parameter
TURN = 0.15  # change of the chance along a parameter below which a shortage does not hang on it


def kicker(found: Findings) -> str:
    """Who, whom, what, and the day on which the forecast was made."""
    goods = list(found.products.values())
    what = say.listed(goods) if len(goods) <= 3 else f"{say.whole(len(goods))} goods"
    when = f"as known on {say.day(found.case.cutoff)}" if found.case.cutoff.year < 9000 else "with hindsight"
    return f"{found.name('sender')} → {found.name('target')} · {what} · {when}"


def title(found: Findings) -> str:
    """The headline: how likely a shortage is, and what it hangs on."""
    if found.chance is None:
        return _without_runs(found)
    if found.blind_to_measures:
        return f"On {say.day(found.case.cutoff)} no cut was known, so none is forecast"
    if found.refuses and not found.chance and found.sales_lost:
        return f"{say.land(found.name('target'), True)} loses {refused(found)}"
    if found.chance == 0:
        if found.middle is not None and found.middle[0] >= say.UNMEASURED and not found.unclear:
            target = say.land(found.name("target"), True)
            small = "little: about " if found.little else ""
            short = found.of_value_added or ", though no material runs short"
            return f"{target} loses {small}{say.money(found.middle[0])} in the middle{short}"
        return "No material runs short in any run" + _cost_clause(found)
    word = say.chance_word(found.chance)
    lever = main_lever(found)
    clause = ""
    if lever is not None and 0.03 < found.chance < 0.97 and _turns(found, lever):
        hangs = "hangs" if word == "a toss-up" else "it hangs"
        joint = " that " if word == "a toss-up" else ", and "
        clause = f"{joint}{hangs} on {hidden(lever)}"
    return f"A shortage is {word}{clause}"


def refused(found: Findings) -> str:
    """What the target can no longer sell to a sender that refuses to buy, in the middle: the figure that leads."""
    usd = found.sales_lost[0] if found.sales_lost else 0.0
    goods = say.listed(list(found.products.values())[:3])
    what = "income from visitors" if found.services else f"sales of {goods}"
    if usd < say.UNMEASURED:
        return f"no {what} one could measure"
    return f"{what} worth {say.money(usd)} over {say.length(found.horizon_months)}"


def _turns(found: Findings, lever: Lever) -> bool:
    """Whether the chance of a shortage, and not the loss alone, moves along the lever."""
    chances = [one["chance"] for one in curve(found, lever)]
    return bool(chances) and max(chances) - min(chances) >= TURN


def hidden(lever: Lever) -> str:
    """A lever in the headline: stocks that nobody publishes are the usual case."""
    return "stocks nobody publishes" if lever.words == "stocks" and lever.remembered else lever.words


def main_lever(found: Findings) -> Lever | None:
    """The parameter that decides: the strongest where it is strong."""
    return found.levers[0] if found.levers and abs(found.levers[0].rank) >= max(STRONG, 4 / found.runs**0.5) else None


def leading(found: Findings) -> Lever | None:
    """The parameter that the first picture shows: the strongest that the runs can tell from chance."""
    return found.levers[0] if found.levers and abs(found.levers[0].rank) >= VISIBLE else None


def _without_runs(found: Findings) -> str:
    """The headline of a line without a disruption: who depends on whom."""
    top = depends(found)
    if top:
        product, share = top[0]
        if share < 0.1:
            return f"{say.land(found.buyer, True)} buys little of its {product} from {found.seller}"
        return say.capital(f"{say.land(found.buyer)} buys {say.tenths(share)} of its {product} from {found.seller}")
    return f"{found.name('sender')} and {found.name('target')}: what can be said today"


def _cost_clause(found: Findings) -> str:
    if not found.middle or abs(found.middle[0]) >= say.UNMEASURED:
        return ""
    size = say.loss(found.middle[0])
    return f", and in the middle {size} is lost" if "USD" in size else ", and no loss could be measured"


def depends(found: Findings) -> list[tuple[str, float]]:
    """Products and the seller's share of the buyer's imports, the largest first."""
    figures = found.assessment.told.get("trade", {})
    rows = [
        (found.products.get(key.split(".", 1)[1], key.split(".", 1)[1]), float(figure.value))
        for key, figure in figures.items()
        if key.startswith("share.") and figure.value is not None
    ]
    return sorted(rows, key=lambda one: -one[1])
