"""Reach: whether another regime's rules follow the goods abroad, by origin, content or technology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from geoecon.law import items, list_numbers, parties, vocabulary
from geoecon.law.classify import Truth, any_of, live, member, past, suspended
from geoecon.law.facts import Facts
from geoecon.law.party_hits import hits
from geoecon.law.regime import Regime
from geoecon.law.schema import Row

GENERIC = ("LIST", "UNLISTED")  # of whichever list is meant


@dataclass(frozen=True)
class Reached:
    """One row of reach as it bears on a shipment. `caught` is None where a fact is missing or the law not known."""

    regime: str
    row: str
    kind: str  # origin, de_minimis, content_share, fdp
    caught: Truth
    why: str
    rules: tuple[str, ...] = ()  # rules that alone bind whoever ships from abroad; empty: all

    def __str__(self) -> str:
        state = {True: "reaches", False: "does not reach", None: "may reach"}[self.caught]
        return f"{self.regime} {self.row} ({self.kind}) {state} these goods: {self.why}"


def codes_of(regime: Regime, item: str, facts: Facts) -> tuple[str, ...]:
    """What the goods may be in the list of a regime that reaches them: what fact `item_abroad` says, what the regime
    calls them, or on its list or outside it, which its text decides. Words for any goods (LIST, UNLISTED) are of the
    exporter's list and say nothing of another."""
    said = facts.get("item_abroad")
    found = items.choices(regime, str(said)) if said else []
    if not found and not list_numbers.foreign(regime, item):
        found = [choice for choice in items.choices(regime, item) if choice.code not in GENERIC]
    return tuple(choice.code for choice in found) or tuple(items.either(regime).split("|"))


def reached(regime: Regime, item: str, destination: str, facts: Facts, day: date, exporter: str = "") -> list[Reached]:
    """What each row of reach in force says of goods that someone ships from abroad; a row that is about some of the
    items that the goods may be reaches them perhaps.

    Facts: `origin` (place whose goods they are or whose content they hold), `foreign_content_pct` (percent of
    value that comes from there), `made_with_technology` (place whose technology made them), `item_abroad` (the goods
    in the list of that place), `party_list`, and a use.
    """
    facts = _with_lists(regime, facts, day, destination)
    each = [
        {entry.row: entry for entry in _of_code(regime, code, destination, facts, day, exporter)}
        for code in codes_of(regime, item, facts)
    ]
    found = {name: entry for own in each for name, entry in own.items()}
    return [
        replace(entry, caught=None, why=f"if its list names them: {entry.why}")
        if entry.caught and not all(name in own for own in each) else entry
        for name, entry in found.items()
    ]  # fmt: skip


def sure(regime: Regime, code: str, destination: str, exporter: str, facts: Facts, day: date) -> list[Reached]:
    """The rows by which a regime reaches goods of an item that somebody ships from abroad, for certain."""
    facts = _with_lists(regime, facts, day, destination)
    return [row for row in _of_code(regime, code, destination, facts, day, exporter) if row.caught]


def _with_lists(regime: Regime, facts: Facts, day: date, destination: str) -> Facts:
    """The facts with the lists of the regime on which the party stands."""
    if "party" not in facts:
        return facts
    lists, _ = parties.lists_of(regime, {**facts, "party_list": facts.get("party_list", "")}, day, destination)
    return {**facts, "party_list": ";".join(sorted(lists[0] if lists is not None else ()))}


def _on_list(regime: Regime, wanted: str, facts: Facts, day: date) -> Truth:
    """Whether the party is one of a row: "list" or "list footnote 4". A name like a listed one counts: its check is
    the answer's. None where it was not said, not found (which clears nobody) or of an entry without its footnote."""
    name, _, footnote = wanted.partition(" footnote")
    given = str(facts.get("party_list", "")).split(";")
    own = [hit.row for hit in hits(regime, str(facts["party"])) if hit.row["list"] == name] if "party" in facts else []
    own = [row for row in own if parties.listed_on(row, day) is not False]
    if not own:
        if name in given:
            return None if footnote else True
        return None if "party_list" not in facts or "party" in facts else False
    if not footnote:
        return True
    return any_of(None if not row["reason"] else f"footnote{footnote}" in row["reason"] for row in own)


def _of_code(
    regime: Regime, code: str, destination: str, facts: Facts, day: date, exporter: str
) -> list[Reached]:  # fmt: skip
    codes, found = _wider(regime, code), []
    for row in regime.rows["reach"]:
        if not codes & set(row["item"]):
            continue
        if day < row["valid_from"]:
            told = row["announced"] or row["known_from"]
            if told is not None and told <= day:
                state = "suspended" if suspended(regime, "reach", row["reach_id"], day)[0] else "announced"
                found.append(Reached(regime.id, row["reach_id"], row["kind"], False, f"{state}, not in force on {day}"))
        elif live(row, day):
            found.append(_bears(regime, row, destination, facts, day, exporter))
    return found


