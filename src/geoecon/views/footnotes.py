"""Footnotes: sources numbered in the order in which the page cites them, with the rows of the case behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.case import Case


@dataclass
class Notes:
    """Numbers the sources in the order in which the page cites them."""

    order: dict[str, int] = field(default_factory=dict)

    def cite(self, sources: Iterable[str]) -> tuple[int, ...]:
        """The footnote numbers of these sources, new ones at the end."""
        return tuple(self.order.setdefault(source, len(self.order) + 1) for source in sorted(sources))


@dataclass(frozen=True)
class Source:
    """A footnote: the citation, where it is, and the rows of the case that rest on it."""

    number: int
    citation: str
    source_id: str = ""
    url: str = ""
    read_on: str = ""
    licence: str = ""
    rows: tuple[tuple[str, str], ...] = ()  # file, lines


def sources(case: Case, notes: Notes) -> Iterable[Source]:
    """The footnotes in order, each with the rows of the case's files that rest on it."""
    known = {row["citation"]: row for row in case.table("sources").to_dict("records")} if case.has("sources") else {}
    from geoecon.figure import own_sources

    ours = {row["citation"]: row for row in own_sources().values()}
    rows = rows_by_source(case)
    for citation, number in notes.order.items():
        row = known.get(citation) or ours.get(citation)
        if row is None:
            yield Source(number, citation)
            continue
        link = str(row.get("url") or "")
        yield Source(
            number,
            citation,
            str(row["source_id"]),
            link if link.startswith(("https://", "http://")) else "",
            str(row.get("read_on") or ""),
            str(row.get("licence") or ""),
            tuple(rows.get(citation, ())),
        )


def rows_by_source(case: Case) -> dict[str, list[tuple[str, str]]]:
    """The files and lines of a case that rest on each source: ("trade.csv", "3–17, 20")."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, table in case.tables.items():
        if "source" in table and name != "sources":
            for citation, lines in table.groupby("source", sort=False)["line"]:
                found.setdefault(str(citation), []).append((f"{name}.csv", spans(lines.tolist())))
    return found


def spans(lines: Iterable[int]) -> str:
    """Line numbers in words: 3, 4, 5, 9 is "3–5, 9"."""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
