"""The files of the case that a question makes: its rows in the columns of each file, and its case.toml."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import countries, lexicon, production
from geoecon.case import FILES, OUTCOMES
from geoecon.cells import csv_writer
from geoecon.figure import own_sources
from geoecon.lexicon import Place
from geoecon.questions.assumed import DUTY, Assumption, withheld
from geoecon.questions.rows import OTHERS, Rows
from geoecon.questions.wording import Wording
from geoecon.tables import guarded

if TYPE_CHECKING:
    from geoecon.kinds import Cell


BOUGHT = {"tariff": "tariff", "import-ban": "import_ban", "boycott": "consumer_boycott"}  # kinds of measures.csv
DAYS, MONTHS = 730, 48
# the columns that this module fills, where they are not all or not in the order of the file's rules
ORDERS: Mapping[str, tuple[str, ...]] = {
    "sources.csv": ("source_id", "citation", "published", "url", "read_on", "licence"),
    "timeline.csv": ("date", "actor", "event", "system", "source_id", "status"),
    "parameters.csv": ("name", "low", "central", "high", "unit", "as_of", "meaning", "source_id", "status"),
    "measures.csv": (
        "measure_id",
        "regime",
        "exporter",
        "importer",
        "product",
        "kind",
        "announced",
        "valid_from",
        "valid_to",
        "known_from",
        "cap_share",
        "duty_rate",
        "review_days",
        "state",
        "rule",
        "clause",
        "source_id",
        "status",
    ),
    OUTCOMES: ("outcome_id", "date", "kind", "metric", "of", "value", "unit", "note", "source_id", "status"),
}
OWN_WORLD, OWN_GDP = "own-world", "own-incomes"


def measure(asked: Wording, sender: Place, start: date) -> tuple[object, ...]:
    """One row of measures.csv: what is done to the flow of the good, from the first day on, by one sender."""
    cut = asked.cut
    end = None if asked.days is None else start + timedelta(days=round(asked.days))
    rule, regime = f"as asked: {asked.text}", sender.code.lower()
    name = "ask-1" if sender.code == asked.sender.code else f"ask-{sender.code.lower()}"
    if asked.buying:
        kind = BOUGHT[asked.instrument or ""] if not asked.good.is_service else "tour_ban"
        whole = 0.0 if kind == "import_ban" else None  # a ban in words is one of all
        cap = whole if cut is None else 1 - cut
        duty = (asked.duty if asked.duty is not None else DUTY) if asked.instrument == "tariff" else None
        return (name, regime, asked.target.code, sender.code, asked.good.id, kind, start, start, end, start,
                cap, duty, None, "in_force", rule, None, "question", "computed")  # fmt: skip
    if asked.instrument == "licence":
        kind, cap, state = "individual", None, "in_force"
    elif asked.instrument == "export-tax" and asked.days is None and asked.cut is None:
        kind, cap, state = "export_tax", None, "in_force"
    else:
        kind = {"ban": "prohibited", "quota": "quota", "export-tax": "export_tax"}.get(asked.instrument or "ban", "cut")
        cap, state = 1 - withheld(asked), "reported"
    duty = (DUTY if asked.duty is None else asked.duty) if asked.instrument == "export-tax" else None
    return (name, regime, sender.code, asked.target.code, asked.good.id, kind, start, start, end, start, cap,
            duty, None, state, rule, None, "question", "computed")  # fmt: skip


def parameter(one: Assumption, start: date) -> tuple[object, ...]:
    values = (f"{value:.6g}" for value in (one.low, one.central, one.high))
    return one.name, *values, one.unit, start, f"{one.meaning} ({one.origin})", one.source_id, one.status


def incomes_of(named: set[str], start: date) -> list[tuple[object, ...]]:
    """Gross domestic product, of the user's own file or of 2022; of the year before the question if earlier."""
    found: list[tuple[object, ...]] = []
    for code in sorted(named):
        year, table = min(_world_year(), start.year - 1), production.world()
        own = production.own_income(code, "gdp_usd", start.year - 1)
        if own is not None and own[0] >= year:
            (year, value), source, status = own, OWN_GDP, "seen"
        elif code in table.regions:
            value, source, status = float(table.value_added[table.of(code)].sum()) * 1e6, _world_id(), "computed"
        elif lexicon.members(code):
            members = [one for one in lexicon.members(code) if one in table.regions]
            value = float(sum(table.value_added[table.of(one)].sum() for one in members)) * 1e6
            source, status = _world_id(), "computed"
        elif code in production.nations().index:
            value = float(production.nations()["gdp_usd_billion"].to_dict()[code]) * 1e9
            source, status = "gdp2022", "memory"
        else:
            continue
        found.append((code, "gdp_usd", year, f"{value:.0f}", "current USD", source, status))
    return found


def _world_year() -> int:
    return production.world().year or 2022


def _world_id() -> str:
    """The source of the world table: the bundled one's, or the user's own."""
    return "world2022" if production.world().name == "world 2022" else OWN_WORLD


def awaited(asked: Wording, buyer: Place, start: date) -> list[tuple[object, ...]]:
    """What will be known one day, each of kind unknown: the rows to fill when it has come."""
    year, end = start + timedelta(days=365), start + timedelta(days=DAYS)
    awaited = [
        (
            year,
            "imports_change_12m",
            asked.good.id,
            "percent",
            "imports from the seller, a year against the one before",
        ),
        (year, "gdp_change_1y", buyer.code, "percent", "against what it would have been"),
        (end, "length_months", "dispute", "months", "until the measure was lifted"),
    ]
    return [(f"A{n}", day, "unknown", metric, of, None, unit, note, "question", "computed")
            for n, (day, metric, of, unit, note) in enumerate(awaited, 1)]  # fmt: skip


