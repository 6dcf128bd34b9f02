"""Columns that no heading explains: what they mean by their values, or a stop that says how to choose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from geoecon import countries
from geoecon.errors import InputError
from geoecon.flows import no_money, products, second, units
from geoecon.flows.headings import harmless
from geoecon.flows.layouts import OPEN, QUANTITY, SPLITS, TOTAL, Layout
from geoecon.flows.meaning import BOUGHT, CODED, SOLD, direction, listed, yes_or_no
from geoecon.flows.raw import quoted

if TYPE_CHECKING:
    from geoecon.kinds import Relation


OURS = r"(hs|h[0-6]|hs[ -]?(19|20)?\d\d|harmoni[sz]ed system.*|sitc.*|s[1-4]|bec ?\d?|b[45]|cn8?|hts|nc8?)$"
SYSTEMS = re.compile(rf"{OURS}|(naics|isic|nace|cpc|cpa|ksic|sic|prodcom|anzsic|jsic)\b.*$", re.IGNORECASE)
FEW = 12  # different values: so many may be kinds of rows; more are names, numbers or notes
FREQUENCIES = ("a", "m", "q", "annual", "monthly", "quarterly", "yearly", "year", "month", "quarter")
MODES = ("sea", "air", "road", "rail", "by sea", "by air", "maritime", "vessel", "truck", "water", "land", "post",
         "mail", "pipeline", "inland waterway", "multimodal", "other", "unknown", "total", "all")  # fmt: skip
DIRECTED = rf"{BOUGHT}|{SOLD}|^sales?$"
PROPER = (  # words of headings that name a property of a place or a product by nature
    r"\b(region|continent|area|income|hemisphere|bloc|zone|subregion|group of countries|goods?|items?|article|material"
    r"|mineral|metal|chemical|substance|element|sector|industry|chapter|section|family|category)\b"
)
BASES = (  # words that tell two numbers of one flow apart
    r"\b(cif|fob|exw|fas|cfr|ddp|dap)\b", r"current|constant|chained|\breal\b|nominal",
    r"adjusted|\bn?sa\b|\bswda\b|\braw\b", r"actual|forecast|project|estimate|planned|observed|predict",
    r"^(gross|net)\b", r"^(general|special)\b", r"^(domestic|foreign|national|re.?exports?)\b",
    r"^(month|monthly|cumul\w*|ytd|year to date|year-to-date|ytd\b.*|single month|in month|period)$",
)  # fmt: skip
CONCEPTS = BASES[0], BASES[5]
SOURCE = r"origin|consign|dispatch|supplier|seller|producer|maker|provenance|herkunft|ursprung|procedencia|原[产産]"
SIGNS = r"[-+\d.,:/\s%]"  # of a measurement
BASIS = r"valuation|incoterm|\bprices?\b|basis|adjust|season|scenario|cumulat|ytd|year to date|re ?export|re ?import"
COUNTED = r"quantit|qty|number|count|rank|rate|tariff|pieces|units?|share|distance|rta|contig|年|数量|수량"
BASIS += r"|domestic|concept|trade system|\bgross\b|\bvariant\b"
BASIS += r"|\b(weeks?|wk|covered|coverage|covers|vintage|edition|version|release|revision|scope)\b"
BASIS += r"|\b(sign|deleted|removed|cancell?ed|void|invalid|valid|excluded?|included?|duplicate)\b"


def understood(relation: Relation, layout: Layout, name: str, ignore: Sequence[str] = ()) -> tuple[Layout, list[str]]:
    """The layout with every column that changes what a row means, whatever it is called; what to say of the others.

    `ignore` are headings that the user says change nothing. Raises InputError for one that is not there, and for
    columns with several values that nobody knows and that are no property of a place, a product or a period.
    """
    layout, notes = _ignored(relation, layout, name, ignore)
    layout = _quantities(relation, layout)
    found: list[tuple[str, str]] = []
    faults: list[str] = [f"{name}: {told}"] if (told := _one_side(relation, layout)) is not None else []
    for heading in _open(relation, layout):
        values = _values(relation, heading)
        if heading.strip().casefold() == "reported_by":  # of our own export
            notes.append(f"rows by report: {listed(values)}")
            continue
        if "hs_revision" not in layout.columns and heading in layout.unread and _classes(heading, values):
            if (told := _systems(heading, values)) is not None:
                faults.append(f"{name}: {told}")
            elif products.revision(values[0]) or re.match("sitc|bec", values[0], re.IGNORECASE):
                layout = replace(layout, columns={**layout.columns, "hs_revision": heading})
                notes.append(f"products by {values[0]}, as column {heading} says")
            else:
                notes.append(f"column {heading} is not read: {listed(values)}")
            continue
        role = role_of(heading, [value for value in values if value])
        if heading not in layout.unread:
            role = role if role in ("flow", "unit", "indicator") or _concepts(values) else ""
            if not role:
                continue
        elif (told := _other_side(relation, layout, heading)) is not None:
            faults.append(f"{name}: {told}")
            continue
        if role in ("", "basis") and len(values) > 1 and _decides(relation, layout, heading, values, role):
            told = f"{name}: column {heading} has the values {listed(values)}: it may change what a row means"
            faults.append(f"{told}; allowed: only={{{heading!r}: one of them}} (--only '{heading}=…'), or "
                          f"ignore=[{heading!r}] (--ignore '{heading}') if it changes nothing")  # fmt: skip
        elif no_money.column(values, layout.columns, layout.unread) and not harmless(heading):
            told = (
                f"{name}: column {heading} says {listed(values)}: no amounts of money; allowed: a table of values, or "
            )
            faults.append(f"{told}ignore=[{heading!r}] (--ignore '{heading}') where they are")
        elif role == "basis":
            notes.append(f"all rows have {heading} {values[0]!r}")
        elif role:
            found.append((role, heading))
        elif values and len(values) <= FEW:
            notes.append(f"column {heading} is not read: {listed(values)}")
    if faults:
        raise InputError(faults)
    taken = [f"column {heading} taken for {role}, by its values" for role, heading in found]
    named = {heading for _, heading in found} | {n.split(" is not read")[0].removeprefix("column ") for n in notes}
    named |= {layout.columns.get("hs_revision", "")}
    roles = tuple(r for r in layout.roles if r[1] not in named)
    left = tuple(heading for heading in layout.unread if heading not in named)
    return replace(layout, roles=(*roles, *found), renamed=(*layout.renamed, *taken), unread=left), notes


def _quantities(relation: Relation, layout: Layout) -> Layout:
    """The layout with a bare column of quantities and its own units where the column of units says no money."""
    heading, there = layout.role("unit"), [h for h in layout.unread if h.strip().casefold() in QUANTITY]
    if heading is None or layout.name not in OPEN or "tonnes" in layout.columns or len(there) != 1:
        return layout
    said = [value for value in _values(relation, heading) if value]
    known = [(found := units.unit(value, alone=True)) is not None and not found.money for value in said]
    if not any(known) or not all(k or value.casefold() in units.COUNTS for k, value in zip(known, said, strict=True)):
        return layout
    roles = tuple(("weight_unit", h) if h == heading else (role, h) for role, h in layout.roles)
    named = f"heading {there[0]!r} read as tonnes, in the units of {heading}"
    left = tuple(h for h in layout.unread if h != there[0])
    columns = {**layout.columns, "tonnes": there[0]}
    return replace(layout, columns=columns, roles=roles, renamed=(*layout.renamed, named), unread=left)


def _classes(heading: str, values: Sequence[str]) -> bool:
    """Whether a column names classifications of products; short codes do where the heading says so (H1 is a half)."""
    named = re.search(r"class|nomencl|revis|edition|system|standard", heading.casefold()) is not None
    return all(map(SYSTEMS.match, values)) and (named or any(len(value) > 2 for value in values))


def _systems(heading: str, values: Sequence[str]) -> str | None:
    """What to say of a column of classifications that are several, or none of ours; None for one of ours."""
    said = f"column {heading} has the values {listed(values)}"
    if len(values) > 1:
        return (f"{said}: codes of several classifications; allowed: only={{{heading!r}: one of them}} "
                f"(--only '{heading}=…')")  # fmt: skip
    if re.match(OURS, values[0], re.IGNORECASE):
        return None
    return (f"{said}: no codes of HS, SITC or BEC; allowed: a table by one of these, or ignore=[{heading!r}] "
            f"(--ignore '{heading}') where they are")  # fmt: skip


def _concepts(values: Sequence[str]) -> bool:
    """Whether the values are concepts of which each says the whole: general and special trade, CIF and FOB."""
    return len(values) > 1 and any(all(re.search(base, v.casefold()) for v in values) for base in CONCEPTS)


def _one_side(relation: Relation, layout: Layout) -> str | None:
    """What to say of two columns taken for seller and buyer that name one country in every row: code and name."""
    sides = [told for side in ("exporter", "importer") if (told := layout.side(side)) in relation.columns]
    if len(sides) < 2 or layout.baci:
        return None
    cells = ", ".join(f"trim({quoted(str(told))}::VARCHAR)" for told in sides)
    pairs = relation.project(cells).distinct().limit(300).fetchall()
    if len(pairs) < 2 or not all(a == b or (_country(str(a)) and _country(str(a)) == _country(str(b)))
                                 for a, b in pairs):  # fmt: skip
        return None
    ours = ("reporter", "partner") if layout.shape == "reports" else ("exporter", "importer")
    return (f"columns {sides[0]} and {sides[1]} name the same country in every row, and the other side is not told; "
            f"allowed: columns= with a heading for {ours[0]} and {ours[1]}, or '=GBR' for every row "
            f"(--columns {ours[0]}==GBR)")  # fmt: skip


def _other_side(relation: Relation, layout: Layout, heading: str) -> str | None:
    """What to say of a column of countries that are neither the seller's nor the buyer's: origin beside exporter."""
    sides = {side: told for side in ("exporter", "importer") if (told := layout.side(side)) in relation.columns}
    if harmless(heading) or len(sides) < 2:
        return None
    own = quoted(heading)
    cells = ", ".join(f"trim({quoted(str(told))}::VARCHAR)" for told in sides.values())
    rows = relation.project(f"trim({own}::VARCHAR), {cells}").distinct().limit(1000).fetchall()
    if any(not cell or re.fullmatch(r"[\d.]*", cell) for cell, *_ in rows):
        return None
    places = {cell: code for row in rows for cell in row if (code := _country(cell))}
    one = len({cell for cell, *_ in rows}) < 2 and not re.search(SOURCE, heading.casefold())
    if not rows or one or not all(cell in places for cell, *_ in rows):
        return None
    for k in range(len(sides)):
        if all(places[row[0]] == places.get(row[k + 1]) for row in rows):
            return None
    return (
        f"column {heading} names countries that are neither {' nor '.join(map(str, sides.values()))} in some rows, and "
        f"who sold is told two ways; allowed: columns={{'exporter': {heading!r}}} (--columns 'exporter={heading}') to "
        f"count by it, or ignore=[{heading!r}] (--ignore '{heading}')"
    )


@cache
def _country(text: str) -> str:
    try:
        found = countries.resolve(text)
        return "" if found.kind == "aggregate" else found.iso3
    except InputError:
        return ""


def _ignored(relation: Relation, layout: Layout, name: str, ignore: Sequence[str]) -> tuple[Layout, list[str]]:
    """The layout without the columns that the user says change nothing."""
    if not ignore:
        return layout, []
    there = {column.strip().casefold(): column for column in relation.columns}
    wrong = [heading for heading in ignore if heading.strip().casefold() not in there]
    left = {there[h.strip().casefold()] for h in ignore if h not in wrong}
    fields = [heading for heading in layout.columns.values() if heading in left]
    if wrong or fields:
        raise InputError(f"{name}: ignore {', '.join([*wrong, *fields])}; allowed: columns beyond the flow itself: "
                         + ", ".join(h for h in there.values() if h not in layout.columns.values()))  # fmt: skip
    unread = tuple(heading for heading in layout.unread if heading not in left)
    roles = tuple(role for role in layout.roles if role[1] not in left)
    return replace(layout, roles=roles, unread=unread), [f"column {h} ignored, as asked for" for h in sorted(left)]


def _open(relation: Relation, layout: Layout) -> list[str]:
    """Columns of words, whole numbers and truths that no field has, of a table of no standard layout."""
    if layout.name not in OPEN:
        return []
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    weights = second.amounts(layout, "tonnes")  # net beside gross
    split = [heading for role, heading in layout.roles if role in SPLITS]
    return [h for h in (*layout.unread, *split)
            if h not in weights
            and (kinds[h] in ("VARCHAR", "BOOLEAN") or "INT" in kinds[h] or kinds[h].startswith("ENUM"))]  # fmt: skip


def _values(relation: Relation, heading: str) -> list[str]:
    """Up to 25 different values of a column; empty cells are one of them."""
    cells = relation.project(f"coalesce(trim({quoted(heading)}::VARCHAR), '') AS v").distinct().limit(25).fetchall()
    return sorted(str(cell) for (cell,) in cells)


def role_of(heading: str, values: Sequence[str]) -> str:
    """The role that the values of a column say by words: import and export, units of money, frequencies, modes."""
    plain = [value.casefold() for value in values]
    words = " ".join(re.split(r"[\W_]+", heading.casefold()))
    if not values or len(values) > 20:
        return "basis" if re.search(BASIS, words) and not harmless(heading) else ""
    if all(re.search(DIRECTED, value) for value in plain):
        return "flow" if all(direction(value, {}, "") for value in values) else "indicator"
    if len(values) > 1 and any(set(plain) <= codes for codes in CODED):
        return "flow"
    truths = all(yes_or_no(value) is not None for value in values)
    if truths and re.search(r"\b(im|ex)ports?\b", words) and not re.search(r"\bre\b", words):
        return "flow"
    measured = [units.unit(value) for value in values]
    if all(found is not None for found in measured) and any(found.money for found in measured if found is not None):
        said = {(found.money, units.beside(value)) for found, value in zip(measured, values, strict=True) if found}
        return "unit" if len(said) == len({money for money, _ in said}) else "basis"
    if len(values) > 1 and set(plain) <= set(FREQUENCIES):
        return "frequency"
    if re.search(BASIS, words) or any(all(re.search(base, value) for value in plain) for base in BASES):
        return "basis"
    return "transport" if len(values) > 1 and set(plain) <= set(MODES) else ""


NUMBERED = (
    r"(column \d+|unnamed: \d+|index|__index_level_\d+__|row|row_?(no|nr|id|number)?\.?|s\.? ?no\.?|sl\.? ?no\.?|#|)$"
)


def _decides(relation: Relation, layout: Layout, heading: str, values: Sequence[str], role: str) -> bool:
    """Whether a column of several values may tell rows of one flow apart: by its words, or because it is a few words
    that no place, product or period has for itself."""
    told = [value for value in values if value]
    if units.unit(heading) is not None and told and all(re.fullmatch(rf"{SIGNS}+", value) for value in told):
        return False  # another amount, as its heading says: Freight (USD)
    if role == "basis":
        return True
    if not harmless(heading) and any(re.match(TOTAL, value.upper()) for value in told):
        return True  # chemicals beside the total of all
    if harmless(heading) or len(told) > FEW or not told:
        return False
    numbered = any(re.search(r"\d", value) for value in told)
    if len(told) > 5 and len(told) == len(relation):
        return False  # a number of its own for each row
    counted = sorted(int(value) for value in told if value.isdigit() and len(value) < 4)
    if re.match(NUMBERED, heading.strip().casefold()) and counted in ([*range(len(relation))],
                                                                     [*range(1, len(relation) + 1)]):  # fmt: skip
        return False  # the number of the row, as pandas and R write it
    coded = (
        len(told) <= 4 and all(re.fullmatch(r"\d", value) for value in told) and not re.search(COUNTED, heading, re.I)
    )
    graded = numbered and not coded
    measured = all(re.fullmatch(rf"{SIGNS}+|[^\W\d_]{{0,3}}{SIGNS}*\d\d{SIGNS}*", value) for value in told)
    if graded and measured and not all(yes_or_no(value) is not None for value in told):
        return False  # codes of many things and measurements, not words
    own = quoted(heading)
    for name, field in layout.columns.items():
        if name in ("value_usd", "tonnes"):
            continue
        pairs, keys, rows = relation.aggregate(
            f"count(DISTINCT ({quoted(field)}::VARCHAR, {own}::VARCHAR)), count(DISTINCT {quoted(field)}::VARCHAR), "
            "count(*)"
        ).fetchall()[0]
        own_word = graded or re.search(PROPER, heading.casefold()) or all(map(_country, told))
        if pairs == keys and (keys < rows or own_word):
            return False  # several rows of one place (product, period) agree: one row of each would prove nothing
    return True
