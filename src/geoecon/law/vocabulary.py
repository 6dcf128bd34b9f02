"""Words that a shipment may be described with: every use, user, trigger and fact of the tables, in any case, and the
plain words that mean them. What no table knows is refused with the near ones."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from geoecon.errors import InputError
from geoecon.law import facts as facts_of
from geoecon.law import names
from geoecon.law.places import OCCUPIED, parts, place_of, region_of, regions
from geoecon.law.regime import Regime
from geoecon.tables import given, packaged

if TYPE_CHECKING:
    from geoecon.kinds import Cell
    from geoecon.law.facts import Fact


ASKED = ("end_use", "end_use_class", "catch_all_use")  # three names of the same question
EMBARGO = "military_in_embargoed_place"
Facts = Mapping[str, Any]


def _rows(name: str) -> list[dict[str, str]]:
    return packaged("law/regimes", name)


@cache
def known_facts() -> Mapping[str, Mapping[str, str]]:
    """Facts with their kind and the question that asks for them."""
    return {row["fact"]: row for row in _rows("facts.csv")}


@cache
def words(vocabulary: str) -> Mapping[str, str]:
    """What each word of a vocabulary means."""
    return {row["word"]: row["means"] for row in _rows("words.csv") if row["vocabulary"] == vocabulary}


@cache
def implied(vocabulary: str, word: str) -> frozenset[str]:
    """The word and every wider one: nuclear is wmd, knowledge is suspicion."""
    wider = {row["means"]: row["wider"] for row in _rows("words.csv") if row["vocabulary"] == vocabulary
             and row["wider"]}  # fmt: skip
    found = {word}
    while word in wider and wider[word] not in found:
        word = wider[word]
        found.add(word)
    return frozenset(found)


def meets(said: str, wanted: Iterable[str]) -> bool:
    """Whether a use that was said is one of those that a row names: the same, a narrower or a wider one."""
    return any(said in implied("use", name) or name in implied("use", said) for name in wanted if name != EMBARGO)


def fold_word(text: Cell) -> str:
    return "_".join(str(text).strip().casefold().replace("-", " ").replace("_", " ").split())


def tested(regimes: Iterable[Regime]) -> Mapping[str, frozenset[str]]:
    """Attributes that some rule asks, with the words that it compares them with; none for amounts."""
    found: dict[str, set[str]] = {}
    for regime in regimes:
        if "tested" not in regime.cache:
            own: dict[str, set[str]] = {row["attribute"]: set() for row in regime.rows["item_param"]}
            for row in regime.rows["licence_rule"]:
                for clause in facts_of.parsed(row["condition"]):
                    for attribute, sign, value in clause:
                        own.setdefault(attribute, set()).update({value} if sign == "=" and not _amount(value) else ())
            regime.cache["tested"] = own
        for attribute, values in regime.cache["tested"].items():
            found.setdefault(attribute, set()).update(values)
    return {attribute: frozenset(values) for attribute, values in found.items()}


SIGNS = (("<=", "at most"), (">=", "at least"), ("<", "below"), (">", "above"), ("=", ""))


def in_words(condition: str) -> str:
    """A condition as people say it: tpp<21000 is 'total processing performance below 21,000'."""
    parts = [" or ".join(_test(one) for one in part.split("|")) for part in condition.split(";")]
    return " and ".join(f"either {part}" if " or " in part and len(parts) > 1 else part for part in parts)


def _test(test: str) -> str:
    sign, word = next(((sign, word) for sign, word in SIGNS if sign in test), ("", ""))
    name, _, value = test.partition(sign) if sign else (test, "", "")
    row = known_facts().get(name)
    if row is None or "!" in test:
        return test.replace("_", " ")
    if row["kind"] == "yes_no":
        return f"“{row['question']}” is {value}"
    if row["kind"] == "region":
        return f"they go to {value}"
    value = f"{float(value):,.12g}" if value.replace(".", "", 1).isdigit() else value.replace("_", " ")
    if not row["question"].startswith("What is the "):
        return " ".join(part for part in (f"“{row['question']}” is", word, value) if part)
    return " ".join(part for part in (row["question"].removeprefix("What is the ").rstrip("?"), word, value) if part)


def table_words(regimes: Iterable[Regime]) -> Mapping[str, frozenset[str]]:
    """Uses, users and triggers that some row names."""
    found: dict[str, set[str]] = {"use": set(), "user": set(), "trigger": set(), "list": set()}
    for regime in regimes:
        if "table_words" not in regime.cache:
            rules, caught = regime.rows["licence_rule"], regime.rows["catch_all"]
            regime.cache["table_words"] = {
                "use": {row["end_use_class"] for row in rules} | {use for row in caught for use in row["end_use"]}
                | {use for row in regime.rows["reach"] for use in row.get("end_use") or ()},
                "user": {row["end_user_class"] for row in rules},
                "trigger": {name for row in caught for name in row["trigger"]},
                "list": {row["list"] for row in regime.rows["party_list"]},
            }  # fmt: skip
        for name, values in regime.cache["table_words"].items():
            found[name] |= values - {None, "any"}
    return {name: frozenset(values) for name, values in found.items()}


def checked(facts: Facts, regimes: Iterable[Regime]) -> dict[str, Any]:
    """The facts as they are used. Empty ones are unsaid; a use said once stands under every name that asks it.

    Raises InputError with every fact that no rule asks and every word that no table knows, naming near ones.
    """
    every = list(regimes)
    attributes, vocabulary = tested(every), table_words(every)
    known = {*known_facts(), *attributes}
    clean: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in facts.items():
        if not given(value) or str(value).strip() == "":
            continue
        folded = name if name in known else fold_word(name)
        if folded not in known:
            near = difflib.get_close_matches(folded, known, n=5, cutoff=0.4) or sorted(known)
            faults.append(f"fact {name!r} is asked by no rule; allowed: " + ", ".join(near))
            continue
        try:
            clean[folded] = _value(folded, value, attributes, vocabulary)
        except InputError as error:
            faults += [str(fault) for fault in error.faults]
    if faults:
        raise InputError(faults)
    return spread(clean)


def one(name: str, value: Cell, regimes: Iterable[Regime]) -> Fact:
    """The value of one fact as it is used. Raises InputError naming what is allowed."""
    every = list(regimes)
    return _value(name, value, tested(every), table_words(every))


def _value(
    name: str, value: Cell, attributes: Mapping[str, frozenset[str]], vocabulary: Mapping[str, frozenset[str]]
) -> Fact:
    kind = known_facts()[name]["kind"] if name in known_facts() else ""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if kind in ("use", "user", "trigger"):
        return ";".join(dict.fromkeys(_word(name, part, kind, vocabulary[kind]) for part in str(value).split(";")))
    if kind == "list":
        parts = str(value).split(";")
        return ";".join(_word(name, part, kind, vocabulary[kind], plain=False) for part in parts if part.strip())
    if kind == "place":
        return place_of(str(value))
    if kind == "region":
        return _region(value)
    if kind in ("party", "item"):
        return str(value).strip()
    own = attributes.get(name, frozenset())
    if kind == "yes_no" or (not kind and own and own <= {"yes", "no"}):
        return _word(name, value, "yes_no", frozenset(("yes", "no")))
    if kind == "purpose" or own:
        return _word(name, value, "purpose" if kind == "purpose" else "", own)
    return _number(name, value if isinstance(value, str | float | int) else str(value), kind)


def _region(value: Cell) -> str:
    found = region_of(str(value))
    if not found:
        known = ", ".join(sorted(parts()))
        raise InputError(f"fact region = {str(value)!r}; allowed: a part of a country: {known}")
    return found


def _word(name: str, value: Cell, kind: str, own: frozenset[str], plain: bool = True) -> str:
    """A word of a vocabulary or of the tables, without regard to case."""
    text = fold_word(value) if plain else str(value).strip()
    folded = {(fold_word(word) if plain else word.casefold()): word for word in own}
    key = text if plain else text.casefold()
    if key in folded:
        return folded[key]
    meanings = words(kind) if kind else {}
    if key in meanings:
        return meanings[key]
    offered = {*folded.values(), *meanings.values()}
    near = difflib.get_close_matches(key, [*folded, *meanings], n=4, cutoff=0.5)
    first = dict.fromkeys(folded.get(word) or meanings[word] for word in near)
    rest = [word for word in sorted(offered) if word not in first]
    raise InputError(f"fact {name} = {str(value)!r}; allowed: " + ", ".join([*first, *rest][:24]))


def _number(name: str, value: str | float, kind: str) -> str | float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"fact {name} = {value!r}; allowed: a number") from None
    if not math.isfinite(number) or number < 0 or (kind == "percent" and number > 100):
        allowed = "a number from 0 to 100" if kind == "percent" else "a finite number from 0"
        raise InputError(f"fact {name} = {value!r}; allowed: {allowed}")
    return value


def _amount(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def spread(facts: dict[str, Any]) -> dict[str, Any]:
    """The same facts with each use, user and notice under every name that a rule may ask it by.

    Raises InputError where a use is said to be civil and not civil at once, and where a fact contradicts the place.
    """
    found = dict(facts)
    part = regions().get(str(found.get("region")), {})
    if part.get("value") and found.setdefault(part["fact"], part["value"]) != part["value"]:
        raise InputError(f"{part['fact']}={found[part['fact']]} beside {part['region']}; allowed: {part['value']}")
    if found.get("occupied_region") == "yes":
        found.setdefault("region", OCCUPIED)
    uses = list(dict.fromkeys(use for name in ASKED for use in str(facts.get(name, "")).split(";") if use))
    if facts.get("civil_end_use") == "yes" and not uses:
        uses = ["civil"]
    if "civil" in uses and (len(uses) > 1 or facts.get("civil_end_use") == "no"):
        shown = ", ".join(uses if len(uses) > 1 else ["civil", "civil_end_use=no"])
        raise InputError(f"end use {shown}: civil and not civil at once; allowed: one of them")
    if uses:
        military = any("military" in implied("use", use) for use in uses)
        special = next((use for use in uses if use == "raises_military_strength"), None)
        found["end_use_class"] = special or ("military" if military else uses[0])
        found["catch_all_use"] = ";".join(uses)
        found["civil_end_use"] = "yes" if uses == ["civil"] else "no"
    found.pop("end_use", None)
    if found.get("end_user_class", found.get("end_user")) != found.get("end_user", found.get("end_user_class")):
        raise InputError(f"end user {found['end_user']} and {found['end_user_class']} at once; allowed: one of them")
    if "end_user" in found:
        found.setdefault("end_user_class", found["end_user"])
        found.pop("end_user")
    if names.military(str(found.get("party", ""))):
        found.setdefault("end_user_class", "military")
    triggers = [name for name in str(facts.get("catch_all_trigger", "")).split(";") if name and name != "none"]
    triggers += ["inform_notice"] if facts.get("notice_received") == "yes" else []
    triggers += ["national_measure"] if facts.get("exporter_state") == "yes" else []
    if uses and uses != ["civil"] and not triggers:
        triggers = ["knowledge"]  # who names the use knows it
    if facts.get("catch_all_use") and triggers and facts.get("catch_all_trigger"):
        found.setdefault("named_goods", "no")  # both asked of the row itself: the goods were sorted by its rows
    found.pop("catch_all_trigger", None)
    if triggers:
        found["catch_all_trigger"] = ";".join(dict.fromkeys(triggers))
    return found
