"""A workbook with a sheet for each period: the name of the sheet is the period of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from geoecon.flows import sheets
from geoecon.flows.periods import period_text

if TYPE_CHECKING:
    from geoecon.kinds import Cell

_BESIDE = re.compile(
    r"^(?:cy|y|year|annual|año|ano|année|jahr|imports?|data|trade)[ _.-]*(?=(?:19|20)\d\d)"
    r"|[ _.-]*(?:data|imports?|trade|年|년)$"
    r"|[ _]*\((?:p|r|prelim\w*|prov\w*|revised)\)$",
    re.IGNORECASE,
)
Rows = Sequence[Sequence["Cell"]]


def period_in(name: str) -> str:
    """The period that the name of a sheet is: `2019`, `Y2019`, `Jan 2019`, `2019年`; empty for any other name."""
    bare = _BESIDE.sub("", _BESIDE.sub("", name.strip())).strip()
    period = period_text(bare) or ""
    return period if re.match(r"(19[4-9]|20[0-4])\d", period) and re.search(r"\d{4}|\d\d$", bare) else ""


def spans(
    found: Mapping[str, Rows], wanted: str | None, known: frozenset[str], whole: Callable[[Sequence[str], bool], bool]
) -> dict[str, str]:  # fmt: skip
    """Sheet -> its period, where every table of a workbook has the same headings and a period as its name.

    The period is empty where the tables have a column of it. `whole` says whether a header is that of a table of flows,
    alone or with a period for all its rows. Nothing for any other workbook.
    """
    heads = {
        name: sheets.heading(rows, known)
        for name, rows in found.items()
        if wanted in (None, name) and any(map(any, rows))
    }
    tables = {name: head for name, head in heads.items() if whole(head, False) or whole(head, True)}
    told = {name: period_in(name) for name in tables}
    same = {tuple(cell.strip().casefold() for cell in head) for head in tables.values()}
    if not tables or not all(told.values()) or len(same) > 1 or len(set(told.values())) < len(told):
        return {}
    dated = [name for name, head in tables.items() if whole(head, False)]
    if dated:
        return dict.fromkeys(tables, "") if len(tables) > 1 and len(dated) == len(tables) else {}
    return told if all(_agrees(period, found[name]) for name, period in told.items()) else {}


def _agrees(period: str, rows: Rows) -> bool:
    """Whether the lines above a table name no other year than its sheet alone."""
    titles = " ".join(str(cell) for row in rows[:5] for cell in row if isinstance(cell, str))
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", titles)
    return not years or period[:4] in years
