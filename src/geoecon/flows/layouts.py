"""Which layout a table has, told from its headings: what each column means, by tables of headings and layouts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geoecon.errors import Fault, InputError
from geoecon.flows import headings
from geoecon.flows.headings import pairs
from geoecon.flows.no_money import NET
from geoecon.flows.periods import PARTS
from geoecon.flows.units import Unit, unit

FIELDS = ("period", "exporter", "importer", "product", "value_usd", "tonnes")
REPORT = ("period", "reporter", "partner", "product", "value_usd")
REQUIRED = {"sides": FIELDS[:5], "reports": REPORT}
SPLITS = {  # columns that cut one flow into parts -> what stands for all of it
    "partner2": ("0", "W00", "WLD"), "transport": ("0",), "customs": ("C00", "4"), "supply": ("0",), "part": ("-",),
}  # fmt: skip
TOTAL = (  # cells that stand for all parts together
    r"^(GRAND )?TOTALS?\b.*|.* TOTAL$|^ALL\b.*|^WORLD$|^_T$|^TOT$|^SUM$|^OVERALL\b.*|^INSGESAMT$"
    r"|^GESAMT$|^ENSEMBLE$|^TOU(S|TES)\b.*|^TOD[OA]S?\b.*|^TOTAA?LT?$|^RAZEM$|^OGÓŁEM$|^ИТОГО$"
    r"|^ВСЕГО$|^CELKEM$|^ÖSSZESEN$|^YHTEENSÄ$|^TOPLAM$|^JUMLAH$|^UKUPNO$|^SUMA$|^I ALT$"
    r"|^(总计|總計|合计|合計|全部|全体|총계|합계|전체)$"
)
WHOLE = TOTAL + "|^$|^T$|^NAN$|^NONE$"  # in a column of parts that is known as one
ROLES = ("flow", "unit", "power", "frequency", "indicator", *SPLITS, "flag", "weight_unit", "estimated")


@dataclass(frozen=True)
class Layout:
    """A recognised table: where each of our fields stands, and what the layout itself says.

    `columns` maps a field (period, exporter, importer or reporter, partner, product, value_usd, tonnes, names) to its
    heading; `roles` lists the columns that change what a row means (role, heading); `fixed` holds what no column says.
    """

    name: str
    shape: str  # sides: exporter and importer; reports: reporter, partner and a flow
    columns: Mapping[str, str]
    roles: tuple[tuple[str, str], ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)  # codes of the flow column -> M, X, RM, RX
    system: str = ""  # of country numbers
    value: Unit | None = None
    weight: Unit | None = None
    renamed: tuple[str, ...] = ()  # headings taken for ours, in words
    unread: tuple[str, ...] = ()  # headings that nobody reads

    def words(self) -> tuple[str, ...]:
        """What was taken for what, and what is not read."""
        named = [f"{h} (year to date)" if re.search(CUMULATIVE, h, re.IGNORECASE) else h for h in self.unread[:12]]
        left = [f"columns that are not read: {', '.join(named)}"] if self.unread else []
        return (*self.renamed, *left)

    @property
    def baci(self) -> bool:
        return self.name == "baci"

    def side(self, name: str) -> str | None:
        """The heading of the exporter or importer; in a report the partner sells and the reporter buys."""
        other = {"exporter": "partner", "importer": "reporter"}[name]
        return self.columns.get(name if self.shape == "sides" else other)

    def headings(self) -> dict[str, str]:
        """What the file calls our six fields."""
        sides = {side: self.side(side) or side for side in ("exporter", "importer")}
        return {field: self.columns.get(field, field) for field in FIELDS} | sides

    def role(self, name: str) -> str | None:
        """The heading of the first column with a role."""
        return next((heading for role, heading in self.roles if role == name), None)


def recognise(
    header: Sequence[str], name: str, renames: Mapping[str, str] | None = None, file: Sequence[str] = (),
    line: int = 1,
) -> Layout:  # fmt: skip
    """The layout of a header. Raises InputError naming what the nearest one lacks.

    `renames` maps our field names to headings of the file, or to what every row has: {"reporter": "=GBR"}; `file` is
    the header as it is written, where `header` is what was made of it, and `line` where it stands.
    """
    once(header, name, line)
    wrong = [written for written in (renames or {}).values() if written not in header and not constant(written)]
    if wrong:
        allowed = f"{', '.join(header[:20])}, or '=GBR' for what stands in no column and holds for every row"
        raise InputError(Fault(name, line, ", ".join(wrong), "no such column", allowed))
    _needed(header, name, renames or {})
    written = {heading.strip().casefold(): heading for heading in header if heading.strip()}
    for row in headings.standard():
        if all(mark in written for mark in row["marks"].split(";")):
            own = {f: written[h] for f, told in pairs(row["fields"]).items()
                   if (h := next((h for h in told.casefold().split("|") if h in written), ""))}  # fmt: skip
            dated = "period" in own and "month" not in own
            own.pop("month", None)
            fixed = pairs(row["fixed"])
            found = _fields(header, row["shape"], {**own, **(renames or {})}, fixed, strict=row["name"] == "baci")
            if not _lacking(found, row["shape"], fixed):
                roles = _roles(header, found, standard=True, dated=dated)
                return Layout(
                    row["name"], row["shape"], found, roles, fixed,
                    pairs(row["flows"]), row["system"], unit(row["value_unit"]), unit(row["weight_unit"]),
                    unread=tuple(h for h in _unused(header, found)
                                 if row["name"] in OPEN or re.search(CUMULATIVE, h, re.IGNORECASE)),
                )  # fmt: skip
    return _tidy(header, name, renames or {}, file or header, line)


def constant(heading: str) -> bool:
    """Whether a heading that the user gave is what every row has: `=GBR`."""
    return len(heading) > 1 and heading.startswith("=")


def _needed(header: Sequence[str], name: str, renames: Mapping[str, str]) -> None:
    """Raises InputError for what every row is said to have where no field is so, or a column of the file says it."""
    said = {field: written for field, written in renames.items() if constant(written) and written not in header}
    if not said:
        return
    shape = "sides" if {"exporter", "importer"} & set(said) else "reports"
    found = _fields(header, shape, {ours: told for ours, told in renames.items() if ours not in said})
    for ours, written in said.items():
        if ours not in CONSTANT:
            raise InputError(f"{name}: columns {ours} {written!r}; allowed: {', '.join(CONSTANT)} for every row")
        if ours in found:
            raise InputError(f"{name}: columns {ours} {written!r}, and column {found[ours]} of the file says it; "
                             f"allowed: columns={{{ours!r}: {found[ours]!r}}}, or without")  # fmt: skip


OPEN = ("tidy", "canada-table")  # layouts whose other columns are looked at: each table has its own
CUMULATIVE = r"_yr$|\bytd\b|_ytd|year[ -]to[ -]date|cumul|累计|累計|누계"  # a number that grows over the year
CONSTANT = ("period", "reporter", "partner", "exporter", "importer", "product")


def once(header: Sequence[str], name: str, line: int = 1) -> None:
    """Raises InputError where a heading stands twice, in whatever case it is written."""
    folded = [column.strip().casefold() for column in header]
    doubled = {column for column in header if column.strip() and folded.count(column.strip().casefold()) > 1}
    if doubled:
        raise InputError(Fault(name, line, ", ".join(sorted(doubled)), "column stands twice", "each column once"))


def _tidy(header: Sequence[str], name: str, renames: Mapping[str, str], file: Sequence[str], line: int) -> Layout:
    """A table with no layout of its own: exporter and importer, or reporter and partner, under any known heading."""
    nearest: tuple[int, str, list[str]] = (-1, "", [])
    for shape in REQUIRED:
        found = _fields(header, shape, renames)
        lacking = _lacking(found, shape, {})
        if not lacking:
            odd = [f"{f} {w[1:]} in every row, as said (columns=)" if constant(w) and w not in header
                   else f"heading {w!r} read as {f}" for f, w in found.items() if w.casefold() != f]  # fmt: skip
            left = tuple(_unused(header, found))
            roles = _roles(header, found)
            way = "" if shape == "sides" or any(role == "flow" for role, _ in roles) else _way(found["value_usd"])
            return Layout("tidy", shape, found, roles, {"flow": way} if way else {}, system=_system(found),
                          renamed=tuple(odd), unread=left)  # fmt: skip
        have = len(REQUIRED[shape]) - len(lacking)
        if have > nearest[0]:
            nearest = (have, shape, lacking)
    told = f"one of them, the header has {', '.join(file[:12])}"
    wanted = ", ".join(REQUIRED[nearest[1]])
    allowed = f"{told}; for a table of {nearest[1]} the columns {wanted}, or columns={{our name: heading}}"
    said = {
        f: "=280530" if f == "product" else "=2022" if f == "period" else "=GBR" for f in nearest[2] if f in CONSTANT
    }
    if said and set(nearest[2]) <= set(said):
        allowed += f", or {'what' if len(said) == 1 else 'all that'} holds for every row: columns={said} ("
        allowed += " ".join(f"--columns {f}={w}" for f, w in said.items()) + ")"
    raise InputError(Fault(name, line, None, f"no column for {', '.join(nearest[2])}", allowed))


def _fields(
    header: Sequence[str], shape: str, given: Mapping[str, str], fixed: Mapping[str, str] = MappingProxyType({}),
    strict: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Field -> heading, those given first, then by the known headings in order of preference, then by their unit."""
    columns = {field: heading for field, heading in given.items() if heading in header or constant(heading)}
    if strict:
        return columns
    taken = set(columns.values())
    for heading, ours in {**headings.by_format()["any"], **headings.by_format()[shape]}.items():
        for written in header:
            if written.strip().casefold() == heading and ours not in columns and written not in taken:
                columns[ours] = written
                taken.add(written)
    one, other = ("reporter", "partner") if shape == "reports" else ("exporter", "importer")
    bare = shape == "reports" or any(constant(columns.get(side, "")) for side in (one, other))
    if bare and len({one, other} & {*columns, *fixed}) < 2:
        lacks = one if other in columns else other  # a bare country is the other side
        named = [h for h in header if h not in taken and h.strip().casefold() in COUNTRY]
        columns |= dict.fromkeys([lacks] * (len(named) == 1), named[0] if named else "")
        taken |= set(named[:1]) & set(columns.values())
    roles = headings.by_format()["role"]
    for written in sorted(header, key=lambda h: "gross" in h.casefold()):  # net weight before gross
        said = unit(written) if written not in taken and written.strip().casefold() not in roles else None
        wanted = "value_usd" if said is not None and said.money else "tonnes"
        if said is not None and wanted not in columns and measured(written):
            columns[wanted] = written
            taken.add(written)
    units = [written for written in header if roles.get(written.strip().casefold()) == "weight_unit"]
    if "tonnes" not in columns and units:  # its unit stands in a column of its own
        counted = [h for h in header if h not in taken and h.strip().casefold() in QUANTITY]
        columns |= dict.fromkeys(["tonnes"] * (len(counted) == 1), counted[0] if counted else "")
    return columns