def sources_of(
    asked: Wording, rows: Rows, assumptions: Sequence[Assumption], incomes: Iterable[Sequence[object]]
) -> list[tuple[object, ...]]:
    ids = [
        "question",
        _world_id(),
        "gdp2022",
        *(one.source_id for one in assumptions),
        *rows.frame["source_id"],
        *(row[5] for row in incomes),
    ]
    found: list[tuple[object, ...]] = []
    for source_id in dict.fromkeys(map(str, ids)):
        if source_id == "question":
            found.append((source_id, f"the question asked: {asked.text}", None, None, None, None))
        elif source_id == OWN_GDP:
            found.append((source_id, production.OWN_INCOMES, None, None, None, "CC BY 4.0"))
        elif source_id == OWN_WORLD:
            found.append((source_id, "; ".join(sorted(production.world().sources)), None, None, None, "your own"))
        else:
            row = own_sources()[source_id]
            found.append((source_id, row["citation"], None, row.get("url") or None, None, row.get("licence") or None))
    return found


def toml(
    asked: Wording, rows: Rows, use: production.Use, others: Sequence[str], patron: str | None, start: date
) -> str:
    seller, buyer = (asked.target, asked.sender) if asked.buying else (asked.sender, asked.target)
    good, states = asked.good, [(asked.sender, "sender"), (asked.target, "target")]
    states += [(ally, "sender") for ally in asked.allies]
    lines = [
        "# Made from a question; each assumption stands in parameters.csv with its origin.",
        "[case]",
        f'id = "{case_id(asked)}"',
        f'title = "{title(asked)}{_lapsed(rows)}"',
        f'question = "{_quoted(asked.text)}"',
        f'start = "{start}"',
        f'end = "{start + timedelta(days=DAYS)}"',
        f'cutoffs = ["{start}"]',
        *([f'buyer = "{buyer.code}"'] if asked.buying else []),
        "",
    ]
    named = [(place.code, place.name, role) for place, role in states]
    named += [(patron, countries.name(patron), "patron")] if patron else []
    named += [(code, countries.name(code), "supplier") for code in others]
    for code, name, role in named:
        lines += ["[[states]]", f'code = "{code}"', f'name = "{_quoted(name)}"', f'role = "{role}"']
        lines += ["lead = true", ""] if asked.allies and code == asked.sender.code else [""]
    apart = [f'"{name}"' for name in dict.fromkeys([*use.industries, good.industry])]
    users = ", ".join(f'["{buyer.code}", "{industry}"]' for industry in use.industries)
    makers = ", ".join(f'["{one.code}", "{good.industry}"]' for one in (seller, *asked.allies))
    lines += [
        "[[products]]",
        f'id = "{good.id}"',
        f'name = "{_quoted(good.name)}"',
        f"hs = [{', '.join(repr(code).replace(chr(39), chr(34)) for code in good.hs if code.isdigit())}]",
        f"users = [{users}]",
        f"makers = [{makers}]",
        "",
        "[codes]",
        'WLD = "all origins"',
        f'{OTHERS} = "other origins"',
        "",
        "[horizon]",
        f"disruption_days = {DAYS}",
        f"bargaining_months = {MONTHS}",
        "",
        "[economy]                  # without an economy.csv: the world table, these industries apart",
        f'source_id = "{_world_id()}"',
        f"year = {_world_year()}",
        'unit = "USD million"',
        'status = "computed"',
        f"industries = [{', '.join(apart)}]",
        "",
        "[scenario]",
        'measures = "known"',
        f'architecture = "{"hub-and-spoke" if patron else "none"}"',
        'patron_engaged_from = "never"',
        *(['boycott = "off"'] if not asked.buying else []),
        "",
    ]
    return "\n".join(lines)


def case_id(asked: Wording) -> str:
    return f"{asked.sender.code}-{asked.target.code}-{asked.good.id}".lower().replace("_", "-")


def title(asked: Wording) -> str:
    return f"{_quoted(asked.senders)}, {_quoted(asked.target.name)}: {_quoted(asked.good.name)}"


def _lapsed(rows: Rows) -> str:
    """What the title says of a good of which nothing more is bought."""
    return f" (none was bought in {rows.none_in}; this is a stop after {rows.year})" if rows.none_in else ""


def last(rows: Rows) -> str:
    """What the event says of it: why the case starts on another day than today, or than was asked."""
    return f", after {rows.year}, as none was bought in {rows.none_in}" if rows.none_in else ""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def csv_of(file: str, rows: Iterable[Sequence[object]]) -> str:
    """Rows in the columns of a file of a case as CSV text; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv_writer(out)
    header = ORDERS.get(file) or tuple(FILES[file])
    writer.writerow(header)
    writer.writerows(
        ["" if cell is None else guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def frame_of(file: str, frame: pd.DataFrame) -> str:
    """A frame in the columns of a file."""
    plain = frame.astype(object).where(frame.notna(), None)
    names = list(plain.columns)
    out = io.StringIO(newline="")
    writer = csv_writer(out)
    writer.writerow([column for column in FILES[file] if column in names])
    for row in plain.to_dict("records"):
        writer.writerow([guarded(_cell(row[column])) for column in FILES[file] if column in names])
    return out.getvalue()


def _cell(value: Cell) -> Cell:
    if value is None:
        return ""
    return repr(round(float(value), 9)).removesuffix(".0") if isinstance(value, float | np.floating) else value
