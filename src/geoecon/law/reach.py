"""Reach: whether another regime's rules follow the goods abroad, by origin, content or technology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geoecon.errors import InputError
from geoecon.law import items, parties, vocabulary
from geoecon.law.classify import OUTSIDE, Truth, any_of, live, member, past, suspended
from geoecon.law.facts import Facts
from geoecon.law.regime import Regime
from geoecon.law.schema import Row


@dataclass(frozen=True)
class Reached:
    """One row of reach as it bears on a shipment. `caught` is None where a fact is missing or the law not known."""

    regime: str
    row: str
    kind: str  # origin, de_minimis, content_share, fdp
    caught: Truth
    why: str

    def __str__(self) -> str:
        state = {True: "reaches", False: "does not reach", None: "may reach"}[self.caught]
        return f"{self.regime} {self.row} ({self.kind}) {state} these goods: {self.why}"


def reached(regime: Regime, item: str, destination: str, facts: Facts, day: date, exporter: str = "") -> list[Reached]:
    """What each row of reach in force says of goods that someone ships from abroad.

    Facts: `origin` (place whose goods they are or whose content they hold), `foreign_content_pct` (percent of
    value that comes from there), `made_with_technology` (place whose technology made them), `party_list`, and a use.
    """
    codes = _codes(regime, item)
    found = []
    if "party" in facts:  # by the lists of this regime
        lists, _ = parties.lists_of(regime, {**facts, "party_list": facts.get("party_list", "")}, day, destination)
        facts = {**facts, "party_list": ";".join(sorted(lists[0] if lists else ()))}
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


def _codes(regime: Regime, item: str) -> set[str]:
    """The item and wider ones, as this regime calls them; goods it does not know are any item, or none of its own."""
    try:
        code = regime.item(item)
    except InputError:
        return {"ANY"}
    reasons = {f"reason:{reason}" for reason in regime.items[code]["reasons"]}
    abroad = {"RE-ABROAD"} if "RE-ABROAD" in regime.items and regime.items[code]["listed"] == "yes" else set()
    return {*regime.chains[code], *reasons, *abroad, "ANY"}


def _bears(regime: Regime, row: Row, destination: str, facts: Facts, day: date, exporter: str) -> Reached:
    def say(caught: Truth, why: str) -> Reached:
        return Reached(regime.id, row["reach_id"], row["kind"], caught, why)

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
    if row["party"] and row["party"].split(" footnote")[0] not in str(facts.get("party_list", "")).split(";"):
        open_ = "party_list" not in facts or ("party" in facts and not facts["party_list"])  # not found is not cleared
        return say(None if open_ else False, f"only for parties on {row['party']}")
    if row["kind"] == "fdp":
        return _from(regime, row, facts, "made_with_technology")
    result = _from(regime, row, facts, "origin")
    if row["kind"] == "origin" or not result.caught:
        return result
    content = facts.get("foreign_content_pct")
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
    return Reached(regime.id, row["reach_id"], row["kind"], mine, f"{name} {said} {row['clause'] or ''}".strip())


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


def sure(
    regime: Regime, own: str, item: str, destination: str, exporter: str, facts: Facts, day: date
) -> tuple[str, ...]:  # fmt: skip
    """The ways in which a regime reaches goods that somebody ships from abroad, for certain; not goods sent to it."""
    if regime.id == own or {exporter, destination} & regime.places:
        return ()
    ways = {
        entry.kind.replace("_", " ")
        for entry in reached(regime, item, destination, facts, day, exporter)
        if entry.caught
    }
    return tuple(sorted(ways))


def code_of(regime: Regime, item: str) -> str | None:
    """The goods as a regime that reaches them calls them; those that it does not name are outside its list."""
    try:
        return regime.item(item)
    except InputError:
        found = items.choices(regime, item)
    if len(found) == 1:
        return found[0].code
    return None if found else next((name for name in OUTSIDE if name in regime.items), None)
