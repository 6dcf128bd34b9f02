"""From a table as written to rows that mean something: numbers in USD and tonnes, flow, unit and parts understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon.flows import checks, comtrade, decimals, meaning, periods, remarks, second, sides, signs, totals, values
from geoecon.flows.coverage import UNSCALED
from geoecon.flows.layouts import OPEN, Layout, constant
from geoecon.flows.meaning import DECIDING, Choice
from geoecon.flows.raw import COLUMNS, Raw, Request, Written, chosen, day_sql, identity, lazy, obeyed, plain_of, quoted

if TYPE_CHECKING:
    from geoecon.flows.raw import Lines
    from geoecon.kinds import Frame, Relation


TOGETHER = ("unit", "part")  # `thousand` in one column and `USD` in another; a port and a district
HIDDEN = "'c', '(c)', 'm', 'l', '(d)', 'd', '(s)', 'x', ':', 'confidential', 'suppressed', 'missing', 'not available'"
NAMES = ("product_name", "hs_revision")


def raw_of(written: Written, request: Request) -> Raw:
    """The table read: columns that change the meaning of a row are understood, or InputError says how to choose."""
    read = written.relation.count("*").fetchall()[0][0] + sum(len(part) for _, part in written.left)
    written = signs.told(chosen(_whole(written), request.only))
    headed = written.layout
    obeyed(written, request, read)
    layout, seen = values.understood(written.relation, written.layout, written.name, request.ignore)
    written = replace(written, layout=layout, repairs=(*written.repairs, *seen))
    kinds = dict(zip(written.relation.columns, map(str, written.relation.types), strict=True))
    text = {f: h for f in ("value_usd", "tonnes") if (h := layout.columns.get(f)) and kinds[h] == "VARCHAR"}
    decimal = written.decimal if request.decimal is None and written.decimal else decimals.sign(
        written.relation, text, written.name, request.decimal, three=layout.baci, lines=written.lines
    )  # fmt: skip
    twice = second.agreed(written, headed, kinds, decimal, request)
    span, dates = _spans(written.relation, layout, kinds, request, written.name)
    period = _period([written.relation, *(part for _, part in written.left)], layout, kinds, span)
    columns = ", ".join(_columns(layout, kinds, decimal, period))
    found, notes, skips, aside, joined = _understood(written.relation.project(columns), written, request)
    aside += [(why, lazy(part.project(columns).project(", ".join(COLUMNS)))) for why, part in written.left]
    cells = [] if layout.baci else list(text.values())
    notes += remarks.flagged(
        written.relation, cells, written.name, plain=layout.name == "tidy" and layout.role("indicator") != "indicators"
    )
    sums = [part.project(columns) for why, part in written.left if why.startswith(totals.TOTAL) and len(skips) == 1]
    notes += [told for part in sums for told in totals.against(part, written.relation.project(columns))]
    repairs = list(written.repairs)
    if decimal != ".":
        repairs.append("decimal comma" if decimal == "," else "comma between thousands")
    lines = _kept(written, skips)
    named = remarks.names(found)
    notes = [*repairs, *layout.words(), *twice, *dates, *notes, *remarks.turned(named, lines)]
    hs, vintage = identity(written.name)
    raw = Raw(written.name, lazy(found), layout, hs, vintage, tuple(notes), lines, decimal)
    raw = replace(
        raw,
        names=named,
        hs=hs or remarks.revision(found, written.name) or request.classification or remarks.of_heading(layout),
        read=read,
        joined=joined,
        aside=tuple(aside),
    )
    if layout.shape == "reports":
        broken = bool(found.filter("isnan(value_usd) OR isnan(tonnes)").limit(1).fetchall())
        own, valued = meaning.concepts(written.relation, layout)
        return comtrade.of_reports(raw, found.df(), request, broken=broken, domestic=own, valued=valued)
    rows, said, parts, more = sides.once(found, layout, request, written.name)
    plain = plain_of(written.relation, layout, kinds) if layout.baci else None
    return replace(raw, rows=lazy(rows), notes=(*raw.notes, *said), plain=plain, aside=(*raw.aside, *parts),
                   joined=joined + more)  # fmt: skip


def _whole(written: Written) -> Written:
    """The table with a column for what the user says of every row (`=GBR`)."""
    said = [h for h in dict.fromkeys(written.layout.columns.values()) if constant(h)]
    cells = [f"'{h[1:].strip().replace(chr(39), chr(39) * 2)}' AS {quoted(h)}" for h in said
             if h not in written.relation.columns]  # fmt: skip
    if not cells:
        return written
    every = ", ".join(["*", *cells])
    left = tuple((why, part.project(every)) for why, part in written.left)
    return replace(written, relation=written.relation.project(every), left=left)


def _roles(layout: Layout) -> list[str]:
    """The roles of a layout that stand as columns behind the six."""
    return list(dict.fromkeys([role for role, _ in layout.roles] + [r for r in DECIDING if r in layout.columns]))


def _columns(layout: Layout, kinds: Mapping[str, str], decimal: str, period: str) -> list[str]:
    """SQL of the six columns, of the deciding ones and of the parts; numbers checked in the same expression."""
    place = {f: quoted(h) for f, h in layout.columns.items()}
    ends = {}
    for side, other in (("exporter", "partner"), ("importer", "reporter")):
        heading = layout.side(side)
        ends[side] = _code(heading, kinds) if heading else f"'{layout.fixed[other]}'"
    product = place["product"]
    named = checks.product if layout.name in OPEN else checks.unlabelled
    whole = layout.baci and "VARCHAR" not in kinds[layout.columns["product"]]
    columns = {
        "period": period,
        **ends,
        "product": f"lpad({product}::VARCHAR, 6, '0')" if whole else named(f"trim({product}::VARCHAR)"),
        "value_usd": _number(place["value_usd"], kinds[layout.columns["value_usd"]], decimal),
        "tonnes": _number(place["tonnes"], kinds[layout.columns["tonnes"]], decimal) if "tonnes" in place
        else "NULL::DOUBLE",
    }  # fmt: skip
    for role in _roles(layout):
        headings = [layout.columns[role]] if role in layout.columns else [h for r, h in layout.roles if r == role]
        headings = headings if role in TOGETHER else headings[:1]
        cells = " || ' ' || ".join(f"coalesce(trim({quoted(heading)}::VARCHAR), '')" for heading in headings)
        columns[role] = checks.unlabelled(f"trim({cells})") if role == "power" else f"trim({cells})"
    for name in NAMES:
        if name in place:
            columns[name] = f"{place[name]}::VARCHAR"
    return [f"{sql} AS {name}" for name, sql in columns.items()]


def _code(heading: str, kinds: Mapping[str, str]) -> str:
    column = quoted(heading)
    if "INT" in kinds[heading]:
        return f"{column}::VARCHAR"
    text = checks.unlabelled(checks.kept(f"trim({column}::VARCHAR)"))
    return rf"CASE WHEN ends_with({text}, '.0') THEN regexp_replace({text}, '^([0-9]+)\.0$', '\1') ELSE {text} END"


def _spans(
    relation: Relation, layout: Layout, kinds: Mapping[str, str], request: Request, name: str
) -> tuple[str, list[str]]:  # fmt: skip
    """What the days of a column of periods stand for (year, quarter or nothing else), and what to say of it."""
    heading = layout.columns["period"]
    if layout.baci or "INT" in kinds[heading] or any(map(layout.role, periods.PARTS)):
        return "", []
    texts = relation.project(f"{day_sql(heading, kinds)} AS t").filter(
        "contains(t, '-') OR contains(t, '/') OR t ~ '^[A-Za-z].*|[*)]$'"
    )
    span, told = periods.dated([t for (t,) in texts.distinct().limit(5000).fetchall()], request.frequency, name)
    return span, [told] if told else []


def _period(tables: Iterable[Relation], layout: Layout, kinds: Mapping[str, str], span: str) -> str:
    """The period. Every statement on the table holds this SQL, which is short where all stand as we write them."""
    text, odd = day_sql(layout.columns["period"], kinds), f"NOT regexp_matches(t, '{periods.PLAIN}')"
    parts = {role: quoted(part) + "::VARCHAR" for role in periods.PARTS if (part := layout.role(role)) is not None}
    if span or parts or layout.baci:
        return periods.column_sql(text, parts, span)
    plain = not any(part.project(f"{text} AS t").distinct().filter(odd).limit(1).fetchall() for part in tables)
    return text if plain else periods.period_sql(text)


def _number(column: str, kind: str, decimal: str) -> str:
    if kind in ("VARCHAR", "BOOLEAN"):  # true is no number, by whatever door it comes
        return decimals.number_sql(column if kind == "VARCHAR" else f"{column}::VARCHAR", decimal)
    bad = f"{column}::DOUBLE > {decimals.MOST}"
    missing = decimals.not_a_number(f"{column}::DOUBLE")  # a missing cell, in every engine
    return f"CASE WHEN {missing} THEN NULL WHEN {column} < 0 OR {bad} THEN 'NaN'::DOUBLE ELSE {column}::DOUBLE END"


def _understood(
    base: Relation, written: Written, request: Request
) -> tuple[Any, list[str], Mapping[Any, Choice], list[tuple[str, Frame]], int]:
    """The rows in USD and tonnes with a column `flow` of M, X, RM, RX or empty; notes; what each combination means;
    rows set aside with why, and how many were put together with others.
    """
    layout, deciding = written.layout, [role for role in DECIDING if role in base.columns]
    notes: list[str] = []
    if deciding:
        combos = base.project(", ".join(deciding)).distinct().order(", ".join(deciding)).df()
    else:
        combos = pd.DataFrame([{}])
    combos = combos.assign(**{role: "" for role in DECIDING if role not in combos})
    choices = meaning.decide(combos, layout, written.name, request.unit, written.title,
                             written.weight)  # fmt: skip
    if len(combos) == 1:
        choice = next(iter(choices.values()))
        rows = base.project(f"* REPLACE ({_times('value_usd', choice.factor)}, {_times('tonnes', choice.weight)})")
        flow = choice.flow or layout.fixed.get("flow", "")
        rest = [c for c in rows.columns if c not in DECIDING]
        rows = rows.project(f"{', '.join(rest)}, '{flow}' AS flow")
        kind = choice.kind
    else:
        rows = _joined(base, choices, deciding)
        kind = ""
    notes += remarks.told(choices, layout, written, request)
    aside: list[tuple[str, Frame]] = []
    joined = 0
    if kind == "":
        rows, told, aside, joined = _values(rows, layout)
        notes += told
    if not layout.baci:
        rows, told = _weights(rows)
        notes += told
    return rows, notes, choices, aside, joined


def _times(column: str, factor: float) -> str:
    """A column in another unit."""
    if factor == 1:
        return f"{column} AS {column}"
    return f"{column} * {factor!r}::DOUBLE AS {column}" if factor == factor else f"NULL::DOUBLE AS {column}"


def _joined(base: Relation, choices: Mapping[Any, Choice], deciding: list[str]) -> Relation:
    """The rows with kind, flow and factors of their combination."""
    from geoecon.flows.engine import embedded

    table = pd.DataFrame(
        [dict(zip([f"c_{r}" for r in DECIDING], key, strict=True)) | {"kind": c.kind, "way": c.flow, "usd": c.factor,
         "t": c.weight} for key, c in choices.items()]
    )  # fmt: skip
    import pyarrow as pa

    other = embedded().from_arrow(pa.Table.from_pandas(table, preserve_index=False)).set_alias("c")
    same = " AND ".join(f"b.{role} = c.c_{role}" for role in deciding)
    rest = [c for c in base.columns if c not in (*DECIDING, "value_usd", "tonnes")]
    joined = base.set_alias("b").join(other, same)
    weight = "CASE WHEN isnan(t) THEN NULL ELSE tonnes * t END"
    return joined.project(f"{', '.join(rest)}, value_usd * usd AS value_usd, {weight} AS tonnes, kind, way AS flow")


def _values(rows: Relation, layout: Layout) -> tuple[Any, list[str], list[tuple[str, Frame]], int]:
    """One row a flow where values and weights stand below each other; counts and the like are set aside."""
    counts = dict(rows.aggregate("kind, count(*) AS n", "kind").fetchall())
    notes: list[str] = []
    aside: list[tuple[str, Frame]] = []
    heading = layout.columns.get("indicator") or layout.role("indicator") or layout.role("unit")
    six = ", ".join(COLUMNS)
    if counts.get("other"):
        other = rows.filter("kind = 'other'").project(six)
        aside.append((f"neither value nor weight by {heading}, {UNSCALED}", lazy(other)))
    if not counts.get("weight"):
        return rows.filter("kind = 'value'").project("* EXCLUDE (kind)"), notes, aside, 0
    skip = {"value_usd", "tonnes", "kind", "flag", "estimated", *NAMES}
    keys = [c for c in rows.columns if c not in skip]
    same = " AND ".join(f"v.{c} IS NOT DISTINCT FROM w.{c}" for c in keys)
    sql = (
        "WITH v AS (SELECT * EXCLUDE (kind) FROM r WHERE kind = 'value'), "
        f"w AS (SELECT {', '.join(keys)}, sum(value_usd) AS mass FROM r WHERE kind = 'weight' GROUP BY ALL) "
        f"SELECT v.* REPLACE (coalesce(v.tonnes, w.mass) AS tonnes) FROM v LEFT JOIN w ON {same}"
    )
    weights = f"SELECT {', '.join(COLUMNS[:4])}, NULL::DOUBLE AS value_usd, value_usd AS tonnes"
    alone: Any = rows.query(
        "r", f"{weights} FROM (SELECT * FROM r WHERE kind = 'weight') w ANTI JOIN "
        f"(SELECT * FROM r WHERE kind = 'value') v ON {same}",
    )  # fmt: skip
    lost = len(alone)
    notes.append(f"{counts['weight']:,} rows of weights stand beside their values")
    if lost:
        aside.append(("a weight without a value", lazy(alone)))
    return rows.query("r", sql), notes, aside, counts["weight"] - lost


def _weights(rows: Relation) -> tuple[Any, list[str]]:
    """A weight of zero beside a value is a weight that is not known; estimates keep their mark."""
    test = "tonnes = 0 AND value_usd > 0"
    zero, value = rows.filter(test).aggregate("count(*), coalesce(sum(value_usd), 0)").fetchall()[0]
    notes = []
    if zero:
        notes.append(f"weight 0 beside a value is taken as not known: {zero:,} rows, {value:,.0f} USD")
        rows = rows.project(f"* REPLACE (CASE WHEN {test} THEN NULL ELSE tonnes END AS tonnes)")
    if "estimated" in rows.columns:
        said = "lower(estimated) IN ('true', '1', 'yes', 'y')"
        asked = "count(*), coalesce(sum(value_usd), 0), count(tonnes)"
        count, value, weighed = rows.filter(said).aggregate(asked).fetchall()[0]
        if count:
            what = "weights estimated by the service" if weighed else "marked as estimated"
            notes.append(f"{what}: {count:,} rows, {value:,.0f} USD")
        rows = rows.project(f"* REPLACE ({said} AS estimated)")
    if "flag" in rows.columns:
        flags = rows.filter("flag <> ''").aggregate("flag, count(*) AS n", "flag").order("n DESC").fetchall()
        hidden = f"value_usd = 0 AND lower(trim(flag)) IN ({HIDDEN})"
        count = rows.filter(hidden).aggregate("count(*)").fetchall()[0][0]
        if count:
            notes.append(f"0 beside a flag that says no number is given is taken as not known: {count:,} rows")
            rows = rows.project(f"* REPLACE (CASE WHEN {hidden} THEN NULL ELSE value_usd END AS value_usd)")
        if flags:
            notes.append("flags beside values: " + ", ".join(f"{flag} ({n:,} rows)" for flag, n in flags[:8]))
    return rows, notes


def _kept(written: Written, choices: Mapping[Any, Choice]) -> Lines | None:
    """The lines of rows that count, for finding faults again."""
    if written.lines is None or len(choices) < 2:
        return written.lines

    def lines() -> Iterator[tuple[int, Mapping[str, str]]]:
        assert written.lines is not None
        for line, cells in written.lines():
            choice = choices.get(tuple(cells.get(role, "").strip() for role in DECIDING))
            if choice is None or choice.kind in ("value", "weight"):
                yield line, cells

    return lines
