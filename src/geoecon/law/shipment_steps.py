"""The goods of a shipment by its item and customs code, and the answers over time that many shipments share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geoecon.errors import InputError
from geoecon.law import items, vocabulary
from geoecon.law.answer import Licence
from geoecon.law.classify import OUTSIDE
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.several import Bound, by_choice, choice_history, joint, joint_history

NO_ITEM = "the product has no item and no customs code of an item; such goods can still need a licence"


@dataclass(frozen=True)
class Goods:
    """What the item and the customs code of a shipment may be: `found` has the regimes by item, `told` is what the
    two say against each other. Empty `found`: why stands in `told`."""

    name: str
    found: Mapping[str, Bound]
    told: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        return len(self.found) == 1 and not self.told


def goods(binding: Sequence[Regime], item: str, code: str) -> Goods:
    """The goods by their item; by the customs code where there is no item, or none that a list knows; by both where
    they do not agree."""
    if not (item or code):
        return Goods(item, {}, (NO_ITEM,))
    by_item, refused = _read(binding, item)
    by_code, bad = _read(binding, code)
    if not item:
        return Goods(code, by_code, (bad,) if bad else ())
    if not by_item:
        told = f"no list of {' or '.join(regime.title for regime in binding)} names {item!r}: the customs code is asked"
        return Goods(f"{item} of customs code {code}", by_code, (told,)) if by_code else Goods(item, {}, (refused,))
    if not code or item == code:
        return Goods(item, by_item)
    digits = items.customs_digits(code) or items.bare(code)
    if not any(items.matched(regime, digits) for regime in binding):
        by_code = {}  # a code that no row matches says nothing against the item
    own = {row["code"] for regime in binding for row in regime.rows["item_hs"] if by_item.keys() & set(row["item"])}
    listed = {name: bound for name, bound in by_code.items() if name not in OUTSIDE}
    fits = any(one.startswith(digits) or digits.startswith(one) for one in own)
    if own and not fits:
        told = f"customs code {code} is none of {' or '.join(by_item)} ({', '.join(sorted(own))})"
        return Goods(f"{item} with customs code {code}", {**by_item, **listed}, (told,))
    if listed and by_item.keys() <= set(OUTSIDE):
        told = f"customs code {code} may hold {', '.join(listed)}: the text of the list decides, not the code"
        exact = listed.keys() == by_code.keys()
        return Goods(f"{item} with customs code {code}" if exact else item, {**by_item, **(listed if exact else {})},
                     (told,))  # fmt: skip
    return Goods(item, by_item)


def _read(binding: Sequence[Regime], text: str) -> tuple[Mapping[str, Bound], str]:
    """(items that the text may mean, why there is none)."""
    if not text:
        return {}, ""
    try:
        return items.choices_of(binding, text, None), ""
    except InputError as error:
        return {}, str(error)


def steps_of(
    binding: Sequence[Regime], value: Mapping[str, Any], facts: Mapping[str, Any]
) -> list[tuple[date, Licence]]:
    """Steps of one kind of shipment; before the first of them, and where no table reaches, unknown with the reason."""
    exporter, destination = value["exporter"], value["destination"]
    item = value["item"] or value.get("hs") or ""

    def unknown(*why: str, code: str = item, missing: tuple[str, ...] = ()) -> tuple[date, Licence]:
        id_ = binding[0].id if binding else exporter
        return date.min, Licence(id_, code, destination, date.min, UNKNOWN, code, exporter=exporter, reasons=why,
                                 missing=missing)  # fmt: skip

    if not binding:
        return [unknown(f"no table covers exporters of {exporter}")]
    meant = goods(binding, value["item"], value.get("hs") or "")
    if not meant.found:
        return [unknown(*meant.told, missing=("item",))]
    try:
        said = vocabulary.spread(items.with_own_facts(binding, item, facts))
    except InputError as error:
        return [unknown(str(error))]
    first_bound = next(iter(meant.found.values()))
    ask = destination, exporter, said
    if destination == exporter:  # no export, on any day
        return [(date.min, joint(first_bound, *ask, date.min))]
    if len(meant.found) > 1:
        early = by_choice(meant.found, meant.name, *ask, date.min)
        found = [(date.min, early), *choice_history(meant.found, meant.name, *ask)]
    else:
        found = [(date.min, joint(first_bound, *ask, date.min)), *joint_history(first_bound, *ask).days]
    return [(day, with_told(answer, meant.told)) for day, answer in found] if meant.told else found


def with_told(answer: Licence, told: tuple[str, ...]) -> Licence:
    """The answer with what item and customs code say against each other, before its other reasons where the answer is
    not known, after the deciding one where it is."""
    first = () if answer.kind == UNKNOWN else answer.reasons[:1]
    return replace(answer, reasons=(*first, *told, *answer.reasons[len(first) :]))
