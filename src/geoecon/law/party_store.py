"""Party lists that were loaded on this machine: kept by list and day, joined to the built-in ones, and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from geoecon.errors import InputError
from geoecon.files import file_aside, own_folder
from geoecon.law import names
from geoecon.law.party_files import Entry, PartyFile, sources
from geoecon.law.schema import Row, columns
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.kinds import Cell


LISTED, ENDED, ADDED, MISSING, RENAMED = "listed", "removed", "added", "source missing", "renamed"
STILL = "not in the newer file, which seems cut short: still matched as listed"


def folder() -> Path:
    """Where loaded lists are kept; GEOECON_DATA names another place."""
    return own_folder() / "parties"


@dataclass(frozen=True)
class Loaded:
    """A list as it was loaded: of which file and day, its entries, and since when its source has been missing."""

    list: str
    day: date
    file: str
    entries: tuple[Entry, ...]
    missing_since: date | None = None
    whole: bool = True  # whether the file was the whole list; an announcement only adds names


def loaded() -> dict[str, Loaded]:
    """Every list that was loaded, by name. Raises InputError where one cannot be read."""
    place = folder()
    return dict(_loaded(place, tuple(sorted((p.name, p.stat().st_mtime_ns) for p in place.glob("*.json")))))


@cache
def _loaded(place: Path, stamps: tuple[tuple[str, int], ...]) -> Mapping[str, Loaded]:
    found = {}
    for name, _ in stamps:
        try:
            kept = json.loads((place / name).read_text(encoding="utf-8"))
            entries = tuple(
                Entry(
                    **entry | {"names": tuple(entry["names"]), "start": _day(entry["start"]), "end": _day(entry["end"])}
                )
                for entry in kept["entries"]
            )
            list_ = Loaded(kept["list"], date.fromisoformat(kept["day"]), kept["file"], entries,
                           _day(kept["missing_since"]), kept.get("whole", True))  # fmt: skip
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"{place / name}: not a kept list ({error}); allowed: delete it, load it again") from None
        found[list_.list] = list_
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def update(new: PartyFile, stored: Sequence[Row] = ()) -> Comparison:
    """Keeps the lists of a file; lists of the same regime that the file should hold and does not are marked as missing,
    never as ended. A file that lacks most names of a list that are `stored` (rows of built-in listings) or were loaded
    before is cut short: it adds names and clears nobody. Raises InputError for a list that no table asks, and where
    one was loaded from a later day."""
    before = loaded()
    if unknown := [name for name in new.lists if _regime_of(name) is None]:
        asked = ", ".join(dict.fromkeys(row["list"] for row in sources()))
        raise InputError(f"list {', '.join(unknown)}, which no table asks; allowed: {asked}")
    late = [name for name in new.lists if name in before and before[name].day > new.day]
    if late:
        shown = ", ".join(f"{name} of {before[name].day}" for name in late)
        raise InputError(f"the file is of {new.day}; already loaded: {shown}; allowed: a later day")
    notes = _cut_short(new, before, stored) if new.whole else ()
    whole = new.whole and not notes
    for name in new.lists:
        older = {one.key: one for one in before[name].entries} if name in before else {}
        fresh = {one.key: _with_names(one, older.get(one.key)) for one in new.entries if one.list == name}
        entries = fresh if whole else older | fresh
        _keep(Loaded(name, new.day, new.name, tuple(entries.values()), whole=whole))
    mine = {name.split("-")[0] for name in new.lists}  # lists of one publisher come in one file
    for old in before.values():
        if old.list not in new.lists and old.list.split("-")[0] in mine and _several(new) and not old.missing_since:
            _keep(Loaded(old.list, old.day, old.file, old.entries, new.day))
    _loaded.cache_clear()
    theirs = [old for old in before.values()  # a file of one list says nothing of others
              if old.list in new.lists or (_several(new) and old.list.split("-")[0] in mine)]  # fmt: skip
    old_entries = tuple(entry for known in theirs for entry in known.entries)
    last = max((known.day for known in theirs), default=new.day)
    found = compare(PartyFile("before", last, "", old_entries), new)
    rows = [(*row[:3], STILL) if notes and row[2] == ENDED else row for row in found.rows]
    return replace(found, rows=tuple(rows), notes=(*found.notes, *notes))


def _cut_short(new: PartyFile, before: Mapping[str, Loaded], stored: Sequence[Row]) -> tuple[str, ...]:
    """Lists of which a file lacks most of the names that were stored or loaded before: then it is no whole file."""
    found = []
    for name in new.lists:
        held = {names.key_of(row["party"]) for row in stored if row["list"] == name and not row["listed_to"]}
        held |= {names.key_of(one.names[0]) for one in (before[name].entries if name in before else ()) if not one.end}
        lost = held - {names.key_of(text) for one in new.entries if one.list == name for text in one.names}
        if 2 * len(lost) > len(held):
            found.append(f"{name}: the file lacks {len(lost)} of {len(held)} names that are stored: cut short? "
                         "It adds names, ends none and clears nobody")  # fmt: skip
    return tuple(found)


def _with_names(entry: Entry, older: Entry | None) -> Entry:
    """An entry with the names that it had before, by which papers may still call it."""
    had = {names.key_of(name) for name in entry.names}
    return replace(entry, names=(*entry.names, *(name for name in (older.names if older else ())
                                                 if names.key_of(name) not in had)))  # fmt: skip


def _several(new: PartyFile) -> bool:
    """Whether the file is one that holds several lists at once."""
    return new.format.startswith("US consolidated")


def _keep(kept: Loaded) -> None:
    def plain(value: date) -> str:
        return value.isoformat()

    with file_aside(folder() / f"{kept.list}.json") as part:
        part.write_text(json.dumps(asdict(kept), default=plain, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True)
class Comparison(Result):
    """What changed between two days of party lists: rows (list, party, state, why)."""

    older: date
    newer: date
    rows: tuple[tuple[str, str, str, str], ...]
    notes: tuple[str, ...] = ()  # files in another encoding, lists of which the file seems cut short

    METHOD: ClassVar[str] = (
        "Entries are the same where list and identifier are; one that stands under another name is renamed, and the\n"
        "old name is still matched once the newer file is loaded. A source of which the newer file holds nothing is\n"
        "missing: its entries count as still listed, known through the older day, never as ended."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset()

    def count(self, state: str) -> int:
        return sum(row[2] == state for row in self.rows)

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.rows, columns=["list", "party", "state", "why"])

    def summary(self) -> pd.DataFrame:
        frame = self.to_frame()
        return frame[frame["state"] != LISTED].head(12)

    def figures(self) -> dict[str, Any]:
        return {}

    def sentence(self) -> str:
        gone = sorted({row[0] for row in self.rows if row[2] == MISSING})
        text = f"Between {self.older} and {self.newer}: {self.count(ADDED)} added, {self.count(ENDED)} removed, "
        text += f"{renamed} renamed, " if (renamed := self.count(RENAMED)) else ""
        text += f"{self.count(LISTED)} unchanged"
        if gone:
            many = self.count(MISSING)
            entries = "1 entry" if many == 1 else f"{many} entries"
            text += f". Warning: source missing: {', '.join(gone)} ({entries}, still listed, known "
            text += f"through {self.older})"
        return ". ".join((text, *(f"Warning: {note}" for note in self.notes), "Not found is not cleared."))


def compare(older: PartyFile, newer: PartyFile) -> Comparison:
    """What changed from one day's file to another's. A source that vanished is missing, not a delisting.

    Raises InputError where the newer file is of an earlier day.
    """
    if newer.day < older.day:
        raise InputError(f"the newer file is of {newer.day}, the older of {older.day}; allowed: a later day")
    before = {entry.key: entry for entry in older.entries}
    after = {entry.key: entry for entry in newer.entries}
    rows = []
    for key, entry in before.items():
        if key in after and names.key_of(entry.names[0]) != names.key_of(after[key].names[0]):
            why = f"now {after[key].names[0]}; loading keeps the old name to match"
            rows.append((entry.list, entry.names[0], RENAMED, why))
        elif key in after:
            rows.append((entry.list, entry.names[0], LISTED, "in both files"))
        elif entry.list in newer.lists and not newer.whole:
            rows.append((entry.list, entry.names[0], LISTED, "the newer file only adds names"))
        elif entry.list in newer.lists:
            rows.append((entry.list, entry.names[0], ENDED, f"removed by {newer.day}: its source is there"))
        else:
            why = f"the newer file holds no entry of {entry.list}: still listed, known through {older.day}"
            rows.append((entry.list, entry.names[0], MISSING, why))
    known = set(older.lists)
    rows += [(entry.list, entry.names[0], ADDED, f"first seen on {newer.day}" + ("" if entry.list in known else
              ", the whole list is new")) for key, entry in after.items() if key not in before]  # fmt: skip
    notes = tuple(f"{file.name}: {note}" for file in (older, newer) for note in file.notes)
    return Comparison(older.day, newer.day, tuple(rows), notes)


# --- joined to a built-in regime ---------------------------------------------------------------------------------


def join(regime: str, table: str, rows: list[Row]) -> list[Row]:
    """The rows of a party table of a built-in regime with what was loaded."""
    if table not in ("party_list", "party_listing", "source") or not folder().is_dir():
        return rows
    mine = [kept for kept in loaded().values() if _regime_of(kept.list) == regime]
    joined = {"party_list": _lists, "party_listing": _listings, "source": _sources}[table]
    return joined(regime, rows, mine) if mine else rows


def _regime_of(name: str) -> str | None:
    return next((row["regime"] for row in sources() if row["list"] == name), None)


def _blank(regime: str, table: str, **cells: Cell | tuple[str, ...]) -> Row:
    return (
        dict.fromkeys(columns()[table]) | {"regime": regime, "line": 0, "status": "seen", "confidence": "high"} | cells
    )


def _source_id(kept: Loaded) -> str:
    return f"loaded-{kept.list}"


def _sources(regime: str, rows: list[Row], mine: Sequence[Loaded]) -> list[Row]:
    return rows + [_blank(regime, "source", source_id=_source_id(kept), kind="file", title=kept.file,
                          citation=f"loaded, of {kept.day}", seen_on=kept.day) for kept in mine]  # fmt: skip


def _lists(regime: str, rows: list[Row], mine: Sequence[Loaded]) -> list[Row]:
    found = {row["list"]: row for row in rows}
    for kept in mine:
        known = next(row for row in sources() if row["list"] == kept.list)
        old = found.get(kept.list) or _blank(regime, "party_list", list=kept.list, title=known["title"],
                                             policy=known["policy"], ownership_rule="none")  # fmt: skip
        start = kept.day if kept.whole else old["complete_from"]
        found[kept.list] = old | {"complete_from": start, "known_through": kept.day, "source_id": _source_id(kept)}
    return list(found.values())


def _older(row: Row, day: date) -> bool:
    return row["known_through"] is not None and row["known_through"] < day


def _listings(regime: str, rows: list[Row], mine: Sequence[Loaded]) -> list[Row]:
    """Entries of the file; built-in rows of the same party keep their days and reach to the day of the file."""
    found = [row for row in rows if row["list"] not in {kept.list for kept in mine}]
    for kept in mine:
        own: dict[str, list[Row]] = {}
        for row in rows:
            if row["list"] == kept.list:
                own.setdefault(names.key_of(row["party"]), []).append(row)
        first = {names.key_of(entry.names[0]) for entry in kept.entries}
        for number, entry in enumerate(kept.entries, len(found) + 1):
            keys = [names.key_of(name) for name in entry.names]
            same = [old for key in keys if key == keys[0] or key not in first for old in own.pop(key, [])]
            for old in same:
                through = max(kept.day, old["known_through"]) if old["known_through"] else kept.day
                every = dict.fromkeys((*old["aliases"], *entry.names))
                aliases = tuple(name for name in every if name != old["party"])
                found.append(old | {"known_through": through, "aliases": aliases, "line": number})
            if not same:
                found.append(_blank(
                    regime, "party_listing", line=number, list=kept.list, party_id=entry.id, party=entry.names[0],
                    aliases=entry.names[1:], place=entry.place or None, reason=entry.reason or None,
                    listed_from=entry.start, listed_to=entry.end, known_from=entry.start or kept.day,
                    known_through=kept.day, source_id=_source_id(kept),
                ))  # fmt: skip
        gone = [row for left in own.values() for row in left]
        ends = kept.whole  # a file that is cut short, or an announcement, ends nothing
        found += [row | {"listed_to": kept.day} if ends and not row["listed_to"] and _older(row, kept.day) else row
                  for row in gone]  # fmt: skip
    return [row | {"line": number} for number, row in enumerate(found, 1)]
