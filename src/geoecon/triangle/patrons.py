"""The strongest ally that two states share, by the pact records: who would stand behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geoecon import lexicon
from geoecon.errors import MissingData
from geoecon.triangle import records as r

MAJOR = 10  # powers, by capability


def allies(state: str, year: int) -> dict[str, float]:
    """ISO3 of every state with a defence pact with `state` in the year, with its share of the world's capability.

    After the last year of the records pacts and capabilities are those of that year. Raises MissingData for an unknown
    state.
    """
    place, ties, _ = r.pacts(year)
    names = {place[code]: iso3 for iso3 in r.every_state() for code in [r.code(iso3, year)] if code in place}
    own = place.get(r.code(state, year))
    if own is None:
        return {}
    found = {names[int(k)]: capability(names[int(k)], year) for k in np.flatnonzero(ties[own]) if int(k) in names}
    return {iso3: value for iso3, value in found.items() if value == value}


def capability(state: str, year: int) -> float:
    """Share of the world's capability, NaN where unknown."""
    return r.value("capabilities", "cinc", state, min(year, r.last_power()))


def patron_of(senders: Sequence[str], targets: Sequence[str], year: int) -> tuple[str | None, str]:
    """(patron, how it was found): the strongest major power allied to both sides, else to the target,
    else to the sender; None where no pact binds them to one. Groups stand for their strongest."""
    sender, target = _strongest(senders, year), _strongest(targets, year)
    out = {*senders, *targets}
    mine = {side: _stronger(side, year, out) for side in (sender, target) if side}
    both = set(mine.get(sender or "", {})) & set(mine.get(target or "", {}))
    if both:
        best = max(both, key=lambda state: mine[target or ""][state])
        return best, f"the strongest ally of both, by the pact records of {r.last_pacts()}"
    for side, told in ((target, "the strongest ally of the target"), (sender, "the strongest ally of the sender")):
        if side and mine.get(side):
            best = max(mine[side], key=lambda state: mine[side][state])
            return best, f"{told}, by the pact records of {r.last_pacts()}"
    return None, "no pact of the records binds either side to a stronger power"


def stands_for(code: str, year: int) -> str:
    """The state of the records behind a code: of a group its strongest member in a year, else the code itself."""
    return _strongest(lexicon.members(code), year) or code


def _strongest(states: Sequence[str], year: int) -> str | None:
    known = {state: capability(state, year) for state in states if r.is_state(state)}
    known = {state: value for state, value in known.items() if value == value}
    return max(known, key=lambda state: known[state]) if known else None


def _stronger(state: str, year: int, out: set[str]) -> dict[str, float]:
    """Its allies among the major powers that are stronger than it."""
    try:
        own, known = capability(state, year), allies(state, year)
    except MissingData:
        return {}
    least = _least(year)
    return {ally: power for ally, power in known.items() if power >= least and power > own and ally not in out}


def _least(year: int) -> float:
    """Capability of the last of the major powers."""
    _, _, power = r.pacts(min(year, r.last_power()))
    return float(np.sort(power[np.isfinite(power)])[-MAJOR])