QUANTITY = ("quantity", "qty", "quantity 1", "qty1", "quantité", "cantidad", "quantidade", "menge", "weight", "数量",
            "數量", "수량", "第一数量")  # fmt: skip


COUNTRY = ("kraj", "страна", "země", "maa", "ország", "negara", "zemlja",
           "country", "countries", "country name", "economy", "país", "pais", "pays", "land", "paese", "国家", "國家",
           "ülke", "country / region", "country/region", "country/territory", "国", "国名", "국가",
           "국가명")  # fmt: skip
MEASURES = ("value", "valeur", "valor", "wert", "amount", "cif", "fob", "trade", "imports", "import", "金額", "金额",
            "价值", "금액", "価額", "weight", "wgt", "mass", "quantity", "qty", "poids", "gewicht", "peso", "重量",
            "数量", "중량", "ithalat", "ihracat", "стоимость", "вартість", "wartość", "hodnota", "érték", "värde",
            "verdi", "værdi", "arvo", "waarde", "giá trị", "değer", "valore", "nilai")  # fmt: skip


def measured(heading: str) -> bool:
    """Whether a heading that says a unit is that of a value or weight itself: `value (1000 EUR)`, `kg`."""
    plain = heading.casefold()
    if re.search(OTHERWISE, plain.replace("_", " ")):
        return False
    return any(word in plain for word in MEASURES) or len(plain) <= 7


