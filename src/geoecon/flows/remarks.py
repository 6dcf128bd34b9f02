"""What a table of flows says beside its flows: flags, units read, names of products, the classification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from geoecon.errors import INVISIBLE, InputError, visible
from geoecon.flows import checks, decimals, products
from geoecon.flows.layouts import OPEN, Layout
from geoecon.flows.meaning import Choice
from geoecon.flows.raw import Request, Written, quoted

if TYPE_CHECKING:
    from geoecon.flows.raw import Lines
    from geoecon.kinds import Relation


def flagged(relation: Relation, headings: list[str], name: str, *, plain: bool) -> list[str]:
    """Numbers with a flag behind them and cells with a flag in the place of a number, by flag.

    Raises InputError where b is the only flag of a table that is `plain` (of no known office): it may be a billion.
    """
    notes = []
    for heading in headings:
        bare = f"regexp_replace(trim({quoted(heading)}), '[{decimals.BLANKS.replace(chr(39), chr(39) * 2)}]', '', 'g')"
        flag = f"CASE WHEN regexp_matches({bare}, '{decimals.WITHHELD}') THEN 'no number: ' || trim({quoted(heading)}) "
        flag += f"WHEN regexp_matches({bare}, '{decimals.FLAGGED}') THEN 'flag ' || regexp_extract({bare}, "
        flag += f"'{decimals.FLAGGED}', 2) END"
        cells = relation.project(f"{flag} AS told").filter("told IS NOT NULL")
        found = cells.aggregate("told, count(*) AS n", "told").order("told").fetchall()
        if plain and [told for told, _ in found if told.startswith("flag")] == ["flag b"]:
            first = relation.filter(f"regexp_matches({bare}, '{decimals.FLAGGED}')").project(quoted(heading))
            cell = decimals.row_of(first.limit(1))[0].strip()
            raise InputError(f"{name}, {heading}: {cell!r} can be a number of billions, or one with Eurostat's flag b "
                             "(break in series); allowed: numbers written in full, without a letter")  # fmt: skip
        if found:
            notes.append(f"{heading}: " + ", ".join(f"{told} ({n:,} rows)" for told, n in found[:8]))
    return notes


def _named(relation: Relation, layout: Layout) -> list[str]:
    heading = layout.columns["product"]
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    if layout.name not in OPEN or kinds.get(heading) != "VARCHAR":
        return []
    column = f"trim({quoted(heading)})"
    found = relation.filter(f"{checks.product(column)} <> {column}").project(column).limit(1).fetchall()
    return [f"words behind codes in {heading} left out, such as those of {found[0][0][:60]!r}"] if found else []


def told(choices: Mapping[Any, Choice], layout: Layout, written: Written, request: Request) -> list[str]:
    """In words, what units were read, and that words behind codes of products were left out."""
    notes = _named(written.relation, layout)
    usd = {c.factor for c in choices.values() if c.kind == "value"}
    if layout.name != "baci" and usd and usd != {1.0}:
        unit = layout.role("unit") or layout.role("power")
        where = f"column {unit}" if unit else "a line around the table" if written.title is not None else "unit"
        told = ", ".join(f"times {factor:,.10g}" for factor in sorted(usd))
        notes.append(f"values made USD: {told} (by {'unit=, as asked for' if request.unit else where})")
    if layout.name.startswith("fao"):
        notes.append("products are item codes of FAOSTAT, not of the HS")
    heading = layout.columns.get("tonnes")
    weights = {c.weight for c in choices.values()}
    if heading and not layout.baci and any(w != w for w in weights):
        notes.append(f"{heading} without a unit of weight in some rows: no tonnes there")
    elif heading and weights != {1.0} and layout.name == "tidy":
        notes.append(f"{heading} made tonnes: times {', '.join(f'{w:g}' for w in sorted(weights))}")
    return notes


def names(rows: Relation) -> dict[str, str]:
    if "product_name" not in rows.columns:
        return {}
    table = rows.project("product, product_name").filter("product_name IS NOT NULL AND product_name <> ''").distinct()
    return {str(code): str(name) for code, name in reversed(table.fetchall())}


def turned(found: Mapping[str, str], lines: Lines | None) -> list[str]:
    """Names with characters that hide or turn the text around them, with the line of the first: they are shown."""
    odd = [name for name in found.values() if INVISIBLE.search(name)]
    if not odd:
        return []
    rows = lines() if lines is not None else ()
    line = next((n for n, cells in rows if INVISIBLE.search(str(cells.get("product_name", "")))), None)
    where = f" in line {line}" if line is not None else ""
    shown = ", ".join(sorted({visible(mark) for name in odd for mark in INVISIBLE.findall(name)}))
    return [f"{len(odd)} names hold characters that hide or turn text ({shown}), the first{where}: shown, not obeyed"]


def revision(rows: Relation, name: str) -> str:
    if "hs_revision" not in rows.columns:
        return ""
    told = [text for (text,) in rows.project("hs_revision").distinct().fetchall() if text]
    return revisions(told, name)


def of_heading(layout: Layout) -> str:
    """SITC or BEC where the heading of the products says it; FAO for its own items in its layouts."""
    if layout.name.startswith("fao") and "cpc" not in layout.columns["product"].casefold():
        return "FAO"
    found = re.search(r"(?<![a-z])(sitc|bec)(?![a-z])", layout.columns.get("product", "").casefold())
    return found[1].upper() if found else ""


def revisions(told: Iterable[str], name: str) -> str:
    """The one HS revision of the records. Raises InputError where two stand in one table."""
    found = {products.revision(str(text)) or str(text) for text in told}
    if len(found) > 1:
        raise InputError(f"{name}: HS revisions {', '.join(sorted(found))} in one table; allowed: one revision")
    return found.pop() if found else ""
