"""Dated answers in YAML as they are read: each key once, text as text, nothing that YAML made of it taken for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.law import schema, vocabulary

if TYPE_CHECKING:
    from yaml.nodes import Node

NUMBERS = ("review_days", "validity_days", "documents")
CONTAINED = ("missing", "suspended", "groups", "announced", "reported")
TEXTS = ("ground", "clause", "code", "fallback", "day_kind", "catch_all", "review_policy", "licence_type", "source")
EXPECTED = ("kind", "known", "presumed", "verdict", *NUMBERS, *CONTAINED, *TEXTS)
ASKED = ("from", "to", "item", "date")
FACTS = ("attributes", "facts")  # two names of one thing
ORIGIN = "origin"  # of the answer, as a note
DEADLINE = ("id", "place", "filed", "days", "day_kind", "due")
PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")  # a number that reads as it is written
QUOTES = "write it in quotes"


def read_golden(path: str | Path) -> dict[str, Any]:
    """Dated answers from a YAML file: `cases` and `deadlines`. Raises InputError with every bad entry."""
    import yaml

    name = Path(path).name
    try:
        loader = yaml.SafeLoader(Path(path).read_text(encoding="utf-8"))
        node = loader.get_single_node()
        faults = list(_twice(node, name)) if node else []
        found = loader.construct_document(node) if node else {}
        written = yaml.BaseLoader("").construct_document(node) if node else {}  # each scalar as its text
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(Fault(name, None, None, str(error).replace("\n", " "), "YAML in UTF-8")) from None
    if not isinstance(found, dict) or not isinstance(found.get("cases", []), list):
        raise InputError(Fault(name, None, "cases", type(found).__name__, "a list of cases"))
    faults += _near(found, ("cases", "deadlines"), name)
    seen: set[str] = set()
    for position, (case, text) in enumerate(zip(found.get("cases", []), written.get("cases", []), strict=True), 1):
        case, text = (case, text) if isinstance(case, dict) else ({}, {})
        label = str(text.get("id", f"number {position}"))
        where = f"{name} case {label}"
        if label in seen:
            faults.append(Fault(where, None, "id", label, "an id that no other case has"))
        seen.add(label)
        faults += _case(case, text, where)
    faults += _deadlines(found.get("deadlines", []), name)
    if faults:
        raise InputError(faults)
    return found


def _case(case: dict[str, Any], text: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Faults of a case; its facts are put under one name."""
    yield from _unquoted(case, where)
    for key in (*ASKED, "expect"):
        if case.get(key) in (None, "", {}):
            yield Fault(where, None, key, "missing", "a value")
    yield from _near(case, ("id", *ASKED, "expect", *FACTS), where)
    for key in case:
        if key in vocabulary.known_facts() and key != ORIGIN:
            yield Fault(where, None, key, "a fact beside the question", f"under {FACTS[0]}")
    if all(key in case for key in FACTS):
        yield Fault(where, None, FACTS[1], f"beside {FACTS[0]}", "one of the two")
    key = next((key for key in FACTS if key in case), FACTS[0])
    facts = case.pop(key, None) or {}
    if not isinstance(facts, dict):
        yield Fault(where, None, key, repr(facts), "facts by name")
    else:
        case[FACTS[0]] = facts
        yield from _facts(facts, text.get(key, {}), where)
    expect = case.get("expect") or {}
    if not isinstance(expect, dict):
        yield Fault(where, None, "expect", repr(expect), "answers by name: " + ", ".join(EXPECTED))
        return
    for key in expect:
        if key not in EXPECTED:
            yield Fault(where, None, key, "unknown", ", ".join(EXPECTED))
    kind = expect.get("kind")
    families = {row["family"] for row in schema.kinds().values()}
    if kind is not None and kind not in {*schema.kinds(), *families, "unknown"}:
        yield Fault(where, None, "kind", repr(kind), ", ".join([*schema.kinds(), "unknown"]))


def _facts(facts: Mapping[str, Any], text: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Facts of which YAML made something else: `off` and `no` are false, 010 is 8, ~ is nothing."""
    for key, value in facts.items():
        kind = vocabulary.known_facts().get(key, {}).get("kind", "")
        number = isinstance(value, int | float) and PLAIN.fullmatch(str(text.get(key, value)))
        fine = (
            isinstance(value, str | list)
            or (isinstance(value, bool) and kind in ("yes_no", ""))
            or (not isinstance(value, bool) and number and kind in ("number", "percent", ""))
            or (isinstance(value, date) and kind in ("day", "date", ""))
        )
        if not fine:
            yield Fault(where, None, str(key), f"became {_shown(value)}", QUOTES)


def _unquoted(case: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Values that YAML 1.1 reads as something else unless they stand in quotes: NO is false, 010121 an octal number."""
    for key in ("from", "to", "item"):
        value = case.get(key)
        if value is not None and not isinstance(value, str):
            yield Fault(where, None, key, f"became {_shown(value)}", QUOTES)
    if isinstance(case.get("date"), bool | int | float):
        yield Fault(where, None, "date", repr(case["date"]), "a day as YYYY-MM-DD")


def _shown(value: object) -> str:
    became = {"True": "true", "False": "false", "None": "nothing"}.get(str(value), str(value))
    return f"{became} ({type(value).__name__})" if value is not None else became


def _deadlines(entries: object, name: str) -> Iterator[Fault]:
    if not isinstance(entries, list):
        yield Fault(name, None, "deadlines", repr(entries), "a list of deadlines")
        return
    for position, entry in enumerate(entries, 1):
        entry = entry if isinstance(entry, dict) else {}
        where = f"{name} deadline {entry.get('id', f'number {position}')}"
        for key in DEADLINE:
            if entry.get(key) in (None, ""):
                yield Fault(where, None, key, "missing", "a value")
        if not re.fullmatch(r"\d+", str(entry.get("days", 0))):
            yield Fault(where, None, "days", repr(entry["days"]), "a whole number of days")


def _near(found: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[Fault]:
    """Keys nearly named as one that is read: what stands there would be lost without a word."""
    for key in found:
        if key not in known and (near := tables.meant(str(key), sorted(set(known) - set(found)))):
            yield Fault(where, None, str(key), "unknown", f"{near}, {tables.UNLIKE}")


def _twice(node: Node, name: str) -> Iterator[Fault]:
    """Keys that stand twice in one mapping, of which YAML keeps the last without a word."""
    import yaml

    todo, known = [node], {id(node)}
    for one in todo:  # grows
        inner: list[Node] = []
        if isinstance(one, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in one.value:
                text = str(key.value)
                if text in seen:
                    yield Fault(name, key.start_mark.line + 1, text, "stands twice", "each key once")
                seen.add(text)
                inner.append(value)
        elif isinstance(one, yaml.SequenceNode):
            inner = one.value
        todo += (fresh := [below for below in inner if id(below) not in known])  # an alias is the same node again
        known |= {id(below) for below in fresh}
