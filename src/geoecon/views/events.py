"""The second screen: what the rules asked of a shipment, the dated events, and the monthly trade under them."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from geoecon import charts
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.tables import given, measured, records

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.kinds import Cell


LOOSE = re.compile(r"(?:[ ,]+(?:and|or|to|of|the|a|an|in|on|for|with|by|at|from))+$")  # ends no clause
QUESTION = "question"  # source of what a question supposes
BEFORE = timedelta(days=183)  # of the start, from which events are shown
MOST = 11  # numbered events
# a measure's kind: verdict of the ribbon, words
KINDS = {
    "none": ("none", "no licence"),
    "individual": ("case", "a licence for each contract"),
    "specific_bulk": ("general", "licence for pairs of firms"),
    "special_general_bulk": ("general", "eased"),
    "general_bulk": ("general", "general licence"),
    "prohibited": ("prohibited", "prohibited"),
    "halt": ("prohibited", "halted"),
    "quota": ("case", "quota"),
    "export_duty": ("case", "export duty"),
    "flow_cap": ("refused", "flow cut"),
}
RANKS = {"controls": 0, "retaliation": 1, "trade": 3, "negotiation": 3, "alliance": 4, "catch-up": 5, "corporate": 6}
FORCE = ("unknown", "none", "general", "case", "refused", "prohibited")


def shown_events(
    found: Findings, most: int = MOST, until: date | None = None, letters: int = 110
) -> list[tuple[date, str]]:
    """At most eleven events from half a year before the case's start to its end, or to `until`: rules first, then what
    answers them, spread over time, each of at most `letters`. Where the timeline has none by then, the rules known."""
    case, last = found.case, until or found.case.end
    rows = records(case.table("timeline")) if case.has("timeline") else []
    begin = min(case.start - BEFORE, last - BEFORE)
    inside = [row for row in rows if begin <= _date(row["date"]) <= last]
    if not inside:
        return _from_measures(found, last)[-most:]
    ranked = sorted(inside, key=lambda row: (RANKS.get(str(row["system"]), 6), str(row["date"])))
    rules = [row for row in ranked if RANKS.get(str(row["system"]), 6) == 0]
    if most < MOST:  # the last ones lead
        rules = rules[-most:]
    elif len(rules) > most - 4:
        rules = [*rules[:4], *rules[-3:]]
    rest = [row for row in ranked if row not in rules]
    while len(rules) < most and rest:  # the one farthest from what is shown
        days = [_date(row["date"]) for row in rules] or [case.start]
        best = max(
            rest,
            key=lambda row: (
                min(abs((_date(row["date"]) - day).days) for day in days) - 60 * RANKS.get(str(row["system"]), 6)
            ),
        )
        rules.append(best)
        rest.remove(best)
    chosen = sorted(rules, key=lambda row: str(row["date"]))
    return [(_date(row["date"]), brief_event(str(row["event"]), letters, str(row["actor"]))) for row in chosen]


def happened_heading(found: Findings) -> str:
    """What stands over the dated events: of a question nothing has happened, its one event is what is asked."""
    rows = records(found.case.table("timeline")) if found.case.has("timeline") else []
    asked = bool(rows) and all(str(row["source_id"]) == QUESTION for row in rows)
    return "What is asked" if asked else "What happened"


def _date(value: Cell) -> date:
    return (
        value
        if type(value) is date
        else date.fromisoformat((str(value) + "-01-01")[:10] if len(str(value)) < 10 else str(value)[:10])
    )


def brief_event(text: str, most: int = 110, actor: str = "") -> str:
    """The first clause of an event, without brackets, at most `most` letters; a bare verb gets its actor in front."""
    plain = re.sub(r"\s*\([^)]*\)", "", text).split(";")[0].strip()
    plain = re.sub(r"^what (?:happens )?if ", "", plain, flags=re.I).rstrip("?")
    if re.match(
        r"(?:Announces|Denies|Approves|Asks|Says|Calls|Confirms|Suspends|Bans|Lifts|Decides|Agrees|Stops|Cuts)\b", plain
    ):
        plain = f"{actor.split(' (')[0]} {plain[:1].lower()}{plain[1:]}"
    if len(plain) > most:
        plain = re.sub(
            r"(?:[ ,]+(?:and|or|to|of|the|a|an|in|on|for|with|by|at|from))+$", "", plain[:most].rsplit(" ", 1)[0]
        )
        plain = plain.rstrip(" ,") + " …"
    return say.capital(plain)


def _from_measures(found: Findings, last: date) -> list[tuple[date, str]]:
    """The rules for the case's goods that were known by a day, each on the day from which it was known."""
    if not found.case.has("measures"):
        return []
    made = set()
    for row in records(found.case.table("measures")):
        if row["kind"] == "none" or not given(row.get("valid_from")):
            continue
        start = _date(row["valid_from"])
        known = _date(row["known_from"]) if given(row.get("known_from")) else start
        words = say.capital(KINDS.get(str(row["kind"]), ("", str(row["kind"]).replace("_", " ")))[1])
        goods = [found.products[key] for key in str(row.get("product") or "").split("+") if key in found.products]
        about = f"{words} for {say.listed(goods)}" if goods else words
        if known <= last:
            made.add((min(known, start), f"{about}, from {say.day(start)}" if start > known else about))
    return sorted(made)


