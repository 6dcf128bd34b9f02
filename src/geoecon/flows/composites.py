"""Names of one country of which one contains the other: China beside its mainland, France beside France with Monaco."""

from __future__ import annotations

import re
from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from geoecon.countries import Place, resolve
from geoecon.errors import InputError
from geoecon.flows import engine
from geoecon.flows.coverage import Item
from geoecon.flows.raw import Raw


def set_apart(raws: Sequence[Raw], places: dict[str, Place]) -> list[Item]:
    """Marks a name that contains another name of the same country as an aggregate, and says so: both are one trade.

    `China` beside `China, mainland` is the sum of mainland, Hong Kong, Macao and Taiwan; `Switzerland, Liechtenstein`
    has what `Switzerland` has, where each of its flows stands under both names.
    """
    folded = {text.casefold().replace(",", " ").split()[0] for text in places if "mainland" in text.casefold()}
    items: list[Item] = []
    for text, place in list(places.items()):
        if text.strip().casefold() in folded:
            places[text] = Place(place.iso3, "aggregate", "stands beside its mainland")
        elif place.kind == "country" and _with_others(text, place.iso3):
            same = [one for one, other in places.items() if one != text and other.iso3 == place.iso3]
            inside = next((one for one in same if not _with_others(one, place.iso3) and _meet(raws, text, one)), "")
            if inside:
                places[text] = Place(place.iso3, "aggregate", f"contains {inside}, which stands beside it")
                items.append(Item("group of countries", 0, 0.0, f"{text} contains {inside}, which counts beside it"))
    return items


def _meet(raws: Sequence[Raw], whole: str, part: str) -> bool:
    """Whether each flow of the first name stands under the second too. Raises InputError where only some do."""
    for side in ("exporter", "importer"):
        keys = ["period", "importer" if side == "exporter" else "exporter", "product"]
        rows = pd.concat([engine.collect(raw.rows.filter(nw.col(side).is_in([whole, part])).select(side, *keys))
                          for raw in raws]).astype(str)  # fmt: skip
        own, other = (set(map(tuple, rows.loc[rows[side] == name, keys].to_numpy().tolist())) for name in (whole, part))
        if own & other and own - other:
            first = " ".join(sorted(own - other)[0])
            raise InputError(f"{whole!r} contains {part!r}, and only some of its flows stand beside it (not {first}); "
                             "allowed: rows of one of the two")  # fmt: skip
        if own & other:
            return True
    return False


def _with_others(text: str, iso3: str) -> bool:
    """Whether a name lists its country and others: `Norway, Svalbard and Jan Mayen`."""
    parts = re.split(r",| and | & |/|\(?incl\.?|\(?including", text, maxsplit=1)
    if len(parts) < 2:
        return False
    more = [parts[1], *re.split(r",| and | & ", parts[1])]
    return _code(parts[0]) == iso3 and any(_code(part) not in ("", iso3) for part in more)


def _code(name: str) -> str:
    try:
        return resolve(name.strip(" ()")).iso3
    except InputError:
        return ""
