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
from geoecon.tables import records
from geoecon.views import phrases as say

SHOWN = 40  # parts in the picture


# our names of a column, and what people call them
COLUMNS = {
    "part": "part",
    "stock": "stock",
    "stock_days": "stock, in days of use",
    "use_per_day": "use",
    "supplier": "supplier",
    "lead_time_days": "lead time",
    "lead_time_days_low": "shortest lead time",
    "lead_time_days_high": "longest lead time",
    "share": "share of the supplier",
}


def clock(
    text: str,
    start: str,
    stopped: list[str],
    path: str = "",
    decimal: str = "",
    columns: Mapping[str, str] = MappingProxyType({}),
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
    given = Path(path) if path else text
    result = disruption.shortage_clock(
        given,
        start=day,
        stopped=dict.fromkeys(named, 0.0) if named else None,
        decimal=decimal or None,
        columns=dict(columns) or None,
    )
    frame = result.to_frame()
    rows = [_part(row, day) for row in tables.records(frame)]
    rows.sort(key=lambda one: (("sure", "possible", "safe").index(one["verdict"]), one["out"] or date.max))
    title, lead = _told(rows)
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
        "read": {"notes": [str(note) for note in result.notes]},
        "records": [plain(row) for row in records(frame)],
        "sentence": result.sentence(),
        "method": str(result.METHOD),
        "sources": sorted(result.sources),
    }


def _part(row: dict[str, Any], start: date) -> dict[str, Any]:
    """One part in words and dates."""
    lasts, lead, chance = float(row["stock_lasts_days"]), float(row["lead_time_days"]), float(row["probability"])
    low, high = (float(row.get(f"lead_time_days_{side}", lead) or lead) for side in ("low", "high"))
    verdict = "sure" if chance >= 0.995 else "safe" if chance <= 0.005 else "possible"
    out = start + timedelta(days=int(lasts)) if np.isfinite(lasts) and lasts < 36500 else None
    back = start + timedelta(days=int(np.ceil(lead)))
    order = out - timedelta(days=int(np.ceil(lead))) if out else None
    words = verdict if verdict != "possible" else f"possible, {say.percent(chance)}"
    happens = (
        "Stock is not used up while its supplier is out."
        if out is None
        else (
            f"Runs out {say.day(out)}. The replacement comes {say.day(back)}."
            if verdict == "sure"
            else f"Lasts to {say.day(out)}; a new order takes {lead:g} days."
        )
    )
    todo = (
        "Nothing."
        if order is None
        else f"Too late to order: {say.day(order)} was the last day. Ration, or pay for faster freight."
        if order < start
        else f"Order by {say.day(order)}" + (" to be in time as a rule." if verdict == "possible" else ".")
    )
    return {
        "name": str(row["part"]),
        "verdict": verdict,
        "words": words,
        "note": f"from {row['supplier']}",
        "out": out,
        "back": back,
        "back_low": start + timedelta(days=int(low)),
        "back_high": start + timedelta(days=int(np.ceil(high))),
        "order": order,
        "happens": happens,
        "todo": todo,
    }


def _told(rows: list[dict[str, Any]]) -> tuple[str, str]:
    count = {key: sum(one["verdict"] == key for one in rows) for key in ("sure", "possible", "safe")}
    title = ", ".join(f"{number} {key}" for key, number in count.items() if number) or "No parts"
    short = [one for one in rows if one["verdict"] != "safe"]
    if not short:
        return title, "No part runs short."
    first = short[0]
    lead = f"{say.capital(first['name'])} is gone on {say.day(first['out'])}." if first["out"] else ""
    later = [one for one in rows if one["order"] and one["todo"].startswith("Order")][:2]
    if later:
        lead += " Order " + " and ".join(f"{one['name']} by {say.day(one['order'])}" for one in later) + "."
    return title, lead.strip()


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