OTHERWISE = r"growth|share|\bav(era)?ge?\b|price|\bper\b|/|unit value|index|change|rank|%|\b(19|20)\d\d\b"
OTHERWISE += r"|\bconstant\b|\breal\b|\blog\b|\bln\b|deflat|chained|tariff|cumul|\bytd\b|year to date|\bdut(y|ies)\b"
OTHERWISE += rf"|\b(previous|prior|preceding|last) (year|month|period)|{NET}"


def _lacking(columns: Mapping[str, str], shape: str, fixed: Mapping[str, str]) -> list[str]:
    return [field for field in REQUIRED[shape] if field not in columns and field not in fixed]


def _roles(
    header: Sequence[str], columns: Mapping[str, str], *, standard: bool = False, dated: bool = False
) -> tuple[tuple[str, str], ...]:
    """The columns that change what a row means, by their headings; where the layout's own column is the period
    (`dated`), that has the months.
    """
    known, taken = headings.by_format()["role"], set(columns.values())
    found: list[tuple[str, str]] = []
    for heading in header:
        plain = heading.strip().casefold()
        role = known.get(plain, "") if standard else headings.role_named(heading)
        if role and heading not in taken and not (dated and role in PARTS):
            found.append((role, heading))
    return tuple(found)


BUYS = r"\bimports?\b|\bimporta(tions?|zioni|ciones|ç[õã]es)|einfuhr|invoer|införsel|innførsel|ithalat|импорт"
BUYS += "|進口|进口|輸入|수입"
SELLS = (
    r"\bexports?\b|\b(exporta(tions?|ciones|ç[õã]es)|esportazioni)|ausfuhr|uitvoer|utförsel|utførsel|ihracat|экспорт"
)
SELLS += "|出口|輸出|수출"