def spells(found: Findings, start: date, end: date) -> list[tuple[date, date | None, str, str]]:
    """What the strictest rule for the case's goods asked, from when to when; rules for others are left out."""
    case = found.case
    if not case.has("measures"):
        return []
    rows = [
        row
        for row in records(case.table("measures"))
        if row.get("importer") in (found.code("target"), "WLD")
        and row.get("exporter") in (found.code("sender"), None)
        and set(str(row.get("product") or "").split("+")) & set(found.products)
        and row.get("state") in ("in_force", "reported", None)
    ]
    marks = sorted(
        {max(_date(row["valid_from"]), start) for row in rows if row["valid_from"]}
        | {_date(row["valid_to"]) for row in rows if given(row["valid_to"])}
        | {start}
    )
    made: list[tuple[date, date | None, str, str]] = []
    for place, day in enumerate(marks):
        until = marks[place + 1] if place + 1 < len(marks) else end
        if day >= end or until <= start:
            continue
        held = [
            row
            for row in rows
            if _date(row["valid_from"]) <= day and (not given(row["valid_to"]) or day < _date(row["valid_to"]))
        ]
        state = max((_state(row) for row in held), key=lambda one: FORCE.index(one[0]), default=None)
        if state is None:
            continue
        if made and made[-1][2:] == state and made[-1][1] == day:
            made[-1] = (made[-1][0], min(until, end), *state)
        else:
            made.append((max(day, start), min(until, end), *state))
    return made


def _state(row: dict[str, Any]) -> tuple[str, str]:
    verdict, words = KINDS.get(str(row["kind"]), ("case", str(row["kind"]).replace("_", " ")))
    cap = measured(row.get("cap_share"))
    if str(row["kind"]) in ("quota", "flow_cap", "halt") and cap is not None:
        if cap <= 0:
            return "prohibited", "nothing moves"
        if cap >= 1:
            return "none", "no cap"
        return verdict, f"at most {100 * cap:.0f} %"
    return verdict, words


def series(found: Findings, start: date, end: date, most: int = 2) -> list[charts.Series]:
    """Monthly imports from the sender of the goods with the longest record, USD million; years where months lack."""
    made = []
    if not found.case.has("trade"):
        return []
    table = found.case.table("trade")
    mine = table[
        (table["exporter"] == found.code("target" if found.refuses else "sender"))
        & (table["importer"] == found.code("sender" if found.refuses else "target"))
        & table["value_usd"].notna()
    ]
    for key, name in found.products.items():
        rows = mine[mine["product"] == key]
        months, source = {}, {}
        for row in records(rows):
            if re.fullmatch(r"\d{4}-\d{2}", str(row["period"])):
                day = date.fromisoformat(f"{row['period']}-01")
                months[day], source[day] = float(row["value_usd"]) / 1e6, row["source_id"]
        inside = sorted((day, value) for day, value in months.items() if start <= day <= end)
        if len(inside) >= 6:
            breaks = tuple(b for (a, _), (b, _) in itertools.pairwise(inside) if source[a] != source[b])
            label = f"{say.capital(name)} from {found.seller}"
            made.append(charts.Series(label, "USD million a month", charts.months(inside), breaks))
    return sorted(made, key=lambda one: -len(one.values))[:most]


def second_screen(found: Findings) -> tuple[str, charts.Picture | None, list[tuple[date, str]]]:
    """(sentence, picture, events). The picture is missing where the case has neither events nor rules."""
    case = found.case
    start = case.start - BEFORE
    events = shown_events(found)
    end = min(case.end, max([day for day, _ in events] + [case.start + timedelta(days=365)]) + timedelta(days=120))
    ribbon, bars = spells(found, start, end), series(found, start, end)
    if not ribbon and not events and not bars:
        return "", None, []
    told = _told(found, series(found, case.start.replace(year=case.start.year - 1, day=1), end))
    heading = f"What a shipment from {say.land(found.seller)} needed"
    said = f"Rules, {len(events)} dated events and monthly imports from {found.seller}. {told}".strip()
    picture = charts.timeline(
        start,
        end,
        ribbon,
        events,
        bars,
        title=f"{happened_heading(found)}, month by month",
        said=said,
        heading=heading if ribbon else "",
        turn=case.start.replace(day=1),
        sources=_cited(case),
    )
    return told, picture, events


def _told(found: Findings, bars: list[charts.Series]) -> str:
    """How the monthly imports of the twelve months after compare with the twelve before, the largest fall first:
    the comparison of the forecast and of its outcome. Nothing where a month of either year is missing."""
    told, turn = [], found.case.start.replace(day=1)
    for one in bars:
        before = [value for day, _, value in one.values if day < turn][-12:]
        after = [value for day, _, value in one.values if day >= turn][:12]
        if len(before) == len(after) == 12:
            change = sum(after) / len(after) / (sum(before) / len(before)) - 1 if sum(before) else 0.0
            name = one.name.removesuffix(f" from {found.seller}")
            told.append((change, f"{name[:1].lower()}{name[1:]} {_moved(change)}"))
    words = [text for _, text in sorted(told)]
    return f"In the year after, {say.listed(words)}." if words else ""


def _moved(change: float) -> str:
    if change < -0.03:
        return f"fell {say.by(-change)}"
    return (
        f"rose by {say.tenths(change)}"
        if 0.03 < change < 1
        else "more than doubled"
        if change >= 1
        else "stayed as it was"
    )


def _cited(case: Case) -> list[str]:
    names: set[str] = set()
    for table in ("measures", "trade"):
        if case.has(table):
            names |= set(map(str, case.table(table)["source"].dropna().unique()[:3]))
    return sorted(names)
