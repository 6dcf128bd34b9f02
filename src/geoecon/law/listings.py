"""Party lists from elsewhere: what a file says about a party, with windows where a date is a month or a year only.

Nothing is guessed: a missing end is not an open end, a date of change is not the date of listing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from geoecon.errors import Fault, InputError
from geoecon.law.regime import Regime, folded
from geoecon.law.schema import Row, columns

Window = tuple[date, date]  # first and last day that a written date may mean


@dataclass(frozen=True)
class Listing:
    """One party on one list, as a file of a certain day has it."""

    party: str
    list: str
    names: tuple[str, ...]
    start: Window | None  # None: not stated
    end: Window | None  # first day off the list; None: not stated
    file_date: date
    source: str
    id: str = ""
    place: str | None = None
    reason: str | None = None
    amendments: tuple[date, ...] = ()
    end_source: str = ""
    seen_from: date | None = None  # known to be on the list from here where the start is not stated

    def on(self, day: date) -> tuple[str, str]:
        """(listed, not listed or unknown; why) on a day."""
        if self.end is not None and day >= self.end[1]:
            return "not listed", f"ended {self._end_words()}"
        if self.start is not None and day < self.start[0]:
            return "not listed", f"listed from {self.start[0]}"
        if self.end is not None and day >= self.end[0]:
            return "unknown", f"ended {self._end_words()}"
        if day > self.file_date and (self.end is None or day < self.end[0]):
            return "unknown", f"the file is of {self.file_date}"
        if self.start is None:
            state = "listed" if (self.seen_from or self.file_date) <= day else "unknown"
            return state, f"start not stated; listed in the file of {self.file_date}"
        if day < self.start[1]:
            return "unknown", f"start between {self.start[0]} and {self.start[1]}"
        if self.end is None:
            return "listed", f"listed in the file of {self.file_date}, end unknown"
        return "listed", f"from {self.start[0]}, ended {self._end_words()}"

    def _end_words(self) -> str:
        assert self.end is not None
        first, last = self.end
        words = f"on {first}" if first == last else f"between {first} and {last}"
        return words + (f" ({self.end_source})" if self.end_source else "")


def window(text: str, where: Fault) -> Window:
    """The days that YYYY, YYYY-MM or YYYY-MM-DD may mean. Raises InputError at `where` for anything else."""
    parts = text.strip()[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(parts[0]) != 4 or not 1 <= len(numbers) <= 3:
            raise ValueError
        first = date(numbers[0], *[*numbers[1:], 1, 1][:2])
        if len(numbers) == 3:
            return first, first
        after = date(first.year + 1, 1, 1) if len(numbers) == 1 else (first + timedelta(days=31)).replace(day=1)
        return first, after - timedelta(days=1)
    except ValueError:
        raise InputError(replace(where, found=repr(text))) from None


def _fault(path: Path, line: int | None, column: str) -> Fault:
    return Fault(path.name, line, column, "", "a date as YYYY, YYYY-MM or YYYY-MM-DD")


def read_ftm(path: str | Path, file_date: date) -> list[Listing]:
    """Listings from FollowTheMoney entities (one JSON object a line; schema Sanction names its entity).

    The earliest start counts; later starts, `listingDate` and `modifiedAt` are amendments, never the start.
    """
    file = Path(path)
    entities: dict[str, Mapping[str, Any]] = {}
    sanctions: list[tuple[int, Mapping[str, Any]]] = []
    for line, text in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not text.strip():
            continue
        try:
            entry = json.loads(text)
            properties = entry["properties"]
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise InputError(Fault(file.name, line, None, str(error), "a FollowTheMoney entity as JSON")) from None
        if entry.get("schema") == "Sanction":
            sanctions.append((line, properties))
        else:
            entities[entry["id"]] = properties
    return [_ftm(file, line, properties, entities, file_date) for line, properties in sanctions]


def _ftm(
    file: Path, line: int, properties: Mapping[str, Any], entities: Mapping[str, Mapping[str, Any]], file_date: date
) -> Listing:
    party_id = (properties.get("entity") or [""])[0]
    party = entities.get(party_id)
    if party is None:
        raise InputError(Fault(file.name, line, "entity", repr(party_id), "the id of an entity in the file"))
    starts = sorted(window(text, _fault(file, line, "startDate")) for text in properties.get("startDate", []))
    ends = sorted(window(text, _fault(file, line, "endDate")) for text in properties.get("endDate", []))
    written = {name: [window(text, _fault(file, line, name)) for text in properties.get(name, [])]
               for name in ("listingDate", "modifiedAt")}  # fmt: skip
    changed = {days[0] for found in written.values() for days in found} | {start[0] for start in starts[1:]}
    names = tuple(dict.fromkeys([*party.get("name", []), *party.get("alias", []), *party.get("weakAlias", [])]))
    return Listing(
        party=names[0] if names else party_id,
        list=" ".join([*properties.get("authority", []), *properties.get("program", [])]) or "not stated",
        names=names,
        start=starts[0] if starts else None,
        end=ends[-1] if ends else None,
        file_date=file_date,
        source=file.name,
        id=party_id,
        place=(party.get("country") or [None])[0],
        amendments=tuple(sorted(changed)),
        seen_from=min((days[1] for days in written["listingDate"]), default=None),
    )


def read_consolidated(
    path: str | Path, file_date: date, expiries: Mapping[str, tuple[date, str]] | None = None
) -> list[Listing]:
    """Listings from the United States' Consolidated Screening List (CSV).

    Expired entries stay in that file without an end date, so a missing end is unknown, not open. `expiries` by _id
    gives (first day off the list, source) from a table of the user, which overrules the file and is cited.
    """
    file = Path(path)
    given = expiries or {}
    found = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            line = reader.line_num
            start = window(row["start_date"], _fault(file, line, "start_date")) if row["start_date"] else None
            end = window(row["end_date"], _fault(file, line, "end_date")) if row["end_date"] else None
            source = ""
            if row["_id"] in given:
                day, source = given[row["_id"]]
                end = (day, day)
            names = (row["name"], *(name.strip() for name in row["alt_names"].split(";") if name.strip()))
            found.append(Listing(row["name"], row["source"], names, start, end, file_date, file.name, row["_id"],
                                 None, row["license_policy"] or None, (), source))  # fmt: skip
    return found


def read_entities(path: str | Path, file_date: date, lists: Mapping[str, str] | None = None) -> list[Listing]:
    """Listings from a JSON array of flat objects (id, list_id, entity_name, aliases, date_added, reason, source_url).

    `lists` gives the list of a regime for each list_id of the file, where the names differ. Dates that are missing
    stay unknown.
    """
    file = Path(path)
    try:
        entries = json.loads(file.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault(file.name, None, None, str(error), "a JSON array of objects")) from None
    faults = [
        Fault(file.name, None, f"entry {number} {key}", "missing", "a text")
        for number, entry in enumerate(entries, 1) for key in ("id", "list_id", "entity_name") if not entry.get(key)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    found = []
    for number, entry in enumerate(entries, 1):
        aliases = entry.get("aliases") or []
        names = (entry["entity_name"], *(aliases if isinstance(aliases, list) else [aliases]))
        added = entry.get("date_added")
        start = window(added, _fault(file, number, "date_added")) if added else None
        listing = Listing(
            party=entry["entity_name"],
            list=(lists or {}).get(entry["list_id"], entry["list_id"]),
            names=names,
            start=start,
            end=None,
            file_date=file_date,
            source=entry.get("source_url") or file.name,
            id=entry["id"],
            reason=entry.get("reason"),
        )
        found.append(listing)
    return found


def matches(listings: Iterable[Listing], name: str) -> list[Listing]:
    """Listings that carry exactly this name or alias; case and width of letters do not count, scripts do."""
    wanted = folded(name)
    return [entry for entry in listings if wanted in {folded(known) for known in entry.names}]


def with_listings(regime: Regime, listings: Iterable[Listing], source_id: str, title: str) -> Regime:
    """The regime with the party rows of a file added, cited as `source_id`. Lists must be those of the regime."""
    blank: dict[str, Any] = {"regime": regime.id, "status": "seen", "confidence": "medium", "source_id": source_id}
    source: Row = dict.fromkeys(regime.rows["source"][0]) | {**blank, "line": 0, "title": title, "kind": "file"}
    rows: list[Row] = []
    empty: Row = {column: None for column in (*columns()["party_listing"], "line")} | {"aliases": ()}
    for number, entry in enumerate(listings, 1):
        exact = entry.start is not None and entry.start[0] == entry.start[1]
        rows.append(empty | blank | {
            "line": number, "list": entry.list, "party_id": entry.id, "party": entry.party, "aliases": entry.names[1:],
            "place": entry.place, "reason": entry.reason, "known_from": entry.file_date,
            "listed_from": entry.start[0] if exact and entry.start else None,
            "listed_to": entry.end[1] if entry.end else None, "known_through": entry.file_date,
        })  # fmt: skip
    return regime.with_rows(source=[source], party_listing=rows)