def _way(heading: str) -> str:
    """M or X where the heading of the values names one direction: `Import value`; empty for none or both."""
    plain = heading.casefold()
    ways = [way for way, words in (("M", BUYS), ("X", SELLS)) if re.search(words, plain)]
    other = r"\bre.?(im|ex)port|再|转口|復|wieder|wederuit|进出口|進出口|輸出入|출입"  # or both in one
    return ways[0] if len(ways) == 1 and not re.search(other, plain) else ""


def titled(layout: Layout, titles: Sequence[str]) -> tuple[Layout, list[str]]:
    """The layout with the one direction that the lines above a table of reports name, where no column has it."""
    way = _way(" ".join(titles))
    if not way or layout.name != "tidy" or layout.shape != "reports" or layout.role("flow") or layout.fixed.get("flow"):
        return layout, []
    told = f"a line above says {'imports' if way == 'M' else 'exports'}: {next(t for t in titles if _way(t))[:80]}"
    return replace(layout, fixed={**layout.fixed, "flow": way}), [told]


def _system(columns: Mapping[str, str]) -> str:
    """The system of country numbers that a heading names: `Reporter Country Code (M49)`."""
    text = " ".join(columns.get(f, "") for f in ("exporter", "importer", "reporter", "partner")).casefold()
    told = (("comtrade", r"m49|iso"), ("fao", "fao"), ("imf", r"\bimf\b"), ("cow", r"\bcow\b|ccode|correlates of war"))
    return next((system for system, words in told if re.search(words, text)), "")


def _unused(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """The headings that nobody reads."""
    known = {*columns.values(), *(heading for _, heading in _roles(header, columns))}
    harmless = headings.by_format()["aside"]
    return [h for h in header if h.strip() and h not in known and h.strip().casefold() not in harmless]
