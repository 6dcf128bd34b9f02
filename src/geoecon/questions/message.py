"""What a loss is called in the message of an answer: about how much, nothing, or too uncertain to give."""

from __future__ import annotations

from geoecon.dates import MEAN_MONTH
from geoecon.figure import Figure
from geoecon.lexicon import Good
from geoecon.spoken import LESS, SMALL, beside_loss, end, little, little_words, money, of_either_sign, size_words


def loss_words(who: str, loss: Figure | None, direct: Figure | None) -> str:
    """What `who` loses over the horizon; `direct` is what the users of the good lose in the first year.

    A band that reaches about as far to gains as to losses gives
    no size; a middle that is small beside it is little, and said with what it is at most.
    """
    if loss is None or loss.value is None:
        return ""
    middle, low, high = loss.value, loss.low, loss.high
    if low is None or high is None:
        return f"{who} {'loses' if loss.value >= 0 else 'gains'} {size_words(loss.value)}"
    if max(abs(low), abs(high)) < SMALL:
        return f"{who} loses {size_words(max(abs(low), abs(high)))}"
    if of_either_sign(low, high):
        unknown = f"what {who} loses is too uncertain to give"
        return f"{unknown}: it may even gain, and more than {money(high)} is unlikely"
    users = 0.0 if direct is None else direct.value or 0.0
    if middle < SMALL and users >= SMALL:
        lost = f"the industries of {who} that use it lose about {money(users)} in the first year"
        return f"{lost}, and other gains make up for that in {who} as a whole"
    if high < SMALL:
        return f"{who} loses nothing and may gain up to {money(-low)}"
    if middle <= -SMALL:
        return f"{who} gains about {money(-middle)}, and a loss of up to {money(high)} is not ruled out"
    if little(middle, high):
        side = ", and a small gain is not ruled out" if low <= -SMALL else ""
        return f"{who} loses little: {little_words(middle, high)}{side}"
    if low <= -SMALL:
        unlikely = f"more than {money(high)} is unlikely, and a small gain is not ruled out"
        return f"{who} loses about {money(middle)}, {unlikely}"
    return f"{who} loses about {money(middle)}, between {end(low)} and {money(high)}"


def loss_over(days: float, who: str, loss: Figure | None, direct: Figure | None, bill: Figure | None) -> str:
    """`loss_words` with the length of the horizon and what dearer imports cost beside it (`bill`)."""
    said = loss_words(who, loss, direct)
    return f"over {round(days / MEAN_MONTH)} months {said}{dearer_words(bill, loss)}" if said else ""


def dearer_words(bill: Figure | None, loss: Figure | None) -> str:
    """What dearer imports cost in the first year, where it is more than the loss that is told and leaves it out."""
    usd, ends = beside_loss(bill, 0.0 if loss is None else loss.value or 0.0)
    band = f", between {ends}" if ends else ""
    return f", not counting what dearer imports cost (about {money(usd)} in the first year{band})" if usd else ""


def sales_words(who: str, good: Good, lost: Figure | None) -> str:
    """What `who` cannot sell to a buyer that refuses its good."""
    if lost is None or lost.value is None:
        return ""
    middle, ends = lost.value, () if lost.low is None or lost.high is None else (lost.low, lost.high)
    most = max(abs(end) for end in (middle, *ends))
    what = "income from visitors" if good.is_service else f"sales of {good.name}"
    if most < SMALL:
        none = f"no {'income from visitors' if good.is_service else f'{good.name} sales'} one could measure"
        return f"{who} loses {none if most < 0.5 else f'{LESS} of {what}'}"
    between = f", between {end(ends[0])} and {end(ends[1])}" if ends else ""
    return f"{who} loses {what} of about {money(middle)} in two years that it cannot make up elsewhere{between}"
