"""Cells of values that name their currency beside the number: `$1,234`, `2,500 USD`, `€1.2M`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from geoecon.errors import InputError
from geoecon.flows import decimals
from geoecon.flows.layouts import OPEN
from geoecon.flows.raw import Written, quoted
from geoecon.flows.units import Unit, unit

if TYPE_CHECKING:
    from geoecon.kinds import Relation


HEADING = "unit beside the number"
WORD = r"[A-Za-z.]{0,7}[$€£¥₩元円원]?|[$€£¥₩] ?[A-Za-z]{0,3}|[A-Za-z]{3} [A-Za-z]{1,8}"
WORD += r"|[A-Za-z]{1,8}[.]? (?:[A-Za-z]{2,7}|[A-Z]{0,2}[$€£¥₩])"  # million USD, Mio. EUR
WORD += r"|[ァ-ヿ一-鿿가-힣]{1,6}"  # 億ドル, 亿美元, 만달러
COMMAS = r"^[1-9][0-9]{0,2}(,[0-9]{3})+$"
BLANKS = " \u2009\u00a0\u202f'\u2019"
CELL = rf"^ *({WORD}) ?([0-9]([0-9.,{BLANKS}]*[0-9])?) ?({WORD}) *$"


def parted(cell: str) -> tuple[str, str]:
    """The words and signs around a number and the number; nothing and the cell where it is none of that kind."""
    found = re.match(CELL, cell)
    return (f"{found[1]} {found[4]}".strip(), found[2]) if found is not None else ("", cell)


def told(written: Written) -> Written:
    """The table with the currency of such cells in a column of units, and bare numbers in that of the values.

    Cells beside them without a currency have that of the others where there is one. Where the table says the unit of
    its values elsewhere, in another currency or as a multiple that the cells have too, all stays as it is. Raises
    InputError for a bare number beside several currencies or a multiple.
    """
    layout, relation = written.layout, written.relation
    heading = layout.columns.get("value_usd", "")
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    if layout.name not in OPEN or kinds.get(heading) != "VARCHAR" or layout.role("unit"):
        return written
    cell = f"coalesce({quoted(heading)}, '')"
    sign = f"trim(regexp_extract({cell}, '{_sql()}', 1) || ' ' || regexp_extract({cell}, '{_sql()}', 4))"
    number = f"regexp_extract({cell}, '{_sql()}', 2)"
    odd = relation.filter(f"NOT regexp_full_match({cell}, '[0-9.,]*')")  # most cells are digits alone
    seen = [str(text) for (text,) in odd.project(f"{sign} AS s").distinct().limit(40).fetchall() if text]
    units = {text: found for text in seen if (found := unit(text, alone=True)) is not None and found.money}
    said = unit(heading) or written.title
    if not units or len(seen) > 20 or not all(_fits(one, said) for one in units.values()):
        return written
    many = len(units) > 1 or any(one.factor != 1 for one in units.values())
    bare = (
        relation.filter(f"{sign} = '' AND regexp_matches({cell}, '[1-9]')").project(quoted(heading)) if many else None
    )
    if bare is not None and (first := bare.limit(1).fetchall()):
        told = (
            f"{written.name}, {heading}: {', '.join(map(repr, list(units)[:3]))} beside some numbers, and none beside "
        )
        raise InputError(f"{told}{first[0][0].strip()!r}, which can be of each; allowed: the same beside every number")
    known = ", ".join("'" + text.replace("'", "''") + "'" for text in units)
    whole = _whole(relation, f"{sign} IN ({known})", number)
    plain = f"CASE WHEN {sign} IN ({known}) THEN {whole} ELSE {quoted(heading)} END"
    other = next(iter(units)) if len(units) == 1 else ""
    own = f"CASE WHEN {sign} IN ({known}) THEN {sign} ELSE '{other}' END"
    alone = said is None  # what the heading says stays what counts, but for multiples in the cells
    spoken = alone or any(one.factor != 1 for one in units.values())

    def made(part: Relation) -> Relation:
        more = f", {own} AS {quoted(HEADING)}" if spoken else ""
        return part.project(f"* REPLACE ({plain} AS {quoted(heading)}){more}")

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        assert written.lines is not None
        for line, cells in written.lines():
            text, number = parted(cells.get("value_usd", ""))
            if text in units:
                cells = {**cells, "value_usd": number}
            yield line, {**cells, "unit": text if text in units else other} if spoken else cells

    counts = ", ".join(f"{text} as {one.code}" for text, one in units.items())
    return replace(
        written,
        relation=made(relation),
        layout=replace(layout, roles=(*layout.roles, ("unit", HEADING))) if spoken else layout,
        lines=None if written.lines is None else lines,
        left=tuple((why, made(part)) for why, part in written.left),
        repairs=(*written.repairs, f"{heading} names its currency beside the numbers: {counts}"),
    )


def _fits(own: Unit, said: Unit | None) -> bool:
    """Whether a currency beside a number is what the heading or a title says, which alone has the multiple."""
    return said is None or (own.code == said.code and (own.factor == 1 or said.factor == 1))


def _whole(relation: Relation, test: str, number: str) -> str:
    """SQL of the numbers beside a currency: money has two decimals at most, so that 1,234 is thousands where no such
    number proves the other sign."""
    plain = decimals.bare_sql(number)
    comma, point, groups, points = (
        bool(relation.filter(f"({test}) AND regexp_matches({plain}, '{pattern}')").limit(1).fetchall())
        for pattern in (decimals.COMMA, decimals.POINT, COMMAS, decimals.POINTS)
    )
    if groups and not comma and not points:
        return f"CASE WHEN regexp_matches({plain}, '{COMMAS}') THEN replace({plain}, ',', '') ELSE {number} END"
    if points and not point and not groups:
        return (
            f"CASE WHEN regexp_matches({plain}, '{decimals.POINTS}') THEN replace({plain}, '.', '') ELSE {number} END"
        )
    return number


def _sql() -> str:
    return CELL.replace("'", "''")
