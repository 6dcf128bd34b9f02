"""A regime: dated tables of rules with sources, and the same as known on a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from geoecon.errors import InputError
from geoecon.law import checks, schema
from geoecon.law.schema import Row

FAR = date.max - timedelta(days=1)


def folded(text: str) -> str:
    """A name as it is compared: one Unicode form, no case, single spaces. Never across scripts."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, eq=False)
class Regime:
    """One regime's tables. `rows[table]` are the checked rows in file order; `id` is the value of column regime.

    Half-open validity [valid_from, valid_to); announced, in force, suspended, not enforced and rescinded are
    states, never dates; outside valid_from to known_through every answer is unknown.
    """

    id: str
    rows: Mapping[str, list[Row]]
    known_on: date | None = None  # rows made public later are hidden
    presumes: bool = True  # whether what was last read may be presumed to hold: the tables name what is to come
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)  # answers already worked out

    @property
    def title(self) -> str:
        return str(self.rows["regime"][0]["title"])

    @cached_property
    def valid_from(self) -> date:
        first: date = min(row["valid_from"] for row in self.rows["regime"])
        return first

    @cached_property
    def known_through(self) -> date:
        last: date = max(row["known_through"] for row in self.rows["regime"])
        return last

    @cached_property
    def items(self) -> Mapping[str, Row]:
        return {row["code"]: row for row in self.rows["control_item"]}

    @cached_property
    def params(self) -> Mapping[str, list[Row]]:
        """Tests by the item that they belong to."""
        found: dict[str, list[Row]] = {}
        for row in self.rows["item_param"]:
            for code in row["item"]:
                found.setdefault(code, []).append(row)
        return found

    @cached_property
    def types(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows["licence_type"]:
            found.setdefault(row["licence_type"], []).append(row)
        return found

    @cached_property
    def sources(self) -> Mapping[str, Row]:
        return {row["source_id"]: row for row in self.rows["source"]}

    @cached_property
    def rules(self) -> Mapping[str, Row]:
        return {row["rule_id"]: row for row in self.rows["licence_rule"]}

    @cached_property
    def places(self) -> frozenset[str]:
        """Places whose exporters this regime binds."""
        return frozenset(row["place"] for row in self.rows["authority"])

    @cached_property
    def chains(self) -> Mapping[str, tuple[str, ...]]:
        """Each item with the wider items above it, nearest first."""
        found = {}
        for code in self.items:
            chain = [code]
            while (parent := self.items[chain[-1]]["parent"]) and parent not in chain:
                chain.append(parent)
            found[code] = tuple(chain)
        return found

    @cached_property
    def suspensions(self) -> Mapping[tuple[str, str], list[Row]]:
        """Suspensions by (target kind, target). Reported ones never decide and are kept apart."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows["suspension"]:
            if row["state"] in schema.LIFTED:
                found.setdefault((row["target_kind"], row["target"]), []).append(row)
        return found

    @cached_property
    def members(self) -> Mapping[tuple[str, str], Mapping[str, list[Row]]]:
        """Listed members by (system, group), then by place."""
        found: dict[tuple[str, str], dict[str, list[Row]]] = {}
        for row in self.rows["group_member"]:
            found.setdefault((row["system"], row["group"]), {}).setdefault(row["place"], []).append(row)
        return found

    @cached_property
    def groups(self) -> Mapping[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows["place_group"]:
            found.setdefault((row["system"], row["group"]), []).append(row)
        return found

    def groups_near(self, place: str) -> tuple[tuple[str, str], ...]:
        """Groups that could ever hold the place: those that list it, and the complements."""
        key = ("groups_near", place)
        if key not in self.cache:
            self.cache[key] = tuple(
                name for name, rows in self.groups.items()
                if place in self.members.get(name, {}) or any(row["member_rule"] == "complement" for row in rows)
            )  # fmt: skip
        near: tuple[tuple[str, str], ...] = self.cache[key]
        return near

    @cached_property
    def named_places(self) -> frozenset[str]:
        """Places that some rule or catch-all names by themselves."""
        found = {row["place"] for table in ("licence_rule", "gap") for row in self.rows[table]} - {None, "*"}
        for table in ("catch_all", "reach"):
            found |= {name for row in self.rows[table] for name in (*row["applies_to"], *row["exempt"])}
        return frozenset(found)

    def like(self, place: str, exporter: str = "") -> str:
        """The first of all places that the rules treat the same on every day: alike in groups and dates, not named by
        themselves. A place whose dates are windows stands for itself, and so does one like the exporter's own."""
        if "like" not in self.cache:
            self.cache["like"] = {}, {}
        known, first = self.cache["like"]
        if place not in known:
            rows = [
                (name, row) for name in self.groups_near(place) for row in self.members.get(name, {}).get(place, ())
            ]
            own = place in self.named_places or any(row["from_latest"] or row["to_latest"] for _, row in rows)
            dates = ((name, row["valid_from"], row["valid_to"], row["known_from"], row["known_through"])
                     for name, row in rows)  # fmt: skip
            known[place] = place if own else first.setdefault(tuple(dates), place)
        found: str = known[place]
        return place if found == exporter else found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Item codes by every name they answer to: code, title and aliases."""
        found: dict[str, str] = {}
        for row in self.rows["control_item"]:
            for name in (row["title"], *row["aliases"]):
                found.setdefault(folded(name), row["code"])
        for code in self.items:
            found[folded(code)] = code
        return found

    def item(self, name: str) -> str:
        """The code of an item given by code or plain name. Raises InputError naming near ones."""
        if name in self.items:
            return name
        code = self.names.get(folded(name))
        if code is None and name.replace(".", "").replace(" ", "").isdigit():
            held = sorted({item for row in self.items_of_code(name, self.known_through) for item in row["item"]})
            may = f"may hold {', '.join(held)}" if held else "is in no row of item_hs.csv"
            raise InputError(f"{name} is a customs code and {may}: the list text decides; allowed: an item")
        if code is None:
            import difflib

            near = difflib.get_close_matches(folded(name), self.names, n=5, cutoff=0.5)
            shown = ", ".join(sorted({self.names[match] for match in near})) or ", ".join(sorted(self.items)[:20])
            raise InputError(f"item {name!r} is not in the list of {self.title}; allowed: an item such as {shown}")
        return code

    def items_of_code(self, code: str, on: date) -> list[Row]:
        """Every item that a customs code may hold on a day, with its coverage interval; several are normal."""
        digits = "".join(character for character in code if character.isdigit())
        if len(digits) < 4 or len(digits) != len(code.strip().replace(".", "").replace(" ", "")):
            raise InputError(f"customs code {code!r}; allowed: 4 to 10 digits")
        found = []
        for row in self.rows["item_hs"]:
            same = row["code"].startswith(digits) or digits.startswith(row["code"])
            if same and row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]):
                found.append(row)
        return found

    def citation(self, source_id: str) -> str:
        row = self.sources.get(source_id)
        if row is None:
            return source_id
        return ", ".join(str(row[column]) for column in ("title", "citation") if row[column])

    def as_known_on(self, day: date) -> Regime:
        """The regime as it could be known on that day: later rows are hidden, and so is an end of a row that
        only a later row announced (an end counts as known where a visible row begins on that day, or where the
        row itself says so, as suspensions do)."""
        if day >= self.known_through:
            return self
        key = ("as_known_on", day)
        if key not in self.cache:
            self.cache[key] = replace(self, rows=_known_rows(self.rows, day), known_on=day, presumes=False, cache={})
        known: Regime = self.cache[key]
        return known

    def with_rows(self, **more: list[Row]) -> Regime:
        """The regime with rows added; the tables are checked again. Raises InputError or RuleConflict."""
        rows = {table: [*self.rows[table], *more.get(table, [])] for table in self.rows}
        checks.raise_any(checks.check(self.id, rows))
        return Regime(self.id, rows, self.known_on, self.presumes)


def opened(regime: Regime) -> Regime:
    """The regime as if every row had been read yesterday: rows without an end hold on. Kept with the regime."""
    if regime.known_through == FAR:
        return regime
    if "opened" not in regime.cache:
        rows = {
            table: [row | {"known_through": None} if row.get("known_through") is not None else row for row in found]
            for table, found in regime.rows.items()
        }
        rows["party_listing"] = _listings_read_on(regime.rows["party_listing"])
        rows["regime"] = [row | {"known_through": FAR} for row in rows["regime"]]
        regime.cache["opened"] = replace(regime, rows=rows, cache={"same_parties": regime})
    found: Regime = regime.cache["opened"]
    return found


def _listings_read_on(rows: list[Row]) -> list[Row]:
    """Listings as if read yesterday, but for those of which the later steps were not read: their source goes on."""
    last: dict[tuple[str, str], date] = {}
    for row in rows:
        if row["known_through"] is not None:
            key = row["list"], row["source_id"]
            last[key] = max(row["known_through"], last.get(key, date.min))
    return [
        row if row["known_through"] is None or row["known_through"] < last[row["list"], row["source_id"]]
        else row | {"known_through": None}
        for row in rows
    ]  # fmt: skip


DATED = ("licence_rule", "group_member", "place_group", "catch_all", "reach", "suspension", "control_item",
         "item_param", "licence_type")  # fmt: skip


def _known_rows(rows: Mapping[str, list[Row]], day: date) -> dict[str, list[Row]]:
    found = dict(rows)
    visible = {
        table: [row for row in rows[table] if row["known_from"] is None or row["known_from"] <= day] for table in DATED
    }
    starts = {row["valid_from"] for table in DATED for row in visible[table]}
    found["licence_stat"] = [r for r in rows["licence_stat"] if r["known_from"] is None or r["known_from"] <= day]
    found["party_listing"] = [  # a name that is listed later is not listed yet
        row if (first := min((d for d in (row["known_from"], row["listed_from"]) if d), default=None)) is None
        or first <= day
        else row | {"listed_from": date.max}
        for row in rows["party_listing"]
    ]  # fmt: skip
    for table in DATED:
        found[table] = [
            row | {"valid_to": None, "to_latest": None}
            if table != "suspension" and row["valid_to"] is not None and row["valid_to"] > day
            and row["valid_to"] not in starts
            else row
            for row in visible[table]
        ]  # fmt: skip
    later = [row | {"valid_from": date.max, "valid_to": None} for row in rows["control_item"]
             if row["known_from"] is not None and row["known_from"] > day]  # fmt: skip
    found["control_item"] = [*found["control_item"], *later]  # goods exist before they are listed
    return found
