"""Which listings a name may mean: equal names for sure, near, short and shared ones to be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geoecon.law import names
from geoecon.law.name_index import Index
from geoecon.law.name_tables import ASIAN
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

PER_ENTRY = "per entry"  # the policy of a list that each of its entries states
POLICIES = {"policy of denial": "denial", "presumption of denial": "presumption_denial"}


@dataclass(frozen=True)
class Hit:
    """A listing that a name may mean. `why` is empty where the name is the listed one, else what must be checked."""

    row: Row
    why: str = ""


def index(regime: Regime) -> Index:
    """The names of the regime's listings, each with the number of its row. Kept with the regime."""
    first: Regime = regime.cache.get("same_parties", regime)  # the regime that has the same names
    if "party_index" not in first.cache:
        first.cache["party_index"] = Index.of(
            (name, number, not position)
            for number, row in enumerate(first.rows["party_listing"])
            for position, name in enumerate((row["party"], *row["aliases"]))
        )
    found: Index = first.cache["party_index"]
    return found


def hits(regime: Regime, name: str) -> tuple[Hit, ...]:
    """Listings that the name may mean: those of the same normal form, else those that come near."""
    known: dict[str, tuple[Hit, ...]] = regime.cache.setdefault("hits", {})
    if (seen := known.get(name)) is not None:
        return seen
    if (parts := parts_of(regime, name)) != [name]:
        known[name] = tuple(hit for part in parts for hit in hits(regime, part))
    if name not in known:
        first: Regime = regime.cache.get("same_parties", regime)
        found = first.cache.setdefault("hit_rows", {})  # (number of the row, what must be checked), for both
        if name not in found:
            found[name] = _hits(first, name)
        rows = regime.rows["party_listing"] if found[name] else []
        known[name] = tuple(Hit(rows[number], why) for number, why in found[name])
    return known[name]


def look_up(regimes: Sequence[Regime], texts: Iterable[str]) -> None:
    """Keeps with each regime which of many names can mean no listing, so that none of them is searched by itself."""
    from geoecon.law.many_names import Plain

    seen = [regime.cache.setdefault("hits", {}) for regime in regimes]
    plain = Plain.among(text for text in texts if any(text not in known for known in seen))
    if not plain.names:
        return
    for regime in regimes:
        first: Regime = regime.cache.get("same_parties", regime)
        none = dict.fromkeys(plain.meaning_none(index(first), clears(first)), ())
        first.cache.setdefault("hit_rows", {}).update(none)
        regime.cache.setdefault("hits", {}).update(none)


def told_apart(regimes: Iterable[Regime], name: str) -> tuple[Any, ...]:
    """What regimes tell of a name apart from its letters: the listings that it may mean, what it is called by itself
    and how it is written. Names of which it is the same are answered alike."""
    return names.of_itself(name), tuple(
        (regime.id, hit.row["line"], hit.why) for regime in regimes for hit in hits(regime, name)
    )


def clears(regime: Regime) -> bool:
    """Whether most listings are of lists entered whole: there a name that is not found passes, so more is checked."""
    if "clears" not in regime.cache:
        whole = {row["list"] for row in regime.rows["party_list"] if row.get("complete_from") is not None}
        held = [row["list"] in whole for row in regime.rows["party_listing"]]
        regime.cache["clears"] = 2 * sum(held) > len(held)
    return bool(regime.cache["clears"])


def parts_of(regime: Regime, name: str) -> list[str]:
    """The names that a text holds; a listed name is one, whatever stands in it."""
    parts = names.several(name)
    return [name] if parts != [name] and names.key_of(name) in index(regime).exact else parts


def _hits(regime: Regime, name: str) -> tuple[tuple[int, str], ...]:
    """(number of the row, what must be checked) of each listing that the name, or a firm of its group, may be."""
    rows, known = regime.rows["party_listing"], index(regime)
    same = known.exact.get(names.key_of(name), [])
    if same:
        firms: dict[str, set[str]] = {}
        for number, _, _ in same:
            firms.setdefault(rows[number]["list"], set()).add(names.key_of(rows[number]["party"]))
        found: dict[int, str] = {}
        for number, primary, words in same:
            why = ""
            listed = (rows[number]["party"], *rows[number]["aliases"])
            if all(names.other_form(name, one) for one in listed if names.key_of(one) == names.key_of(name)):
                why = "the legal form is not the listed one"
            elif len(firms[rows[number]["list"]]) > 1:
                why = "the name belongs to several entries"
            elif not primary and words < 2 and not _asian(name):
                why = "the name is a short alias"
            if number not in found or not why:
                found[number] = why
        return tuple(found.items())
    loose, bare = set(known.loose.get(names.key_of(name), ())), name
    if names.BRACKETS.search(name):
        bare = names.without_brackets(name)
        texts = {bare, *names.acronyms(name)}
        loose |= {number for text in texts for number, _, _ in known.exact.get(names.key_of(text), ())}
    if loose:
        return tuple((number, "the names differ by what stands in brackets") for number in sorted(loose))
    if bare == name and known.strange(name):
        return ()
    near = known.near(name) or (known.near(bare) if bare != name else [])
    if near:
        return tuple((number, f"near match, {100 * overlap:.0f} % of the words by weight") for number, overlap in near)
    of_group = sorted(known.beginning(name))
    if of_group:
        return tuple((number, "the listed name begins with this one: a firm of the same group?") for number in of_group)
    inside = sorted(known.inside(name))
    if inside:
        return tuple((number, "the listed name stands inside this one: a branch or an address?") for number in inside)
    behind = {number: None for text in names.FOR.split(name)[1:] if text.strip()
              for number, _ in _hits(regime, text.strip())}  # fmt: skip
    if behind:
        return tuple((number, "what stands behind “for” may be the listed name: the end user?") for number in behind)
    spoken = names.words_of(name)
    if len(spoken) != 1:
        first = known.leading(name) if clears(regime) else set()
        return tuple((number, "first word agrees") for number in sorted(first)) or _tail(regime, known, spoken)
    group = known.groups.get(spoken[0], set()) if name.isupper() else set()
    letters = {*known.initials.get(spoken[0], ()), *(group if len(group) > 1 or clears(regime) else ())}
    short = [(number, "initials agree") for number in letters]
    word = [(number, "first word agrees") for number in known.firsts.get(spoken[0], ())]
    return tuple(sorted([*short, *word])) or _tail(regime, known, spoken)


def _tail(regime: Regime, known: Index, words: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Listings whose name is this one behind a first word, where a list that holds most names is whole."""
    found = known.tails.get(words, set()) if clears(regime) else set()
    return tuple((number, "the listed name without its first word") for number in sorted(found))


def policy_of(regime: Regime, name: str) -> str | None:
    """How applications for the party are decided by its own entry; None where no policy of it was entered."""
    said = " ".join(str(hit.row["reason"]) for hit in hits(regime, name) if not hit.why)
    return next((policy for words, policy in POLICIES.items() if words in said.casefold()), None)


def is_known(regime: Regime, name: str) -> bool:
    """Whether the name is one that the regime's party rows hold, for certain; of several names each."""
    every = [hits(regime, part) for part in parts_of(regime, name)]
    return all(found and not any(hit.why for hit in found) for found in every)


def _asian(name: str) -> bool:
    """Whether a name of one word in Chinese, Japanese or Korean writing is long enough to be a firm's."""
    return names.script_of(name) in ASIAN and len(names.key_of(name)) >= 3
