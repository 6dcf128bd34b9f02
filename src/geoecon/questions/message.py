"""What a loss is called in the message of an answer: about how much, nothing, or too uncertain to give."""

from __future__ import annotations

from geoecon.figure import Figure
from geoecon.lexicon import Good
from geoecon.spoken import NOTHING, SMALL, money, of_either_sign


def loss_words(who: str, loss: Figure | None, direct: Figure | None) -> str:
    """What `who` loses over the horizon; `direct` is what the users of the good lose in the first year.

    A size whose band reaches as far below nothing as its middle lies above is not given: not even the side is known.
    """
    if loss is None or loss.value is None:
        return ""
    middle, low, high = loss.value, loss.low, loss.high
    if low is None or high is None:
        return f"{who} {'loses' if middle >= 0 else 'gains'} {money(abs(middle))}"
    if max(abs(low), abs(high)) < SMALL:
        return f"{who} loses {NOTHING}"
    if of_either_sign(middle, low, high):
        unknown = f"what {who} loses is too uncertain to give"
        return f"{unknown}: it may even gain, and more than {money(high)} is unlikely"
    users = 0.0 if direct is None else direct.value or 0.0
    if middle < SMALL and users >= SMALL:
        lost = f"the industries of {who} that use it lose about {money(users)} in the first year"
        return f"{lost}, and other gains make up for that in {who} as a whole"
    if high < SMALL:
        return f"{who} loses nothing and may gain up to {money(-low)}"
    if middle < SMALL:
        return f"{who} most likely loses {NOTHING}, but it may be up to {money(high)}"
    if low <= -SMALL:
        unlikely = f"more than {money(high)} is unlikely, and a small gain is not ruled out"
        return f"{who} loses about {money(middle)}, {unlikely}"
    return f"{who} loses about {money(middle)}, between {_least(low)} and {money(high)}"


def _least(low: float) -> str:
    return "next to nothing" if low < SMALL else money(low)


def sales_words(who: str, good: Good, lost: Figure | None) -> str:
    """What `who` cannot sell to a buyer that refuses its good."""
    if lost is None or lost.value is None:
        return ""
    if max(abs(end) for end in (lost.value, lost.low, lost.high) if end is not None) < SMALL:
        return f"{who} loses no {'income from visitors' if good.is_service else f'{good.name} sales'} one could measure"
    what = "income from visitors" if good.is_service else f"sales of {good.name}"
    ends = "" if lost.low is None or lost.high is None else f", between {money(lost.low)} and {money(lost.high)}"
    return f"{who} loses {what} of about {money(lost.value)} in two years that it cannot make up elsewhere{ends}"
