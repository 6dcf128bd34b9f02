"""Tables that write years, months or both directions as columns: one row is made of each, by every way in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geoecon.errors import InputError
from geoecon.flows import across, period_hints, periods
from geoecon.flows.headings import field_of, known_headings, role_named
from geoecon.flows.meaning import DIRECTIONS, direction
from geoecon.flows.raw import quoted
from geoecon.flows.units import unit
from geoecon.flows.wide_headings import BASE, BESIDE, FLOW, PERIOD, UNIT, Column, Key, column_of, days_of, parts_of

if TYPE_CHECKING:
    from geoecon.kinds import Relation


Rows = Iterable[tuple[int, Sequence[Any]]]
WAY = re.compile(
    r"\b(?:re-?|domestic )?(?:imports?|exports?|imported|exported|importations?|exportations?|importaci[oó]n(?:es)?"
    r"|exportaci[oó]n(?:es)?|importa[cç][oõ]es|exporta[cç][oõ]es|importazioni|esportazioni|einfuhr(?:en)?|ausfuhr(?:en)?"
    r"|arrivals|dispatches|ithalat|ihracat)\b|[再复]?(?:进口|進口|出口|輸入|輸出)|재?(?:수입|수출)",
    re.IGNORECASE,
)  # a direction in a heading, as a word of its own
TRADE_MAP = r"(imported|exported) value in (19|20)\d\d(-?(q[1-4]|m\d\d))?"
FLAGS = (
    r"(y?(19|20)\d\d[fn]|(19|20)\d\d[ _-]?(flags?|notes?|footnotes?|status)|(flags?|notes?|status)[ _-]?(19|20)\d\d)"
)
AMOUNT = r"value|valeur|valor|wert|amount|weight|wgt|mass|quantit|qty|poids|gewicht|peso|valore|金額|金额|額|额|价值|"
AMOUNT += r"価額|重量|数量|금액|중량|액|\bnet\b|^$"


@dataclass(frozen=True)
class Shape:
    """How a wide table becomes a long one: `keys` stay, every period of `columns` is a row with the `measures`, and so
    is every direction (M, X) where imports and exports stand side by side.

    `packed` are names that stand in the first heading together, as in Eurostat's TSV: freq,geo\\TIME_PERIOD.
    """

    keys: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    measures: tuple[str, ...] = ()
    packed: tuple[str, ...] = ()
    first: str = ""  # the heading of the packed names
    span: str = PERIOD  # what the headings name: a period, or the month or quarter of a year that has its own column
    side: str = ""  # what the places of a matrix are: exporter, importer, partner, product

    @property
    def header(self) -> tuple[str, ...]:
        """The headings of the long table."""
        return (*self.packed, *self.keys, *self.spans, *self.measures, *self.beside)

    @property
    def spans(self) -> tuple[str, ...]:
        """The heading of the periods that the columns name."""
        return (self.span,) if any(column.period for column in self.columns) else ()

    @property
    def beside(self) -> tuple[str, ...]:
        """What the headings of the periods say beside: the flow, and the unit where they differ in it."""
        said = {FLOW: any(column.flow for column in self.columns), UNIT: any(column.unit for column in self.columns)}
        return tuple(name for name, told in (said | {self.side: bool(self.side)}).items() if told)

    def said(self, key: Key) -> list[str]:
        """The cells of `beside` in the rows of one period."""
        own = [c.unit for c in self.columns if c.key == key and c.unit]
        cells = {FLOW: key[1], UNIT: own[0] if own else "", self.side: key[2]}
        return [cells[name] for name in self.beside]

    @property
    def thousands(self) -> bool:
        """Whether the headings are those of ITC Trade Map, whose values are thousands without a word in the table."""
        return any(re.fullmatch(TRADE_MAP, column.heading.strip(), re.IGNORECASE) for column in self.columns)

    @property
    def each(self) -> int:
        """The rows that are made of each row."""
        return len(self.groups()) or 1

    def groups(self) -> dict[Key, dict[str, str]]:
        """(period, flow, place) -> measure -> heading."""
        found: dict[Key, dict[str, str]] = {}
        for column in self.columns:
            cells = found.setdefault(column.key, {})
            if column.measure in cells:
                told = f"columns {cells[column.measure]} and {column.heading} are both"
                if column.place:
                    raise InputError(f"{told} {column.place}; allowed: each {self.side} once")
                if not column.period:
                    raise InputError(f"{told} {DIRECTIONS[column.flow]}; allowed: columns={{'value_usd': one of them}} "
                                     "(--columns 'value_usd=…')")  # fmt: skip
                raise InputError(f"{told} {column.period}; allowed: each period once")
            cells[column.measure] = column.heading
        return found

    def words(self) -> list[str]:
        """What was made of the columns."""
        if not self.columns:
            return []
        first, last = self.columns[0].heading, self.columns[-1].heading
        what = f"{self.side}s" if self.side else "periods" if self.spans else "both directions"
        return [f"{len(self.columns)} columns of {what}, {first} to {last}: one row made of each"]


def shape(
    header: Sequence[str], renames: Mapping[str, str] | None = None, frequency: str | None = None
) -> Shape | None:
    """The shape of a wide table by its header; None for one that is long already.

    Raises InputError where two columns say the same period.
    """
    first = header[0].strip() if header else ""
    square = across.corner(first)
    packed = tuple(part.strip() for part in first.partition("\\")[0].split(",")) if "\\" in first else ()
    packed = square[:1] if square[0] else packed
    rest = [heading for heading in header if not packed or heading != header[0]]
    known = {heading.strip().casefold() for heading in rest} & known_headings()
    told = {h.strip() for h in (renames or {}).values()}
    days = days_of(rest, frequency)
    columns = [found for h in rest if h not in told and (found := column_of(h, days.get(h))) is not None]
    taken = {column.heading for column in columns} | told
    if {"period", "value_usd"} & set(renames or {}) or not columns or any(_long(heading) for heading in known):
        columns = []
    span, parts = ("", []) if columns else parts_of([heading for heading in rest if heading not in told])
    columns = columns or parts
    if not columns:
        columns = _directed([heading for heading in rest if heading not in told], set(renames or {}))
    side = ""
    spare = any(_long(heading) for heading in known) or {"period", "value_usd"} & set(renames or {})  # a whole table
    if years := [h for h in rest if not columns and not spare and h not in told and period_hints.fiscal(h)]:
        raise InputError(f"columns {', '.join(years[:8])} are fiscal years; allowed: headings that say "
                         f"{period_hints.fiscal(years[0])}")  # fmt: skip
    if not columns and (not packed or square[0]) and "value_usd" not in (renames or {}):
        side, columns = across.columns_of([h for h in rest if h not in told], renames or (), square[1])
    if not columns and (not packed or square[0]):
        return None
    wide = {column.heading for column in columns}
    beside = f"{BESIDE}|balance|unit value|^{FLAGS}$"
    odd = [h for h in rest if h not in taken and not span and re.search(r"(?<!\d)(19|20)\d\d(?!\d)", h)
           and not re.search(beside, h.strip().casefold())] if columns and columns[0].period else []  # fmt: skip
    if odd and not side:
        known_of = f"{columns[0].heading} and others are periods, and {', '.join(odd[:8])} cannot be read as one"
        raise InputError(
            f"columns {known_of}; allowed: periods as 2021, 2021-06, 2021-Q2, Jun 2021, or without the column"
        )
    written = [match[0] for column in columns for match in re.finditer(r"(?<!\d)\d{4}[-/]\d\d(?!\d)", column.heading)]
    periods.dated(written, frequency, "columns")
    keys = tuple(heading for heading in rest if heading not in wide)
    columns = _one_value(columns, keys)
    measures = tuple(dict.fromkeys(column.measure for column in columns))
    whole = Shape(keys, tuple(columns), measures, packed, header[0] if packed else "", span or PERIOD, side)
    whole.groups()
    return whole


def _long(heading: str) -> bool:
    """Whether a heading says the period itself, so that the years in others are something else."""
    return field_of(heading) in ("period", "value_usd")


def _directed(headings: Sequence[str], given: set[str]) -> list[Column]:
    """The columns of a table with imports and exports side by side, each value or weight with the direction that its
    heading names; none where the table has one direction, or a column of its own for it.
    """
    if {"flow", "value_usd"} & given or any(role_named(heading) == FLOW for heading in headings):
        return []
    found = []
    for heading in headings:
        ways = WAY.findall(heading.replace("_", " "))
        rest = " ".join(re.sub(r"[()\[\]:\-]|\b(cif|fob|total)\b", " ", WAY.sub(" ", heading.replace("_", " ")),
                               flags=re.IGNORECASE).split())  # fmt: skip
        said = unit(rest)
        amount = said is not None or re.search(AMOUNT, rest.casefold())
        if len(ways) != 1 or not amount or re.search(f"{BESIDE}|{BASE}", rest.casefold()):
            continue
        weight = said is not None and not said.money
        counted = said is None and re.search(r"weight|wgt|mass|quantit|qty|poids|gewicht|peso|重量|数量|중량|net",
                                             rest.casefold())  # fmt: skip
        named = rest if weight or counted else f"value ({rest})" if said is not None else "value"
        found.append(Column(heading, "", named, direction(ways[0], {}, "")))
    money = {column.flow for column in found if column.measure.startswith("value")}
    return found if {"M", "X"} <= money else []


def _one_value(columns: list[Column], keys: Sequence[str]) -> list[Column]:
    """The columns with one value in every period, its unit beside it where the headings differ in units.

    Raises InputError where no period may be lost and no one value can be told: a unit in some headings only, CIF beside
    FOB, or two values in some periods and one in others.
    """
    money = [column for column in columns if column.measure == "value" or column.measure.startswith("value (")]
    by_period: dict[tuple[str, str], list[Column]] = {}
    for column in money:
        by_period.setdefault((column.period, column.flow), []).append(column)
    sets = {tuple(sorted(column.measure for column in found)) for found in by_period.values()}
    if len(sets) < 2:
        return columns
    units = {column.heading: column.measure.removeprefix("value (").removesuffix(")") for column in money}
    bases = {tuple(re.findall("cif|fob", text.casefold())) for text in units.values()}
    taken = [key for key in keys if key.strip().casefold() == UNIT]
    if any(len(found) > 1 for found in sets) or ("value",) in sets or len(bases) > 1 or taken:
        first = list({column.measure: column.heading for column in reversed(money)}.values())
        raise InputError(
            f"columns {', '.join(reversed(first[:8]))} do not say one value in one unit, and no period may be lost; "
            "allowed: one value a period, with its unit in every heading or in none (columns left out before)"
        )
    return [replace(c, measure="value", unit=units[c.heading]) if c.heading in units else c for c in columns]


def narrowed(relation: Relation, found: Shape) -> Relation:
    """The relation of a wide table as a long one, its numbers as they are."""
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    text = any(kinds[column.heading] == "VARCHAR" for column in found.columns)
    cells_of = f"string_split({quoted(found.first)}, ',')" if len(found.packed) > 1 else f"[{quoted(found.first)}]"
    keys = [f"trim({cells_of}[{k}]) AS {quoted(name)}" for k, name in enumerate(found.packed, 1)]
    keys += [quoted(heading) for heading in found.keys]
    if not found.columns:
        return relation.project(", ".join(keys))
    kind = "VARCHAR" if text else "DOUBLE"
    parts = []
    for key, cells in found.groups().items():
        values = [f"{quoted(m)} := {quoted(cells[m]) if m in cells else 'NULL'}::{kind}" for m in found.measures]
        beside = [
            f"{n} := '{t.replace(chr(39), chr(39) * 2)}'" for n, t in zip(found.beside, found.said(key), strict=True)
        ]
        values = [*(f"{span} := '{key[0]}'" for span in found.spans), *values, *beside]
        parts.append(f"struct_pack({', '.join(values)})")
    rows = f"unnest([{', '.join(parts)}], recursive := true)"
    return relation.project(", ".join([*keys, rows]))


def lines(
    rows: Callable[[], Rows], header: Sequence[str], found: Shape
) -> Callable[[], Iterator[tuple[int, list[Any]]]]:
    """The rows of a wide table as those of the long one, each with its line."""
    place = {heading: k for k, heading in enumerate(header)}

    def told() -> Iterator[tuple[int, list[Any]]]:
        for line, cells in rows():
            parts = str(cells[0]).split(",") if len(found.packed) > 1 else [str(cells[0])]
            packed = [part.strip() for part in parts] if found.packed else []
            keys = [*(packed + [""] * len(found.packed))[: len(found.packed)], *(cells[place[k]] for k in found.keys)]
            if not found.columns:
                yield line, keys
            for key, names in found.groups().items():
                values = [cells[place[names[m]]] if m in names else "" for m in found.measures]
                yield line, [*keys, *([key[0]] * len(found.spans)), *values, *found.said(key)]

    return told
