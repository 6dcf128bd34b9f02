"""Steps two and three of the decision: which item the goods are, and which groups the place belongs to, on a day.

Answers have three values; None means that the tables do not say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from geoecon.law import facts as facts_of
from geoecon.law.facts import Facts
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

Truth = bool | None
OUTSIDE = ("UNLISTED", "EAR99")  # goods that no list names, as the regimes call them


def live(row: Row, day: date) -> bool:
    """Half-open validity: valid_from counts, valid_to does not."""
    start, end = row["valid_from"], row["valid_to"]
    return (start is None or start <= day) and (end is None or day < end)


def past(row: Row, day: date) -> bool:
    """Whether the day lies after the last day for which the row was checked."""
    through = row.get("known_through")
    return through is not None and day > through


def any_of(answers: Iterable[Truth]) -> Truth:
    found: Truth = False
    for answer in answers:
        if answer:
            return True
        found = None if answer is None else found
    return found


def member(regime: Regime, system: str, group: str, place: str, day: date) -> Truth:
    """Whether a place is in a group; None inside a window of dates or past the horizon of the rows."""
    edges, answers = membership(regime, system, group, place)
    return answers[bisect_right(edges, day)]


def membership(regime: Regime, system: str, group: str, place: str) -> tuple[list[date], list[Truth]]:
    """Membership over time as a step function: (days on which it changes, answer before each and after the last)."""
    key = ("member", system, group, place)
    if key not in regime.cache:
        edges = sorted(_edges(regime, system, group, place))
        regime.cache[key] = edges, [_member(regime, system, group, place, day) for day in (date.min, *edges)]
    found: tuple[list[date], list[Truth]] = regime.cache[key]
    return found


def _edges(regime: Regime, system: str, group: str, place: str) -> set[date]:
    rows = [*regime.groups.get((system, group), ()), *regime.members.get((system, group), {}).get(place, ())]
    days = {row.get(name) for row in rows for name in ("valid_from", "from_latest", "valid_to", "to_latest")}
    days |= {row["known_through"] + timedelta(days=1) for row in rows if row["known_through"] is not None}
    for row in rows:
        for name in row.get("complement_of") or ():
            days |= set(membership(regime, *_named(regime, system, name), place)[0])
    return days - {None}


def _member(regime: Regime, system: str, group: str, place: str, day: date) -> Truth:
    rows = [row for row in regime.groups.get((system, group), ()) if live(row, day)]
    if not rows:
        return False
    if all(past(row, day) for row in rows):
        return None
    if rows[0]["member_rule"] == "complement":
        inside = any_of(member(regime, *_named(regime, system, name), place, day) for name in rows[0]["complement_of"])
        return None if inside is None else not inside
    verdict: Truth = False
    for row in regime.members.get((system, group), {}).get(place, ()):
        start, end = row["valid_from"], row["valid_to"]
        if start <= day and (end is None or day < end):
            if (row["from_latest"] is None or day >= row["from_latest"]) and not past(row, day):
                return True
            verdict = None
        elif end is not None and row["to_latest"] is not None and end <= day < row["to_latest"]:
            verdict = None
    return verdict


def _named(regime: Regime, system: str, name: str) -> tuple[str, str]:
    """A group of the same system, or of another one written system:group."""
    if (system, name) not in regime.groups and ":" in name:
        other, group = name.split(":", 1)
        return other, group
    return system, name


def groups_of(regime: Regime, place: str, day: date) -> tuple[str, ...]:
    """Every group that holds the place on that day, as system:group."""
    key = ("groups_of", place)
    if key not in regime.cache:
        near = regime.groups_near(place)
        edges = sorted({edge for name in near for edge in membership(regime, *name, place)[0]})
        regime.cache[key] = (
            edges,
            [
                tuple(f"{system}:{group}" for system, group in near if member(regime, system, group, place, edge))
                for edge in (date.min, *edges)
            ],
        )
    edges, groups = regime.cache[key]
    found: tuple[str, ...] = groups[bisect_right(edges, day)]
    return found


def suspended(regime: Regime, target_kind: str, target: str, day: date) -> tuple[Truth, Row | None]:
    """Whether a row is out of force on a day, and by which suspension; None where one ended and what holds after
    is unknown."""
    ended: Row | None = None
    for row in regime.suspensions.get((target_kind, target), ()):
        if live(row, day):
            return (None if past(row, day) else True), row
        if row["valid_to"] is not None and row["valid_to"] <= day and row["after_state"] == "unknown":
            ended = row
    return (None, ended) if ended else (False, None)


def listed(regime: Regime, code: str, day: date) -> tuple[Truth, Row | None]:
    """Whether an item's listing is in force on a day; with the suspension that touches it."""
    if not live(regime.items[code], day):
        return False, None
    out, suspension = suspended(regime, "item", code, day)
    return (None if out is None else not out), suspension


