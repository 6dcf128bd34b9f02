"""A use that is told by two columns: what one product, vehicle or shift takes, times how many are made in a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geoecon.dates import TIMES
from geoecon.disruption.part_headings import Column, meaning, named, plain
from geoecon.disruption.part_times import days_of, text_of_heading, timeless
from geoecon.disruption.part_units import PACKS

_EACH = re.compile(
    r"(?:\bper|/|\beach|\bje|\bpro|\bpar|\bpor|\bna) ?(?:\d[\d,]* ?)?(?P<what>[^\W\d]{2,})|(?:\bper|\bje|\bpro) ?\d+$"
    r"|\bbom (?:qty|quantity|usage)\b|\bqpa\b|\busage qty\b|stücklistenmenge|員数|单[台机]用量|單機用量"
    r"|원단위|(?P<car>대)당|1?台(?:当|あ)たり"
)
_SEVERAL = re.compile(r"(?:\bper|/|\bje|\bpro) ?(\d[\d,]*)\b")
_AMOUNT = r"\b(qty|quantity|amount|pcs|pieces|no|number|count|use|usage|consumption|demand|kg|g|menge|stück|quantité"
_AMOUNT += r"|cantidad|quantità|hoeveelheid|ilość|need|requirement|units?|bom|qpa|verbrauch|bedarf|consumo)\b"
_AMOUNT += r"|員数|用量|消耗|使用|원단위|소요|stücklistenmenge"
_MADE = (
    r"\b(units?|vehicles?|cars?|sets?|builds?|built|build rate|assembl\w+|products?|production|output|shifts?|hours?"
    r"|runs?|batch\w*|lots?|engines?|machines?|systems?|trucks?|boards?|stück|fahrzeuge?|schichten|einheiten|produktion"
    r"|véhicules?|unités?|unidades|vehículos|veicoli|produzione|producción|stuks|sztuk|pojazd\w+)\b"
    r"|生産|台数|产量|產量|生产|생산"
)
_GENERAL = r"\b(build|built|production|output|units?|produktion|produzione|producción)|生産|台数|产量|產量|生产|생산"


def of_two(header: Sequence[str], used: set[int]) -> tuple[Column, ...]:
    """The column of what one takes and that of how many are made in a time, where there is one of each; else none."""
    free = [(k, head) for k, head in enumerate(header) if head and k not in used]
    each = [(k, head, what) for k, head in free if (what := one_of(head)) is not None]
    made = [(k, head) for k, head in free if _is_made(head)]
    if len(each) != 1:
        return ()
    place, heading, what = each[0]
    counted = _SEVERAL.search(text_of_heading(heading))
    stem = what[:4].casefold()
    fits = [(k, head) for k, head in made if k != place
            and (re.search(_GENERAL, text_of_heading(head)) or not stem or stem in text_of_heading(head))]  # fmt: skip
    if len(fits) != 1:
        return ()
    for_how_many = float(counted[1].replace(",", "")) if counted is not None else 1.0  # use per 1000 units
    return (Column(place, heading, for_how_many), Column(fits[0][0], fits[0][1], days_of(fits[0][1], "use_per_day")))


def one_of(heading: str) -> str | None:
    """What a heading counts its amount for (unit, vehicle, shift; empty where it has no word); None for any other."""
    text = text_of_heading(heading)
    found = _EACH.search(text)
    if found is None or not re.search(_AMOUNT, text):
        return None
    what = found["what"] or ""
    if what.removesuffix("s").removesuffix("e") in PACKS - {"set", "kit", "wafer", "board", "module", "panel"}:
        return None  # what a box holds is no use
    return None if what in TIMES or not timeless(re.sub(r"\d", "", heading)) else what


def _is_made(heading: str) -> bool:
    """Whether a heading says how many products, vehicles or shifts there are in a time."""
    if timeless(heading) or named(heading) is not None:
        return False
    return bool(re.search(_MADE, text_of_heading(heading)) and not meaning(plain(heading)))
