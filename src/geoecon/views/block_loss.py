"""How far the shock travels, and what it costs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from geoecon import charts
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.views.block import Answer, missing, sources_of

if TYPE_CHECKING:
    from geoecon.figure import Array


CLASSES = 7  # edges between the classes of a histogram


def how_far(found: Findings) -> Answer:
    """The histogram of the losses: two futures stay two."""
    if found.lost is None or found.short is None:
        return missing(found, "disruption")
    target, usd = say.land(found.name("target")), found.lost
    none = float((np.abs(usd) < say.UNMEASURED).mean())
    large = float((usd >= 1e9).mean())
    calm = say.loss(float(np.abs(usd[np.abs(usd) < say.UNMEASURED]).max(initial=0)))
    if none > 0.95:
        text = f"{say.capital(target)} loses {calm}, {say.runs(none, found.runs)}"
    elif none >= 0.15 and large >= 0.15:
        text = f"Two futures, not one range: {target} loses {calm}, or billions"
    elif 0.15 <= none <= 0.85 and (found.if_short or 0) >= 2 * say.UNMEASURED and found.chance:
        text = f"Two futures, not one range: {target} loses {calm}, or about {say.money(found.if_short or 0)}"
    elif found.unclear:
        text = f"Whether {target} loses or gains over {say.length(found.horizon_months)} cannot be told"
    elif large >= 0.5:
        text = f"{say.capital(target)} loses more than a billion {say.runs(large, found.runs)}"
    else:
        middle = found.middle[0] if found.middle else 0.0
        text = (
            f"In the middle, {target} {say.loses(middle)}{found.of_value_added} over {say.length(found.horizon_months)}"
        )
    if none > 0.99:  # one bar of a hundred shows nothing
        return f"{text}.", None, f"{found.runs} runs, facts of {say.day(found.case.cutoff)}."
    bins = _bins(usd)
    notes = []
    if none >= 0.1:
        small = _small(usd)
        told = "nothing" if small == "none" else "under 10 m"
        notes.append(([words for words, _, _ in bins].index(small), f"{say.runs(none, found.runs)}: {told}"))
    picture = charts.histogram(
        bins,
        title=text,
        said=f"{text}.",
        x=f"Runs in a hundred by loss for {target} over {say.length(found.horizon_months)}, USD",
        notes=notes,
        sources=found.sources("disruption"),
    )
    alone = ", without past error" if found.with_past_error else ""
    return f"{text}.", picture, f"{found.runs} runs, facts of {say.day(found.case.cutoff)}{alone}."


def _small(usd: Array) -> str:
    """The class of what is too small to be told by its size: "none" where it is nothing at all."""
    return "none" if (np.abs(usd[np.abs(usd) < say.UNMEASURED]) < 0.5e6).all() else "under\n10 m"


def _bins(usd: Array) -> list[tuple[str, float, str]]:
    """Classes of loss in steps of 1, 2, 5, in runs of a hundred; under USD 10 million is a class of its own."""
    loud = usd[usd >= say.UNMEASURED]
    none = 100 * float((np.abs(usd) < say.UNMEASURED).mean())
    made = [(_small(usd), none, "teal")] if none else []
    if (usd <= -say.UNMEASURED).any():
        made.insert(0, ("gain", 100 * float((usd <= -say.UNMEASURED).mean()), "teal"))
    if not len(loud):
        return made
    steps = [digit * 10.0**power for power in range(7, 14) for digit in (1, 2, 5)]
    low, high = (float(np.quantile(loud, share)) for share in (0.02, 0.98))
    edges = [step for step in steps if low < step < high][-CLASSES:]
    for below, above in itertools.pairwise([say.UNMEASURED, *edges, float("inf")]):
        share = 100 * float(((usd >= below) & (usd < above)).mean())
        words = (
            "some"
            if not edges
            else f"over\n{_short(below)}"
            if above == float("inf")
            else f"{_short(below, above)}–\n{_short(above)}"
        )
        made.append((words, share, "blue2" if above <= 1e9 else "red"))
    return made


def _short(usd: float, beside: float = 0.0) -> str:
    """An edge of a class: "500 m", "2 bn"; without its unit where the edge beside it has the same."""
    scale, letter = (1e9, "bn") if usd >= 1e9 else (1e6, "m")
    same = beside and (beside >= 1e9) == (usd >= 1e9)
    return f"{usd / scale:g}" if same else f"{usd / scale:g} {letter}"


def what_it_costs(found: Findings) -> Answer:
    """Amounts on one scale: with a shortage and without one, then each later year; a second model stands apart."""
    bars = _cost_bars(found)
    if not bars:
        return missing(found, "welfare")
    text = _cost_told(found)
    shown = [
        (label, [(_drawn(usd, total), colour, words) for usd, colour, words in parts], say.loss(total))
        for label, parts, total in bars
    ]
    used = {colour for _, parts, _ in bars for _, colour, _ in parts}
    used -= {"blue2"} if "red" not in used else set()  # "without" says nothing where no bar is with
    measures = f"the measures of {say.land(found.name('sender'))}"
    names = (("red", "with a shortage"), ("blue2", "without"), ("amber", measures),
             ("plum", "retaliation"), ("sand", "the boycott"), ("grey", found.name("sender")))  # fmt: skip
    picture = charts.amounts(
        shown,
        title=text,
        said=f"{text}.",
        legend=[one for one in names if one[0] in used],
        foot=f"Loss for {say.land(found.name('target'))} in USD, middle of the runs.",
        sources=sources_of(found, "welfare", "disruption"),
    )
    two = found.lost is not None and found.yearly("target", lasting=False) is not None
    note = "The first year is told by a second model, of trade alone: do not add the bars." if two else ""
    return f"{text}.", picture, note


def _drawn(usd: float, total: float) -> float:
    """USD million of a bar: what is told by its bound alone is drawn as nothing, a gain is told in words."""
    return max(usd, 0) / 1e6 if total >= say.UNMEASURED else 0.0


def _cost_bars(found: Findings) -> list[tuple[str, list[tuple[float, str, str]], float]]:
    """(label, parts, total in USD) of everything that has a cost."""
    made: list[tuple[str, list[tuple[float, str, str]], float]] = []

    def bar(label: str, usd: float | None, colour: str) -> None:
        if usd is not None:
            made.append((label, [(usd, colour, label)], usd))

    span = f"over {say.length(found.horizon_months)}"
    if found.chance and found.if_short is not None:
        bar(f"If a material runs short ({say.runs(found.chance, found.runs)}), {span}", found.if_short, "red")
    if made and found.if_not is not None:
        bar(f"If none does ({say.runs(1 - (found.chance or 0), found.runs)}), {span}", found.if_not, "blue2")
    if found.middle is not None and not made:  # one side alone, or too few runs on the other
        bar(f"In the middle, {span}", found.middle[0], "blue2")
    bar("Each later year", found.yearly("target"), "blue2")
    first = found.yearly("target", lasting=False)
    if first is not None:
        label = "By a second model, of trade alone: the first year" if made[:-1] else "The first year"
        made.append((label, found.by_cause(first) or [(first, "amber", label)], first))
    bar(f"For {say.land(found.name('sender'))}, each later year", found.yearly("sender"), "grey")
    return made


def _cost_told(found: Findings) -> str:
    """The answer: with a shortage against without one where the runs know both, else what lasts."""
    target, later = say.land(found.name("target")), found.yearly("target")
    span = say.length(found.horizon_months)
    if found.lost is None:
        return f"The lasting cost for {say.land(found.name('target'))} is {say.loss(later or 0)} a year"
    if found.unclear:
        what = found.of_value_added.removeprefix(" of")
        return f"Whether {target} loses or gains{what} over {span} cannot be told"
    short, calm = found.if_short or 0.0, found.if_not or 0.0
    if found.chance and found.chance < 1 and found.if_short is not None:
        if max(abs(short), abs(calm)) < say.UNMEASURED:
            return f"With a shortage or without, {target} {say.loses(max(short, calm, key=abs))} over {span}"
        if short > 1.2 * max(calm, 0):
            return f"A shortage costs {target} {say.loss(short)} over {span}; without one it {say.loses(calm)}"
        return f"With a shortage or without, {target} {say.loses(found.middle[0] if found.middle else 0.0)} over {span}"
    if found.little:
        return f"Over {span} {target} loses little{found.of_value_added.removeprefix(' of')}: {found.little}"
    middle = found.middle[0] if found.middle else 0.0
    size = "" if abs(middle) < say.UNMEASURED else ", in the middle"
    return f"{say.capital(target)} {say.loses(middle)}{found.of_value_added} over {span}{size}"
