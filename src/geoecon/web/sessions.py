"""Who works at the desk: sessions in memory, saved scenarios in one SQLite file that the user can copy."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import sqlite3
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geoecon.errors import InputError
from geoecon.views import strict_json

if TYPE_CHECKING:
    from geoecon.case import Case

SESSIONS, UPLOADS, SAVED, NAME = 200, 8, 500, 120


@dataclass(frozen=True)
class OwnTable:
    """A table of trade that somebody brought: where it lies, what it is called, how it is read."""

    path: Path
    name: str
    reading: str


@dataclass(frozen=True)
class OwnRules:
    """Rules that somebody brought: where they lie, what the files are called, what the check of them says."""

    path: Path
    name: str
    told: tuple[str, ...]


Own = TypeVar("Own", OwnTable, OwnRules)


@dataclass
class Session:
    """One browser: the cases, tables and rules it brought."""

    key: str
    folder: Path
    cases: OrderedDict[str, Case] = field(default_factory=OrderedDict)
    tables: OrderedDict[str, OwnTable] = field(default_factory=OrderedDict)
    rules: OrderedDict[str, OwnRules] = field(default_factory=OrderedDict)

    def keep(self, case: Case, key: str = "") -> str:
        """Remembers a case under `key`, else under one of its content: the same files brought again answer the same
        links. The oldest above the limit is dropped."""
        key = key or f"upload-{_hash_of(case.folder)}"
        old = self.cases.pop(key, None)
        if old is not None and old.folder != case.folder:
            shutil.rmtree(old.folder, ignore_errors=True)
        self.cases[key] = case
        while len(self.cases) > UPLOADS:
            _, old = self.cases.popitem(last=False)
            shutil.rmtree(old.folder, ignore_errors=True)
        return key

    def keep_table(self, path: Path, name: str, reading: str) -> str:
        """Remembers a table of trade under a key of its content and reading, and drops the oldest above the limit."""
        key = f"table-{_short_hash(path, more=reading)}"
        self.tables[key] = OwnTable(path, name, reading)
        self.tables.move_to_end(key)
        while len(self.tables) > UPLOADS:
            _, old = self.tables.popitem(last=False)
            old.path.unlink(missing_ok=True)
        return key

    def keep_rules(self, path: Path, name: str, told: tuple[str, ...]) -> str:
        """Remembers a folder of rules under a key of its content, and drops the oldest above the limit."""
        key = f"rules-{_hash_of(path)}"
        old = self.rules.pop(key, None)
        self.rules[key] = OwnRules(path, name, told)
        while len(self.rules) > UPLOADS:
            _, last = self.rules.popitem(last=False)
            shutil.rmtree(last.path, ignore_errors=True)
        if old is not None:
            shutil.rmtree(old.path, ignore_errors=True)
        return key

    def rules_of(self, key: str) -> OwnRules:
        """Rules that were brought. Raises InputError for a key of another session."""
        return _kept(self.rules, key, "rules", "are", "files", "Licence desk")

    def table_of(self, key: str) -> OwnTable:
        """A table that was brought. Raises InputError for a key of another session."""
        return _kept(self.tables, key, "table", "is", "file", "Dependence")


def _kept(kept: Mapping[str, Own], key: str, what: str, verb: str, files: str, page: str) -> Own:
    if key not in kept:
        raise InputError(
            f"{what} {key[:30]!r} {verb} not here any more; allowed: bring the same {files} again under {page}, and "
            "this link works as before"
        )
    return kept[key]


def _hash_of(folder: Path) -> str:
    return _short_hash(*sorted(path for path in folder.rglob("*") if path.is_file()))


def _short_hash(*files: Path, more: str = "") -> str:
    found = hashlib.sha256(more.encode())
    for file in files:
        found.update(file.name.encode() if len(files) > 1 else b"")
        found.update(file.read_bytes())
    return found.hexdigest()[:10]


class Sessions:
    """All sessions; the least recently used goes first. Their files lie in one temporary folder."""

    def __init__(self) -> None:
        self.place = tempfile.TemporaryDirectory(prefix="geoecon-serve-")
        self.open: OrderedDict[str, Session] = OrderedDict()
        self.lock = threading.Lock()

    def of(self, key: str | None) -> Session:
        """The session of a cookie, or a new one."""
        with self.lock:
            if key is not None and key in self.open:
                self.open.move_to_end(key)
                return self.open[key]
            made = secrets.token_urlsafe(24)
            folder = Path(tempfile.mkdtemp(dir=self.place.name))
            self.open[made] = Session(made, folder)
            while len(self.open) > SESSIONS:
                _, old = self.open.popitem(last=False)
                shutil.rmtree(old.folder, ignore_errors=True)
            return self.open[made]

    def close(self) -> None:
        self.place.cleanup()


class Saved:
    """Saved scenarios: name, case, the scenario as JSON. The file is made with the first scenario saved."""

    def __init__(self, file: Path):
        self.file, self.lock = file, threading.Lock()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self.lock:
            base = sqlite3.connect(self.file)
            try:
                with base:
                    base.execute(
                        "create table if not exists scenario "
                        "(name text primary key, case_id text not null, scenario text not null)"
                    )
                    yield base
            finally:
                base.close()

    def save(self, name: str, case_id: str, scenario: Mapping[str, Any]) -> None:
        """Keeps a scenario under a name; the same name again replaces it. Raises InputError for a bad name."""
        if not name.strip() or len(name) > NAME or not name.isprintable():
            raise InputError(f"name {name[:NAME]!r}; allowed: 1 to {NAME} printable characters")
        with self._open() as base:
            count = base.execute("select count(*) from scenario").fetchone()[0]
            if count >= SAVED:
                raise InputError(f"{count} scenarios are saved; allowed: {SAVED}. Delete {self.file} or move it away.")
            row = (name.strip(), case_id, strict_json(scenario))
            base.execute("insert or replace into scenario values (?, ?, ?)", row)

    def list(self) -> list[tuple[str, str, str]]:
        """(name, case, scenario as JSON), by name."""
        if not self.file.is_file():
            return []
        with self._open() as base:
            return base.execute("select name, case_id, scenario from scenario order by name").fetchall()

    def delete(self, name: str) -> None:
        if self.file.is_file():
            with self._open() as base:
                base.execute("delete from scenario where name = ?", (name,))
