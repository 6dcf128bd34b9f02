"""The shortage clock's page: dates, what to do by when, a Gantt, and how the pasted table was read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from geoecon import charts, tables
from geoecon.errors import InputError
from geoecon.message import phrases as say
from geoecon.tables import records

SHOWN = 40  # parts in the picture
FAR = 36_500  # days; a lead time beyond has no date


# our names of a column, and what people call them
COLUMNS = {
    "part": "part",
    "stock": "stock",
    "stock_unit": "unit of the stock",
    "stock+": "more stock, to add",
    "stock_days": "stock, in days of use",
    "use_per_day": "use",
    "use_unit": "unit of the use",
    "use_period": "time the use is for",
    "unit": "unit of stock and use",
    "supplier": "supplier",
    "lead_time_days": "lead time",
    "lead_time_days+": "more lead time, to add",
    "lead_time_unit": "unit of the lead time",
    "lead_time_days_low": "shortest lead time",
    "lead_time_days_high": "longest lead time",
    "use_per_day_low": "least use",
    "use_per_day_high": "most use",
    "stock_low": "least stock",
    "stock_high": "most stock",
    "share": "share of the supplier",
}


def clock(
    text: str,
    start: str,
    stopped: list[str],
    path: str = "",
    decimal: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
    sheet: str = "",
) -> dict[str, Any]:
    """A bill of materials, pasted or as a file: verdict, date of first shortage and what to do for each part."""
    from geoecon import disruption
    from geoecon.views import plain, table_of

    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise InputError(f"start {start!r}; allowed: a day as YYYY-MM-DD") from None
    named = [name.strip() for name in stopped if name.strip()]
    if decimal not in ("", ".", ",", ".,"):
        raise InputError(f"decimal sign {decimal!r}; allowed: a point or a comma")
    given = Path(path) if path else f"{text}\n"  # a paste is never the name of a file
    result = disruption.shortage_clock(
        given,
        start=day,
        stopped=dict.fromkeys(named, 0.0) if named else None,
        decimal=decimal or None,
        columns=dict(columns) or None,
        sheet=sheet or None,
    )
    frame = result.to_frame()
    rows = [_part(row, day, result.untold) for row in tables.records(frame)]
    named_rows = {one["name"] for one in rows}
    rows += [_left_out(part, why) for part, why in result.untold.items() if part not in named_rows]
    rows.sort(key=lambda one: (disruption.VERDICTS.index(one["verdict"]), one["out"] or date.max))
    title, lead = _told(rows, result.gap())
    who = say.listed(named) if named else "all suppliers"
    picture = charts.gantt(
        rows[:SHOWN],
        title=title,
        said=f"{title}. {lead}",
        start=day,
        stop=f"{say.day(day)}: {who} stop",
        sources=result.sources,
    )
    small = table_of(frame, 500)
    return {
        "title": title,
        "lead": lead,
        "start": say.day(day),
        "who": who,
        "picture": plain(vars(picture)),
        "parts": plain(rows),
        "text": "\n".join(f"{one['name']}: {one['words']}. {one['happens']} {one['todo']}" for one in rows),
        "heads": list(small.heads),
        "rows": [list(row) for row in small.rows],
        "numeric": list(small.numeric),
        "total": len(frame),
        "left": len(rows) - len(frame),
        "read": {"notes": [str(note) for note in result.notes]},
        "records": [plain(row) for row in records(frame)],
        "sentence": result.sentence(),
        "method": str(result.METHOD),
        "sources": sorted(result.sources),
    }


def _part(row: dict[str, Any], start: date, untold: Mapping[str, str]) -> dict[str, Any]:
    """One part in words and dates."""
    lead, chance, verdict = float(row["lead_time_days"]), float(row["probability"]), str(row["verdict"])
    out, back, order = (
        date.fromisoformat(row[key]) if isinstance(row[key], str) else None
        for key in ("stock_ends", "replacement", "order_by")
    )
    if verdict == "unknown":
        return _left_out(str(row["part"]), untold[str(row["part"])], str(row["supplier"]), out)
    low, high = (float(row[f"lead_time_days_{side}"]) for side in ("low", "high"))
    from geoecon.disruption import due, in_time

    words = verdict if verdict != "possible" else f"possible, {say.percent(chance)}"
    words += ", if nothing is ordered before" if verdict in ("sure", "possible") and in_time(order, start) else ""
    happens = (
        "Stock is not used up while its supplier is out."
        if out is None
        else (
            f"Runs out {say.day(out)}." + (f" The replacement comes {say.day(back)}." if back else "")
            if verdict == "sure"
            else f"Lasts to {say.day(out)}; a new order takes {lead:g} days."
        )
    )
    todo = (
        "Nothing."
        if order is None
        else f"Too late to order: {say.day(order)} was the last day. Ration, or pay for faster freight."
        if due(order, start)
        else f"Order by {say.day(order)}" + (" to be in time as a rule." if verdict == "possible" else ".")
    )
    return {
        "name": str(row["part"]),
        "verdict": verdict,
        "words": words,
        "note": f"from {row['supplier']}",
        "out": out,
        "back": back,
        "back_low": start + timedelta(days=int(low)) if back else None,
        "back_high": start + timedelta(days=int(np.ceil(high))) if back and high < FAR else None,
        "order": order,
        "happens": happens,
        "todo": todo,
    }


def _left_out(part: str, why: str, supplier: str = "", out: date | None = None) -> dict[str, Any]:
    """A part that cannot be judged, with the day on which its stock is gone where that is known."""
    return {
        "name": part,
        "verdict": "unknown",
        "words": "cannot be told",
        "note": f"from {supplier}" if supplier else why,
        "out": out,
        "back": None,
        "back_low": None,
        "back_high": None,
        "order": None,
        "happens": (f"Stock is gone {say.day(out)}; whether" if out else "Whether")
        + f" it runs short is not known: {why}.",
        "todo": "Ask the supplier for the lead time." if out else "Correct the row, and read again.",
    }


def _told(rows: list[dict[str, Any]], gap: str) -> tuple[str, str]:
    names = {"sure": "sure", "possible": "possible", "safe": "safe", "unknown": "cannot be told"}
    count = {key: sum(one["verdict"] == key for one in rows) for key in names}
    title = ", ".join(f"{number} {names[key]}" for key, number in count.items() if number) or "No parts"
    short = [one for one in rows if one["verdict"] in ("sure", "possible") and one["out"]]
    said = []
    if short:
        first = min(short, key=lambda one: one["out"])
        said.append(f"{say.capital(first['name'])} is gone on {say.day(first['out'])}.")
    elif not gap:
        return title, "No part runs short."
    said += [gap] if gap else []
    blind = [one for one in rows if one["verdict"] == "unknown" and one["out"]]
    if blind:
        first = min(blind, key=lambda one: one["out"])
        said.append(f"The stock of {first['name']} is gone on {say.day(first['out'])}.")
    later = sorted(
        (one for one in rows if one["order"] and one["todo"].startswith("Order")), key=lambda one: one["order"]
    )
    if later:
        said.append("Order " + " and ".join(f"{one['name']} by {say.day(one['order'])}" for one in later[:2]) + ".")
    return title, " ".join(said)


def chosen(told: Mapping[str, str], read: Mapping[str, str]) -> dict[str, str]:
    """The columns that a form asks for otherwise than they were read (both heading -> our name): our name -> heading,
    several to add (`stock+`), or none.

    Raises InputError where a name is asked for twice.
    """
    found, faults = {}, []
    for name, words in COLUMNS.items():
        heads = [head for head, asked in told.items() if asked == name]
        more = [head for head, asked in told.items() if asked == f"{name}+"]
        if name.endswith("+") or (not more and set(heads) == {head for head, one in read.items() if one == name}):
            continue
        if len(heads) > 1:
            said = " and ".join(map(repr, heads))
            faults.append(f"{words} is said of {said}; allowed: one column, the others not used")
        found[name] = " + ".join([*heads, *more]) or "none"
    if faults:
        raise InputError(faults)
    return found


def pasted(text: str, most: int = 8) -> list[list[str]]:
    """The first lines of a pasted table as cells, as they came; nothing where nothing was pasted."""
    lines = [line for line in text.splitlines() if line.strip()]
    separator = next((one for one in "\t;|" if lines and one in lines[0]), ",")
    return [[cell.strip() for cell in line.split(separator)] for line in lines[:most]]


def calendar(parts: list[dict[str, Any]]) -> str:
    """Last days to order and days of shortage as calendar entries (iCalendar)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//geoecon//shortage clock//EN"]
    for number, one in enumerate(parts):
        for what, day in (
            ("order", one.get("order")),
            ("stock of", one.get("out") if one["verdict"] != "safe" else None),
        ):
            if day:
                words = f"Order {one['name']}" if what == "order" else f"{one['name']} runs out"
                text = (
                    words.replace("\\", "\\\\")
                    .replace(";", "\\;")
                    .replace(",", "\\,")
                    .replace("\n", " ")
                    .replace("\r", " ")
                )
                lines += [
                    "BEGIN:VEVENT",
                    f"UID:{number}-{what.split()[0]}@geoecon",
                    "DTSTAMP:20000101T000000Z",
                    f"DTSTART;VALUE=DATE:{str(day)[:10].replace('-', '')}",
                    f"SUMMARY:{text}",
                    "END:VEVENT",
                ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def workbook(parts: list[dict[str, Any]]) -> bytes:
    """The dates as an Excel sheet: part, verdict, runs out, replacement, last day to order, what to do."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    ) as book:
        sheet = book.add_worksheet("parts")
        heads = ("part", "shortage", "runs out", "replacement comes", "last day to order", "what happens", "what to do")
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for number, one in enumerate(parts, 1):
            days = [date.fromisoformat(one[key][:10]) if one.get(key) else None for key in ("out", "back", "order")]
            for column, value in enumerate((one["name"], one["words"], *days, one["happens"], one["todo"])):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, str(value))
        sheet.set_column(0, 6, 20)
    return out.getvalue()
