"""What the server knows: cases that it may open, sessions, saved scenarios, and the desk of jobs."""

from __future__ import annotations

import asyncio
import json
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geoecon.case import cases, load_case
from geoecon.errors import InputError
from geoecon.views import short, slug, strict_json
from geoecon.web.jobs import Desk, Job
from geoecon.web.sessions import Saved, Session, Sessions

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

    from geoecon.case import Case


Made = TypeVar("Made")


@dataclass
class Server:
    """One for the process."""

    desk: Desk
    sessions: Sessions
    saved: Saved
    folders: Mapping[str, Path] = field(default_factory=dict)  # case folders that the user named at the start
    place: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="geoecon-")
    )
    read: dict[str, Case] = field(default_factory=dict)

    def close(self) -> None:
        self.desk.close()
        self.sessions.close()
        self.place.cleanup()


@dataclass
class State:
    """The server as one request sees it."""

    server: Server
    session: Session

    @property
    def desk(self) -> Desk:
        return self.server.desk

    @property
    def saved(self) -> Saved:
        return self.server.saved

    @property
    def files(self) -> Path:
        return Path(self.server.place.name)

    def titles(self) -> dict[str, str]:
        """Keys and titles of the cases that this session can open."""
        shipped = {key: _title(_head(files("geoecon") / "cases" / key)) for key in cases()}
        named = {key: _title(_head(folder)) for key, folder in self.server.folders.items()}
        return shipped | named | {key: case.title for key, case in self.session.cases.items()}

    def head(self, key: str) -> Mapping[str, Any]:
        """The case.toml of a case, without reading its tables."""
        where = self.where(key)
        folder = files("geoecon") / "cases" / key if where == key else Path(where)
        return _head(folder)

    def where(self, key: str) -> str:
        """What a worker loads for a key: a built-in name, or a folder of ours. A key is never used as a path."""
        if key in self.session.cases:
            return str(self.session.cases[key].folder)
        if key in self.server.folders:
            return str(self.server.folders[key])
        if key in cases():
            return key
        if key.startswith("upload-"):
            raise InputError(
                f"case {short(key, 60)!r} is not here any more; allowed: bring the same zip again under Disputes, "
                "and this link works as before"
            )
        known = ", ".join([*cases(), *self.server.folders, *self.session.cases])
        raise InputError(f"no case {short(key, 60)!r}; allowed: {known}")

    def case(self, key: str, cutoff: str | None = None) -> Case:
        """The case of a key as known at its first or the given cut-off. Raises InputError for another key or day."""
        where = self.where(key)
        if key in self.session.cases:
            found = self.session.cases[key]
        else:
            if where not in self.server.read:
                self.server.read[where] = load_case(where)
            found = self.server.read[where]
        days = {day.isoformat(): day for day in found.cutoffs}
        if cutoff and cutoff not in days:
            raise InputError(f"cutoff {short(cutoff, 30)!r}; allowed: " + ", ".join(days))
        return found.at(days[cutoff] if cutoff else found.cutoffs[0])

    def job(self, key: str) -> Job:
        if key not in self.desk.jobs:
            raise InputError("no such job; allowed: a job that this server started and still keeps")
        return self.desk.jobs[key]

    def solve(
        self, key: str, scenario: Mapping[str, Any], draws: int, seed: int, cutoff: str | None, page: bool = False
    ) -> Job:
        """Queues a solve; the one that this session's page waited for before is cancelled where nobody else waits."""
        task = {"kind": "solve", "case": self.where(key), "scenario": dict(scenario), "draws": draws, "seed": seed}
        return self.desk.submit(task | {"cutoff": cutoff, "page": page}, share=True)

    async def call(
        self, verb: str, arguments: Mapping[str, Any], names: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """One function in a worker. Raises InputError with what it says; our own file names read as the user's."""
        job = await self.called(verb, arguments, names)
        return dict(json.loads(_named(strict_json(job.last("result")), names or {})))

    async def called(self, verb: str, arguments: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Job:
        """The same as a finished job that keeps its result."""
        task = {"kind": "call", "verb": verb, "arguments": dict(arguments)}
        job = await self.desk.finished(self.desk.submit(task))
        for event, data in job.events:
            if event in ("fault", "broken"):
                said = data.get("faults") or [data["message"]]
                raise (
                    InputError([_named(text, names or {}) for text in said])
                    if event == "fault"
                    else BrokenError(said[0])
                )
        return job

    async def aside(self, work: Callable[[], Made]) -> Made:
        """Blocking work off the event loop."""
        return await asyncio.to_thread(work)


def _head(folder: Traversable) -> Mapping[str, Any]:
    """The case.toml of a folder, without reading the case."""
    return _parsed((folder / "case.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=100)
def _parsed(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


def _title(head: Mapping[str, Any]) -> str:
    return str(head["case"]["title"])


class BrokenError(RuntimeError):
    """A fault of ours: one line for the page, the trace for the log."""


def _named(text: str, names: Mapping[str, str]) -> str:
    """Our own file names replaced by the user's."""
    for ours, theirs in names.items():
        told = strict_json(short(theirs, 60))[1:-1]
        text = text.replace(ours, told).replace(Path(ours).name, told)
    return text


def state_of(request: Request) -> State:
    """The state of a request; the middleware has put the session there."""
    return State(request.state.server, request.state.session)


def folders(paths: tuple[Path, ...]) -> dict[str, Path]:
    """Case folders by a key of ours; each is read, so that its faults show at the start."""
    found: dict[str, Path] = {}
    for path in paths:
        load_case(path)
        found[slug(path.resolve().name)] = path.resolve()
    return found
