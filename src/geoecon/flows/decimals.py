"""Numbers as text: which decimal sign a file uses, blanks and flags beside a number, cells that are missing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.kinds import Relation


BLANKS = "\u00a0\u202f\u2009 '\u2019"  # between thousands
PLAIN = "0123456789.,-"
WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in PLAIN)  # as wide as the letters of Japanese
MISSING = (
    "", "NA", "N/A", "N.A.", "NAN", "NULL", "NONE", "NIL", "..", "...", "…", ":", "-", "–", "—", "--", "#N/A", "*",
    "**", "***", ".", "/", "X",
    "C",
)  # fmt: skip
NEGATIVE = (
    r"^\(?[-−]?[$€£¥]?\(?[-−]?[$€£¥]?[0-9][0-9.,]*\)?[-−]?$"  # (6), ($6), 6-: as accounts write what is below zero
)
NUMBER = r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
PAIRS = [one + other for one, other in combinations("bcdepsu", 2)]  # never bn (billion) or pcs (pieces)
FLAGS = "|".join(
    ["[bcdefinprsuvzEPR*†‡¹²³⁴⁵^]", r"\[[a-z0-9]{1,2}\]", *PAIRS, "bde", "bdp", "bep"]
)  # Eurostat: break, confidential, estimated, …
FLAGGED = rf"^([0-9][0-9.,]*)\(?({FLAGS})\)?$"  # 1200p, once the blanks are gone
WITHHELD = r"^(:\(?[a-z]{1,3}\)?|\([A-Z]{1,2}\)|\([a-z]\)|[DFSXZuz]"  # :c, (D)
WITHHELD += (
    r"|(?i:confidential|suppressed|withheld|secret|undisclosed|not ?available|not ?applicable|vertraulich|geheim"
)
WITHHELD += (
    r"|nil|nd|n\.d\.|n/d|s/d|s\.d\.|n\.?c\.?|k\.a\.|no ?data|missing|unknown|conf\.?|confidentielle?|confidencial"
)
WITHHELD += (
    r"|riservato|secreto|non ?disponible|no ?disponible)|秘匿?|非公表|未公[開开]|保密|不詳|비공개|비밀|자료없음)$"
)
ALLOWED = "a finite number from 0 with a decimal point, or empty"
SIGNS = (".", ",", ".,")
MOST = 1e18  # of any unit; the world trades 3e13 USD a year
QUICK = r"(\.[0-9]{1,15})?"  # what most cells are: digits, and a point and digits
COMMA = r"^[0-9]{1,3}(\.[0-9]{3})*,[0-9]{1,2}$|^[0-9]+,[0-9]{4,}$|^[0-9]{4,},[0-9]+$|^0[0-9]*,[0-9]+$"
COMMA += (
    r"|^[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$|^[0-9]{1,3}(\.[0-9]{3}){2,}$|^[0-9]+,[0-9]{1,2}$|^[0-9]+,[0-9]+[eE][+-]?[0-9]+$"
)
POINT = r"^[0-9]+\.[0-9]{1,2}$|^[0-9]+\.[0-9]{4,}$|^[0-9]{4,}\.[0-9]+$|^0[0-9]*\.[0-9]+$|^\.[0-9]+$"
POINT += r"|^[0-9]{1,3}(,[0-9]{3})+\.[0-9]+$|^[0-9]{1,3}(,[0-9]{3}){2,}$|^[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}(\.[0-9]*)?$"
DOUBT = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"
GROUPS = r"^([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,2}(,[0-9]{2})+,[0-9]{3})(\.[0-9]*)?$"  # 12,345,678 or 1,23,45,678
KINDS = {"comma": COMMA, "point": POINT, "doubt": DOUBT, "groups": GROUPS}
POINTS = r"^[0-9]{1,3}(\.[0-9]{3})+$"


def not_a_number(x: str) -> str:
    """SQL that tells a not-a-number. DuckDB's isnan is false for one in a Parquet file that states the extremes of its
    other cells."""
    return f"(NOT isfinite({x}) AND NOT isinf({x}))"


def bare_sql(column: str) -> str:
    """SQL of a cell without blanks between thousands and without a flag behind the number."""
    blank = f"[{BLANKS.replace(chr(39), chr(39) * 2)}]"
    column = f"translate({column}, '{WIDE}', '{PLAIN}')"
    clean = f"regexp_replace(trim({column}), '{blank}', '', 'g')"
    apart = f"regexp_matches({column}, '[0-9]{blank}+[0-9]') AND NOT regexp_matches(trim({column}), '{_spaced(blank)}')"
    return f"CASE WHEN {apart} THEN trim({column}) ELSE regexp_replace({clean}, '{FLAGGED}', '\\1') END"


def _spaced(blank: str) -> str:
    """A number whose blanks stand between thousands, or in Indian groups, and nowhere else."""
    return rf"^\+?[0-9]{{1,3}}({blank}[0-9]{{2,3}})*{blank}[0-9]{{3}}([.,][0-9]*)?({blank}*[^0-9]*)?$"


def bare(cell: str) -> str:
    """The same in Python."""
    plain, blank = cell.strip().translate(str.maketrans(WIDE, PLAIN)), f"[{BLANKS}]"
    if re.search(f"[0-9]{blank}+[0-9]", plain) and not re.match(_spaced(blank), plain):
        return plain
    return re.sub(FLAGGED, r"\1", re.sub(blank, "", plain))


def number_sql(column: str, decimal: str) -> str:
    """SQL of a number column: NULL where missing, NaN where it is not a finite number from zero."""
    bare = bare_sql(column)
    clean = bare
    quick = f"regexp_full_match({column}, '[0-9]{{1,15}}{'' if decimal == ',' else QUICK}')"
    if decimal == ",":
        points = f"contains({bare}, ',') OR regexp_matches({bare}, '{POINTS}')"
        other = f"regexp_matches({bare}, '{POINT}')"  # 12.50 where a comma is the sign
        clean = f"CASE WHEN {other} THEN 'no' WHEN {points} THEN replace(replace({bare}, '.', ''), ',', '.') "
        clean += f"ELSE {bare} END"
    elif decimal == ".,":
        clean = f"CASE WHEN regexp_matches({bare}, '{GROUPS}') THEN replace({bare}, ',', '') ELSE {bare} END"
    missing = ", ".join(f"'{word}'" for word in MISSING)
    value = f"coalesce(TRY_CAST({clean} AS DOUBLE), 'NaN'::DOUBLE)"
    finite = f"CASE WHEN {value} > {MOST} THEN 'NaN'::DOUBLE ELSE {value} END"
    return (
        f"CASE WHEN {quick} THEN {column}::DOUBLE "
        f"WHEN {column} IS NULL OR upper({bare}) IN ({missing}) OR regexp_matches({bare}, '{WITHHELD}') THEN NULL "
        f"WHEN regexp_matches({clean}, '{NUMBER}') THEN {finite} ELSE 'NaN'::DOUBLE END"
    )


def number_text(cell: str, decimal: str) -> str:
    """The same in Python: a number as written, with a decimal point, without blanks and flags."""
    plain = bare(cell)
    if decimal == "," and re.match(POINT, plain):
        return cell.strip() + " (decimal point)"
    if decimal == ",":
        return plain.replace(".", "").replace(",", ".") if "," in plain or re.match(POINTS, plain) else plain
    return plain.replace(",", "") if decimal == ".," and re.match(GROUPS, plain) else plain


def fault(cell: str, decimal: str) -> str | None:
    """What is wrong with a number cell in words; None where it is good or missing."""
    text, shown = number_text(cell, decimal), re.sub(r"(?<=\d)e0$", "", cell.strip())
    if text.upper() in MISSING or re.match(WITHHELD, text):
        return None
    if re.match(NUMBER, text):
        number = float(text)
        large = f"{shown} is more than any trade" if math.isfinite(number) else f"{shown} is not finite"
        return None if number <= MOST else large
    if (text.startswith("-") and re.match(NUMBER, text[1:])) or (
        re.match(NEGATIVE, text) and re.search("[-−()]", text)
    ):
        return f"negative value {shown}"
    if beside := re.match(r"^([<>≤≥~≈$€£¥₩]|US\$)?\s?[0-9][0-9.,]*(\D{0,4})$", shown):
        mark = (beside[1] or beside[2]).strip()
        return f"{shown!r} is not a number: {mark!r} may be a flag or a unit, for a column of its own"
    return f"{shown!r} is not a number"


def row_of(relation: Relation | None) -> tuple[Any, ...]:
    """The one row that a query gives."""
    assert relation is not None
    return tuple(relation.fetchall()[0])


def sign(
    relation: Relation, columns: Mapping[str, str], name: str, given: str | None, three: bool = False,
    lines: Callable[[], Iterable[tuple[int, Mapping[str, str]]]] | None = None,
) -> str:  # fmt: skip
    """The decimal sign of the text columns of a DuckDB relation: `.`, `,`, or `.,` (commas between thousands).

    `columns` maps our fields to headings. One cell that proves the sign settles the table. Raises InputError where
    cells prove both, and where all could be read two ways, with the first such cell of `lines` (cells by field);
    `three` says that the layout writes three decimals, so that those are no doubt.
    """
    if given is not None:
        if given not in SIGNS:
            raise InputError(f"decimal {given!r}; allowed: " + ", ".join(map(repr, SIGNS)))
        return given
    texts = [f"{_quoted(heading)}" for heading in columns.values()]
    if not texts or (
        three and not relation.filter(" OR ".join(f"contains({c}, ',')" for c in texts)).limit(1).fetchall()
    ):
        return "."
    named = [(text, text[1:-1].replace("'", "''")) for text in texts]
    parts = " UNION ALL ".join(
        f"SELECT '{heading}' AS heading, trim({text}) AS cell, {bare_sql(text)} AS bare FROM numbers"
        for text, heading in named
    )
    told = ", ".join(
        f"min(['0', heading, cell]) FILTER (regexp_matches(bare, '{pattern}'))" for pattern in KINDS.values()
    )
    sql = f"WITH cells AS ({parts}) SELECT {told} FROM cells WHERE contains(bare, '.') OR contains(bare, ',')"
    seen = dict(zip(KINDS, row_of(relation.query("numbers", sql)), strict=True))
    found = {kind: cell for kind, cell in seen.items() if cell is not None}
    try:
        return _settled(found, name, three)
    except InputError:
        if lines is None:
            raise
        cells = ((line, heading, row.get(field, "")) for line, row in lines() for field, heading in columns.items())
        return _settled(_first(cells) or found, name, three)


def _first(cells: Iterable[tuple[int, str, str]]) -> dict[str, list[str]]:
    """The first cell (line, heading, text) of each kind of number."""
    found: dict[str, list[str]] = {}
    for line, heading, text in cells:
        plain = bare(text)
        for kind, pattern in KINDS.items():
            if kind not in found and re.match(pattern, plain):
                found[kind] = [str(line), heading, text.strip()]
    return found


def _settled(found: Mapping[str, Sequence[str]], name: str, three: bool) -> str:
    """The sign by the first cell (line, heading, text) of each kind."""
    comma, point, doubt, groups = (found.get(kind) for kind in ("comma", "point", "doubt", "groups"))
    if comma and point:
        both = sorted([(comma, "point"), (point, "comma")], key=lambda pair: int(pair[0][0]))
        raise InputError(
            [_seen(name, cell, f"decimal {word} elsewhere: this cell has another sign") for cell, word in both]
        )
    if comma:
        return ","
    if point:
        return ".," if groups else "."
    if doubt is None:
        return "."
    written = doubt[2]
    if three:
        return "," if "," in written else "."
    plain = re.sub(f"[{BLANKS}]", "", written)
    whole, part = re.split(r"[.,]", re.sub(FLAGGED, r"\1", plain))
    what = "can be a decimal comma or thousands" if "," in plain else "can be a decimal point or thousands"
    thousands = "'.,'" if "," in plain else "','"
    decimals = "','" if "," in plain else "'.'"
    raise InputError(
        Fault(name, int(doubt[0]), doubt[1], f"{written} {what}: {whole}.{part} or {whole}{part}",
              f"decimal={decimals} for {whole}.{part}, decimal={thousands} for {whole}{part} (--decimal), "
              "or one number that proves it")
    )  # fmt: skip


def _seen(name: str, cell: Sequence[str], found: str) -> Fault:
    return Fault(name, int(cell[0]), cell[1], f"{cell[2]!r}: {found}", "one decimal sign in the file, or decimal=")


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def sign_of(cells: Iterable[tuple[int, str, str]], name: str, given: str | None = None) -> str:
    """`sign` for cells in memory, (line, heading, text) each. Raises InputError likewise, once for all."""
    if given is not None:
        if given not in SIGNS:
            raise InputError(f"decimal {given!r}; allowed: " + ", ".join(map(repr, SIGNS)))
        return given
    return _settled(_first(cells), name, False)
