"""The case that a question asks for, as the files of its folder: rows from the world data, assumptions marked as such.

Every assumption says where it comes from: `data on this pair`, `precedents` or `general prior`. The texts are read by
the same checker as any case folder, so that the whole line is used and a saved question is the question asked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import countries, lexicon, production
from geoecon.case import FILES, OUTCOMES, default_parameters
from geoecon.errors import InputError
from geoecon.figure import own_sources
from geoecon.lexicon import Place
from geoecon.questions.rows import OTHERS, Rows
from geoecon.questions.wording import HALVED, Wording
from geoecon.tables import guarded
from geoecon.triangle import facts, patron_of, stands_for

if TYPE_CHECKING:
    from geoecon.kinds import Cell


FIRST_DAY, LAST_DAY = date(1997, 1, 1), date(2035, 12, 31)
LAST_RULES = "the rules and rows of this package end in 2026 and 2024"
DUTY = 0.25  # of a tax or tariff whose rate nobody said
BOUGHT = {"tariff": "tariff", "import-ban": "import_ban", "boycott": "consumer_boycott"}  # kinds of measures.csv
DAYS, MONTHS, YEAR = 730, 48, 365.0
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
MATTERS = 0.05  # of the imports: a third party below it is left in the rest of the world
OTHERS_KEPT = 2  # third parties besides sender, target and patron
# days that a measure of unknown end lasts: triangle whose median is that of 458 imposed disputes (test_ask)
LENGTHS = (14.0, 240.0, 1450.0)
LASTS = "the end is not said: it lasts as long as imposed sanctions did, half of 458 up to 17 months"
PAIR, RECORD, PRIOR = "data on this pair", "precedents", "general prior"
ESTIMATE = "estimate"  # in the place of the first where no trade rows of the pair ship
WORDS = {"ban": "stops", "licence": "puts under licences", "quota": "sets a quota on", "export-tax": "taxes",
         "tariff": "puts a tariff on", "import-ban": "refuses", "boycott": "boycotts"}  # fmt: skip


@dataclass(frozen=True)
class Assumption:
    """A row of parameters.csv that the question makes, with its origin and what would better it."""

    name: str
    low: float
    central: float
    high: float
    unit: str
    meaning: str
    source_id: str
    status: str
    origin: str
    better: str


@dataclass(frozen=True)
class Prefilled:
    """The files of the case, its assumptions, and what has to be said beside the answer."""

    texts: dict[str, str]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    others: tuple[str, ...]
    patron: str | None
    lasts: str = ""  # how long the measure is supposed to last, where the question does not say


def prefilled(asked: Wording, rows: Rows, *, patron: Place | None, start: date) -> Prefilled:
    """The case of a question whose trade rows are known."""
    notes = [*asked.notes, *([rows.note] if rows.note else [])]
    buyer = asked.sender if asked.buying else asked.target
    code, told = _patron(asked, patron, start.year)
    notes.append(told)
    sides = (asked.sender, asked.target, *asked.allies)
    others = third_parties(rows, {*(place.code for place in sides), code or ""})
    named = {place.code for place in sides} | ({code} if code else set()) | set(others)
    estimated = [name for name in sorted(named) if not _in_world(name)]
    notes += [*_assumed(asked), *([f"{_lasts(asked)}; say it with --days"] if _lasts(asked) else [])]
    notes += [
        f"pacts and votes are records of states: in them {countries.name(one)}, the member with the largest "
        f"capability, stands for the whole of {place.name}"
        for place in (asked.sender, asked.target)
        if code and place.members and (one := stands_for(place.code, start.year - 1)) != place.code
    ]
    notes += [f"{countries.name(name)} is not in the world table: its economy is estimated" for name in estimated]
    use = production.use_of(asked.good.id, asked.good.industry, _whole(buyer), buyer.code)
    if not use.known:
        notes.append(f"which industries use {asked.good.name} is in no table: {use.basis}")
    assumptions = tuple(_assumptions(asked, rows, use, wide=buyer.code in estimated, estimated=bool(estimated)))
    incomes = _macro(named, start)
    texts = {
        "case.toml": _toml(asked, rows, use, others, code, start),
        "sources.csv": _csv("sources.csv", _sources(asked, rows, assumptions, incomes)),
        "trade.csv": _rows("trade.csv", rows.frame),
        "measures.csv": _csv("measures.csv", [_measure(asked, one, start) for one in (asked.sender, *asked.allies)]),
        "timeline.csv": _csv(
            "timeline.csv", [(start, asked.sender.name, asked.text + _last(rows), "controls", "question", "computed")]
        ),
        "parameters.csv": _csv("parameters.csv", [_parameter(one, start) for one in assumptions]),
        "macro.csv": _csv("macro.csv", incomes),
        OUTCOMES: _csv(OUTCOMES, _awaited(asked, buyer, start)),
        "alliance.csv": _csv("alliance.csv", _alliance(asked, code, start)),
    }
    return Prefilled(texts, assumptions, tuple(notes), others, code, _lasts(asked))


def _assumed(asked: Wording) -> list[str]:
    """Sizes that the question does not say."""
    if asked.cut is None and asked.instrument == "quota":
        return [f"the size of the quota is not said: {HALVED:.0%} is withheld; say it with --cut"]
    if asked.duty is None and asked.instrument in ("tariff", "export-tax"):
        return [f"the rate is not said: {DUTY:.0%} is assumed; say it with --duty"]
    return []


def check_day(start: date) -> None:
    """Raises InputError for a day outside what the rules and rows know."""
    if not FIRST_DAY <= start <= LAST_DAY:
        raise InputError(f"from {start}; allowed: a day from {FIRST_DAY} to {LAST_DAY} ({LAST_RULES})")


def third_parties(rows: Rows, out: set[str]) -> tuple[str, ...]:
    """The other origins that sell the buyer most of the good, at most `OTHERS_KEPT`, each a country."""
    now = rows.frame[rows.frame["period"] == rows.year].set_index("exporter")["share"]
    found = [code for code in rows.origins if code not in out and code != OTHERS and now.get(code, 0.0) >= MATTERS]
    return tuple([code for code in found if code in production.nations().index][:OTHERS_KEPT])


def _patron(asked: Wording, patron: Place | None, year: int) -> tuple[str | None, str]:
    if patron is not None:
        both = {*asked.sender.states, *asked.target.states} & set(patron.states)
        if both or patron.members:
            raise InputError(f"patron {patron.name}; allowed: one state besides sender and target")
        return patron.code, f"patron: {patron.name}, as asked"
    code, how = patron_of(asked.sender.states, asked.target.states, year)
    return code, f"patron: {countries.name(code)}, {how}" if code else f"no patron: {how}"


def _in_world(code: str) -> bool:
    return code in production.world().regions or bool(lexicon.members(code))


def _whole(buyer: Place) -> production.IOTable:
    """A table with the buyer as one of its regions."""
    if buyer.code in production.world().regions:
        return production.world()
    other = "CHN" if "CHN" not in buyer.states else "USA"
    return production.economy(buyer.code, other)


def _assumptions(
    asked: Wording, rows: Rows, use: production.Use, *, wide: bool, estimated: bool
) -> Iterable[Assumption]:
    good = asked.good
    low, high = (0.5, 1.1) if rows.basis == "rows" else (0.3, 1.5)
    share, status = rows.share, "computed" if rows.basis == "rows" else "memory"
    origin = PAIR if rows.basis == "rows" else PRIOR
    source = str(rows.frame["source_id"].iloc[0])
    from_table = "table of products and industries" if use.known else PRIOR

    def made(name: str, values: Sequence[float], unit: str, meaning: str, source_id: str, status: str, origin: str,
             better: str) -> Assumption:  # fmt: skip
        full = f"{name}.{good.id}"
        return Assumption(full, values[0], values[1], values[2], unit, meaning, source_id, status, origin, better)

    need = (low * share, min(0.9 * share, 1.0), min(high * share, 1.0))
    yield made("need_share", need, "share of the users' need",
               f"the sender's share of imports in {rows.year}, less what is made or reused at home", source, status,
               origin, "production at home and grades, from an industry association")  # fmt: skip
    spread = 0.5 if wide else 1.0
    bound = (use.bound[0] * spread, use.bound[1], min(1.0, use.bound[2] / spread))
    yield made("bound_output_share", bound, "share of the users' output", use.basis, use.source_id, use.status,
               from_table, "output of the plants that use it, from company reports")  # fmt: skip
    if not asked.buying and _too_small(rows, use, asked.target, need, bound):
        yield made("cost_share", (0.2, 0.5, 0.9), "share of the cost of what needs it",
                   "the industries that use it sell less, in the table, than the country buys of it", "ask-assumed",
                   "memory", PRIOR, "the country's own input-output table")  # fmt: skip
    yield made("criticality", use.criticality, "share", use.basis, use.source_id, use.status, from_table,
               "what engineers of two plants say stops without it")  # fmt: skip
    yield made("inventory_days", use.stock_days, "days of total use", use.basis, use.source_id, use.status,
               from_table, "stocks at ports and plants, from the ministry or the trade press")  # fmt: skip
    yield made("covered_share", (0.9, 1.0, 1.0), "share of the customs code", "the question names the good",
               "ask-assumed", "computed", "the question", "the list of the national codes")  # fmt: skip
    if estimated:
        yield Assumption("elasticity_scale", 0.35, 1.0, 2.8, "factor", "wider, as an economy is a stand-in",
                         "ask-assumed", "memory", PRIOR, "the country's own input-output table")  # fmt: skip
    if asked.instrument == "licence":
        yield made("review_days", (30.0, 75.0, 135.0), "calendar days", "review of an individual licence",
                   "ask-review", "memory", PRIOR, "statistics of the licensing office")  # fmt: skip
    if asked.days is not None:
        yield made("halt_days", (asked.days,) * 3, "days", "the question says how long", "ask-assumed", "computed",
                   "the question", "")  # fmt: skip
    size = HALVED if asked.instrument == "quota" else 1.0
    part = (size if asked.cut is None else asked.cut) * min(1.0, (asked.days or YEAR) / YEAR)
    if part < 1:
        yield made("asked_share", (part,) * 3, "share of a year's trade", "the question says how much or how long",
                   "ask-assumed", "computed", "the question", "")  # fmt: skip
    if _lasts(asked):
        for name, unit, days in (("halt_days", "days", 1.0), ("control_months", "months", 365 / 12)):
            yield made(name, tuple(length / days for length in LENGTHS), unit, f"{LASTS}, most often 8",
                       "hazards_ties", "computed", RECORD,
                       "what the sender says of the end: the same with --days")  # fmt: skip


def _lasts(asked: Wording) -> str:
    """How long a measure is supposed to last where the question does not say; "" where it does, or where it stays."""
    return LASTS if asked.days is None and asked.instrument in ("ban", "quota") else ""


def _too_small(rows: Rows, use: production.Use, buyer: Place, need: Sequence[float], bound: Sequence[float]) -> bool:
    """Whether the need of the good is worth more than the output that needs it, as where a stand-in is small."""
    table = _whole(buyer)
    at = [table.index(buyer.code, industry) for industry in use.industries] if buyer.code in table.regions else []
    output = float(sum(np.asarray(table.x)[place] for place in at))
    wanted = rows.value / 1e6 * rows.share / max(need[1], 0.01)
    return bool(at) and wanted > bound[1] * output


def _measure(asked: Wording, sender: Place, start: date) -> tuple[object, ...]:
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
        cap, state = 1 - _withheld(asked), "reported"
    duty = (DUTY if asked.duty is None else asked.duty) if asked.instrument == "export-tax" else None
    return (name, regime, sender.code, asked.target.code, asked.good.id, kind, start, start, end, start, cap,
            duty, None, state, rule, None, "question", "computed")  # fmt: skip


def _withheld(asked: Wording) -> float:
    """Share of the flow that an export measure withholds: as said, by the tax at the central elasticity, half, all."""
    if asked.cut is not None:
        return asked.cut
    if asked.instrument == "export-tax":
        rate = DUTY if asked.duty is None else asked.duty
        return float(1 - (1 + rate) ** -default_parameters()["supplier_elasticity"].central)
    return HALVED if asked.instrument == "quota" else 1.0


def _parameter(one: Assumption, start: date) -> tuple[object, ...]:
    values = (f"{value:.6g}" for value in (one.low, one.central, one.high))
    return one.name, *values, one.unit, start, f"{one.meaning} ({one.origin})", one.source_id, one.status


def _macro(named: set[str], start: date) -> list[tuple[object, ...]]:
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


def _awaited(asked: Wording, buyer: Place, start: date) -> list[tuple[object, ...]]:
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


def _alliance(asked: Wording, patron: str | None, start: date) -> list[tuple[object, ...]]:
    """What the records say of sender, target and patron in the year before the question."""
    named = [asked.sender.code, asked.target.code, *([patron] if patron else [])]
    rows = facts(named, start.year - 1)
    return [
        (state, what, str(year), value, unit, None, source, "seen") for state, what, year, value, unit, source in rows
    ]


def _sources(
    asked: Wording, rows: Rows, assumptions: Sequence[Assumption], incomes: Iterable[Sequence[object]]
) -> list[tuple[object, ...]]:
    ids = [
        "question",
        _world_id(),
        "gdp2022",
        "nmc7",
        "idealpoints2025",
        "atop5",
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


def _toml(
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


def _last(rows: Rows) -> str:
    """What the event says of it: why the case starts on another day than today, or than was asked."""
    return f", after {rows.year}, as none was bought in {rows.none_in}" if rows.none_in else ""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _csv(file: str, rows: Iterable[Sequence[object]]) -> str:
    """Rows in the columns of a file of a case as CSV text; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    header = ORDERS.get(file) or tuple(FILES[file])
    writer.writerow(header)
    writer.writerows(
        ["" if cell is None else guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def _rows(file: str, frame: pd.DataFrame) -> str:
    """A frame in the columns of a file."""
    plain = frame.astype(object).where(frame.notna(), None)
    names = list(plain.columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column for column in FILES[file] if column in names])
    for row in plain.to_dict("records"):
        writer.writerow([guarded(_cell(row[column])) for column in FILES[file] if column in names])
    return out.getvalue()


def _cell(value: Cell) -> Cell:
    if value is None:
        return ""
    return repr(round(float(value), 9)).removesuffix(".0") if isinstance(value, float | np.floating) else value
