"""Several who act or are hit together: "Germany and France", and a member beside its group."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from geoecon import countries
from geoecon.lexicon import Place, Spot


def joined(text: str, places: list[Spot]) -> tuple[list[Spot], dict[str, tuple[Place, ...]]]:
    """Places with those left out that "and" or a comma ties to the one before, and these by the code of the first."""
    kept: list[Spot] = []
    tied_to: dict[str, tuple[Place, ...]] = {}
    end = -1
    if len(places) == 2 and re.fullmatch(r"\s*,\s*", text[places[0].end : places[1].start]):
        return places, tied_to  # "China, Japan: gallium"
    for spot in places:
        tied = kept and re.fullmatch(
            r"\s*(?:,|&|,?\s*and|together with|with)(?:\s+the)?\s*", text[end : spot.start], re.I
        )
        end = spot.end
        if tied and spot.found.code == kept[-1].found.code:
            kept.append(spot)  # "If Japan boycotts China, China stops …": two clauses
        elif tied:
            tied_to[kept[-1].found.code] = (*tied_to.get(kept[-1].found.code, ()), spot.found)
        else:
            kept.append(spot)
    return kept, tied_to


def once(
    places: list[Spot], others: Mapping[str, tuple[Place, ...]]
) -> tuple[list[Spot], dict[str, tuple[Place, ...]], list[str]]:
    """The same without those who stand inside a group that is named with them, and notes that say so."""
    kept: list[Spot] = []
    tied: dict[str, tuple[Place, ...]] = {}
    notes: list[str] = []
    for spot in places:
        each = (spot.found, *others.get(spot.found.code, ()))
        whole = [one for one in each if not any(set(one.states) < set(other.states) for other in each)]
        for one in each:
            if one not in whole:
                group = next(other for other in whole if set(one.states) < set(other.states))
                notes.append(
                    f"{countries.named(one.name)} is in {countries.named(group.name)}, which is answered whole"
                )
        kept.append(replace(spot, found=whole[0]))
        if whole[1:]:
            tied[whole[0].code] = tuple(whole[1:])
    return kept, tied, notes