def _wider(regime: Regime, code: str) -> set[str]:
    """The item and wider ones with their reasons of control; goods that no list names are any item."""
    if code not in regime.items:
        return {"ANY"}
    reasons = {f"reason:{reason}" for reason in regime.items[code]["reasons"]}
    abroad = {"RE-ABROAD"} if "RE-ABROAD" in regime.items and regime.items[code]["listed"] == "yes" else set()
    return {*regime.chains[code], *reasons, *abroad, "ANY"}


def _bears(regime: Regime, row: Row, destination: str, facts: Facts, day: date, exporter: str) -> Reached:
    def say(caught: Truth, why: str) -> Reached:
        return Reached(regime.id, row["reach_id"], row["kind"], caught, why, row.get("rules") or ())

    out, suspension = suspended(regime, "reach", row["reach_id"], day)
    if row["state"] in ("suspended", "not_enforced", "stayed", "rescinded") or out:
        end = suspension["valid_to"] if suspension else None
        state = (suspension["state"] if suspension else row["state"]).replace("_", " ")
        return say(False, f"{state} until {end}" if end else f"{state}, no end is known")
    if out is None or past(row, day):
        return say(None, f"what holds on {day} is not known")
    inside = _within(regime, row, row["applies_to"], destination, day)
    if not inside:
        return say(inside, f"the row is about {';'.join(row['applies_to'])}")
    for column, place in (("exempt", destination), ("exporter_exempt", exporter)):
        outside = _within(regime, row, row.get(column) or (), place, day) if place else False
        if outside is not False:
            not_known = "" if outside else ", which is not known"
            return say(False if outside else None, f"{place} is exempt ({';'.join(row[column])}){not_known}")
    if row.get("end_use"):
        said = [use for use in str(facts.get("catch_all_use") or "").split(";") if use]
        if not any(vocabulary.meets(use, row["end_use"]) for use in said):
            return say(False if said else None, f"only for the use {';'.join(row['end_use'])}")
    on_list = _on_list(regime, row["party"], facts, day) if row["party"] else True
    if not on_list:
        return say(on_list, f"only for parties on {row['party']}")
    if row["kind"] == "fdp":
        return _from(regime, row, facts, "made_with_technology")
    result = _from(regime, row, facts, "origin")
    content = facts.get("foreign_content_pct")
    if not result.caught or (row["kind"] == "origin" and float(content or 100) >= 100):
        return result
    if row["kind"] == "origin":  # goods of another place that hold content of this one
        counted = any(other["kind"] in ("de_minimis", "content_share") for other in regime.rows["reach"])
        return say(False if counted else None, f"goods made elsewhere that hold {content} percent from there")
    if content is None:
        return say(None, "foreign_content_pct is missing")
    above = (
        float(content) >= row["threshold"] if row["direction"] == "at or above" else float(content) > row["threshold"]
    )
    return say(above, f"{float(content):g} percent, limit {row['direction']} {row['threshold']:g}")


def _within(regime: Regime, row: Row, names: tuple[str, ...], place: str, day: date) -> Truth:
    """Whether a place is one of those that a row names by code or by group."""
    systems = {row["system"]} - {None, ""}
    return any_of(
        True if name in ("*", place) else _member(regime, systems, name, place, day) for name in names
    )  # fmt: skip


def _member(regime: Regime, systems: set[str], name: str, place: str, day: date) -> Truth:
    """Membership in a group of the row's system, or of another one written system:group."""
    if ":" in name:
        other, group = name.split(":", 1)
        if (other, group) in regime.groups:
            return member(regime, other, group, place, day)
    return any_of(member(regime, system, name, place, day) for system in systems)


def _from(regime: Regime, row: Row, facts: Facts, name: str) -> Reached:
    said = facts.get(name)
    if said is None:
        return Reached(regime.id, row["reach_id"], row["kind"], None, f"{name} is missing")
    mine = str(said) in regime.places
    return Reached(regime.id, row["reach_id"], row["kind"], mine, f"{name} {said} {row['clause'] or ''}".strip(),
                   row.get("rules") or ())  # fmt: skip


def notes(
    regimes: Mapping[str, Regime], own: str, item: str, destination: str, exporter: str, facts: Facts, day: date
) -> tuple[str, ...]:  # fmt: skip
    """What other regimes say of goods that hold their content or technology; empty where no such fact was given."""
    if not {"origin", "made_with_technology"} & set(facts):
        return ()
    found = [
        entry
        for regime in regimes.values()
        if regime.id != own
        and destination not in regime.places
        and {facts.get("origin"), facts.get("made_with_technology")} & regime.places
        for entry in reached(regime, item, destination, facts, day, exporter)
    ]
    return tuple(str(entry) for entry in found if entry.caught is not False)