def possible_codes(regime: Regime, code: str) -> frozenset[str]:
    """Every item that this one may turn out to be, with the wider items above."""
    key = ("possible_codes", code)
    if key not in regime.cache:
        reached, todo = set[str](), [code]
        while todo:
            for name in regime.chains[todo.pop()]:
                if name not in reached:
                    reached.add(name)
                    todo += [row["if_false"] for row in regime.params.get(name, ())]
        regime.cache[key] = frozenset(reached)
    found: frozenset[str] = regime.cache[key]
    return found


def outside_code(regime: Regime, code: str) -> str | None:
    """The item of goods that no list names, which listed goods were before and never need less than; None where the
    regime has none, and for goods that are part of it."""
    key = ("outside_code", code)
    if key not in regime.cache:
        found = next((name for name in OUTSIDE if name in regime.items), None)
        regime.cache[key] = None if found in regime.chains[code] else found
    outer: str | None = regime.cache[key]
    return outer


def classify(regime: Regime, code: str, facts: Facts, day: date) -> tuple[str, tuple[str, ...], bool]:
    """(item that the facts lead to, facts that are missing, whether the limits are known for that day).

    One met set of tests is enough. A set of which nothing was said is left out once another set could be decided where
    it asks of other goods (a resist for electron beams beside one for light), and its facts are named as missing; one
    that asks a fact of another set too is a second limit of the same goods and stays open.
    """
    missing: list[str] = []
    sure = True
    code, open_ = _upward(regime, code, facts, day)
    seen = {code}
    while rows := [row for row in regime.params.get(code, ()) if live(row, day)]:
        verdict, lacking, said = _limits(rows, facts)
        sure = sure and not (said and any(past(row, day) for row in rows))
        if verdict:
            break
        missing += [*lacking, *open_]
        if verdict is None or open_ or rows[0]["if_false"] in seen:
            break
        code = rows[0]["if_false"]
        seen.add(code)
    return code, tuple(dict.fromkeys(missing)), sure


def meets_limits(regime: Regime, code: str, facts: Facts, day: date) -> bool:
    """Whether the facts meet a set of limits of the item."""
    return _limits([row for row in regime.params.get(code, ()) if live(row, day)], facts)[0] is True


def _upward(regime: Regime, code: str, facts: Facts, day: date) -> tuple[str, tuple[str, ...]]:
    """(the item with limits above this one that the facts meet, else this one; the facts that would tell)."""
    above = [name for name, rows in regime.params.items()
             if code in regime.params and any(row["if_false"] == code and live(row, day) for row in rows)]  # fmt: skip
    open_: tuple[str, ...] = ()
    for name in above:
        top, _ = _upward(regime, name, facts, day)
        met, lacking, said = _limits([row for row in regime.params[top] if live(row, day)], facts)
        if met:
            return top, ()
        open_ += lacking if met is None and said else ()
    return code, open_


def _limits(rows: list[Row], facts: Facts) -> tuple[Truth, tuple[str, ...], bool]:
    """(whether a set of tests is met, the facts that are missing, whether any fact was said)."""
    sets: dict[str, list[Row]] = {}
    for row in rows:
        sets.setdefault(row["set"], []).append(row)
    verdicts: list[Truth] = []
    missing: list[str] = []
    for tests in sets.values():
        clauses = [((row["attribute"], row["operator"], str(row["threshold"])),) for row in tests]
        verdict, lacking = facts_of.met(clauses, facts)
        if verdict:
            return True, (), True
        missing += lacking
        asked = {row["attribute"] for row in tests}
        shared = any(row["attribute"] in asked for row in rows if row["set"] != tests[0]["set"])
        apart = verdict is None and not shared and not any(name in facts for name in asked)
        verdicts += [] if apart else [verdict]
    if not verdicts or None in verdicts:
        return None, tuple(missing), bool(verdicts)
    return False, tuple(missing), True
