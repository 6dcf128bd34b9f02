"""The words of a dispute, said once: who takes part, how hard it is fought, how it ends, and its calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from geoecon.dates import MEAN_MONTH, month_on

if TYPE_CHECKING:
    from geoecon.draws import Array, Parameter

SIDES = ("sender", "target", "patron")
CONTROL = ("none", "listed", "full")
RETALIATION = ("none", "mirrored", "security")
REMAINING = (1.0, 0.75, 0.5, 0.25, 0.0)  # shares of the first dependence at which losses are computed
LOSS_DIMS = ("draw", "control", "retaliation", "remaining", "side")
LOSS_COORDS: Mapping[str, list[str] | list[float]] = {
    "control": list(CONTROL),
    "retaliation": list(RETALIATION),
    "remaining": list(REMAINING),
    "side": list(SIDES),
}
ENDINGS = ("target_concedes", "sender_concedes", "settlement", "faded", "open")
_WORDS = {
    "target_concedes": "{target} gives way",
    "sender_concedes": "{sender} backs down",
    "settlement": "the two make a deal",
    "faded": "it fades without result",
    "open": "it is still open",
}
# step: the track that it is on, and its words
STEPS: Mapping[str, tuple[str, str]] = {
    "case_filed": ("multilateral", "a case is filed"),
    "tightened": ("governments", "the sender tightens"),
    "retaliation": ("governments", "the target retaliates"),
    "security_step": ("governments", "the target puts a security tie in question"),
    "talks": ("governments", "the governments talk"),
    "easing": ("governments", "the sender eases"),
    "first_licences": ("firms", "first licences reach firms"),
}
TRACKS = ("multilateral", "governments", "firms")
MEDIATION = "mediation"  # an act of a mediator: dated, on the track of the governments, never forecast
# What a state of the law can be called, in a regime and in a case.
STATES_OF_LAW = ("announced", "in_force", "suspended", "not_enforced", "stayed", "rescinded", "reported")
CLOSE = 0.05  # difference of the chances of two endings below which neither is favoured
NODES = 7  # equally likely values of the salience in the run at central values


def ending_in_words(ending: str, target: str = "the target", sender: str = "the sender") -> str:
    """How a dispute ends, as a person would say it; an unknown ending as it is."""
    return _WORDS.get(ending, ending.replace("_", " ")).format(target=target, sender=sender)


def level_endings(chances: Mapping[str, float]) -> list[str]:
    """The endings, likeliest first, that no more than CLOSE lies between: where there are several, none is favoured."""
    order = sorted(chances, key=lambda ending: -chances[ending])
    return [ending for ending in order if chances[order[0]] - chances[ending] < CLOSE]


def salience_levels(prior: Parameter, nodes: int = NODES) -> Array:
    """(nodes,) equally likely values of the issue's salience."""
    import numpy as np

    from geoecon.draws import triangular

    return triangular((np.arange(nodes) + 0.5) / nodes, prior.low, prior.central, prior.high)


def month_of(start: date, day: date) -> float:
    """Months from the start of a dispute to a day, with the day's share of its month."""
    return (day.year - start.year) * 12 + day.month - start.month + (day.day - start.day) / MEAN_MONTH


def day_of(start: date, month: int) -> date:
    """The day that lies so many whole months after the start."""
    first = month_on(start, month)
    return first.replace(day=min(start.day, monthrange(first.year, first.month)[1]))
