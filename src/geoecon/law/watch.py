"""The maintainers' list of what is to come: dated changes that are announced, suspended or reported, and the rows that
they touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from geoecon import tables
from geoecon.figure import STATUS
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd


RULES = {
    "watch_id": tables.identifier,
    "day": tables.day,
    "regime": tables.text,
    "rules": tables.text.optional(),
    "what": tables.text,
    "source": tables.text,
    "status": tables.one_of(*STATUS),
}


@dataclass(frozen=True)
class Change:
    """A change that is to come, or came and was not read. `rules` are the rows it touches; * is every row."""

    id: str
    day: date
    regime: str
    rules: frozenset[str]
    what: str
    source: str

    def touches(self, rule: str | None) -> bool:
        return "*" in self.rules or rule in self.rules

    def __str__(self) -> str:
        return f"{self.day.isoformat()}: {self.what} ({self.source})"


def read_watch(path: Path) -> tuple[Change, ...]:
    """The changes of a watch list, by day. Raises InputError with every bad cell."""
    rows = tables.read_rows(path, RULES)
    found = [
        Change(row["watch_id"], row["day"], row["regime"], _names(row["rules"]), row["what"], row["source"])
        for row in rows
    ]
    return tuple(sorted(found, key=lambda change: (change.day, change.id)))


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(";") if name.strip())


@cache
def watch_list() -> tuple[Change, ...]:
    """The changes that the package watches."""
    return read_watch(Path(str(files("geoecon") / "law" / "regimes" / "watch.csv")))


def changes(regime: str, after: date | None = None, until: date | None = None) -> list[Change]:
    """Changes of a regime whose day lies after `after` and not after `until`."""
    return [
        change for change in watch_list()
        if change.regime == regime and (after is None or change.day > after) and (until is None or change.day <= until)
    ]  # fmt: skip


@dataclass(frozen=True)
class Watch(Result):
    """The watch list as a result: what is to come after `on` first, the nearest on top; then what came and was not
    read, the latest on top."""

    changes: tuple[Change, ...]
    on: date

    METHOD: ClassVar[str] = "Dated changes announced, suspended or reported, and changes that came and were not read."

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(change.source for change in self.changes)

    def when(self, change: Change) -> str:
        return "to come" if change.day >= self.on else "came, not read"

    def to_frame(self) -> pd.DataFrame:
        """One row a change: whether it is to come, day, regime, what, rules, source."""
        import pandas as pd

        rows = [(self.when(c), c.day, c.regime, c.what, ", ".join(sorted(c.rules)), c.source) for c in self.changes]
        return pd.DataFrame(rows, columns=["when", "day", "regime", "what", "rules", "source"])

    def summary(self) -> pd.DataFrame:
        return self.to_frame()[["when", "day", "regime", "what"]].head(12)

    def figures(self) -> dict[str, Any]:
        return {}

    def sentence(self) -> str:
        ahead = [change for change in self.changes if change.day >= self.on]
        text = f"{len(self.changes)} dated changes of the law are watched: {len(ahead)} to come after "
        text += f"{self.on.isoformat()}, {len(self.changes) - len(ahead)} that came and were not read."
        return text


def law_watch(on: date | None = None) -> Watch:
    """What the maintainers watch: what is to come from a day (today if left out) first, by day, then what came."""
    day = on or date.today()
    ahead = [change for change in watch_list() if change.day >= day]
    return Watch((*ahead, *(change for change in reversed(watch_list()) if change.day < day)), day)
