"""Public functions as the web calls them: plain arguments in, plain data out."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoecon.errors import InputError
from geoecon.views import plain, table_of

ROWS = 200


def shown(result: Any, rows: int = ROWS) -> dict[str, Any]:
    """A result of the protocol as plain data: sentence, small table, chart specification, all rows up to a limit."""
    from geoecon.views import vega

    frame = result.to_frame()
    small = table_of(result.summary())
    found = {
        "sentence": result.sentence(),
        "heads": list(small.heads),
        "rows": [list(row) for row in small.rows],
        "numeric": list(small.numeric),
        "records": [plain(row) for row in frame.head(rows).to_dict("records")],
        "total": len(frame),
        "sources": sorted(result.sources),
        "notes": list(result.caveats()) if hasattr(result, "caveats") else [],
    }
    if hasattr(result, "chart"):
        spec = vega.specification(result.chart())
        title, unit = vega.title(spec)
        if vega.rows(spec):  # without rows there is nothing to draw
            found |= {"spec": spec, "title": title, "unit": unit}
    return found


def licence(exporter: str, destination: str, item: str, on: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The licence a shipment needs on a day, its clauses, and the history band."""
    from geoecon import law

    answer = law.licence(item=item, destination=destination, on=on, exporter=exporter, **facts)
    found: dict[str, Any] = {"answer": plain(answer.to_dict()), "sentence": answer.sentence(), "source": answer.source}
    try:
        states = law.licence_history(item=item, destination=destination, exporter=exporter, **facts)
    except LookupError:
        return found
    except ValueError:  # no table covers the exporter: the answer says unknown
        return found
    return found | {"history": shown(states)}


def scan(path: str, importer: str, exporter: str | None, top: int) -> dict[str, Any]:
    """The products in an uploaded file of flows on which the importer depends most."""
    from geoecon import indicators

    return shown(indicators.scan(path, importer=importer or None, exporter=exporter, top=top))


def clock(text: str, start: str, stopped: list[str]) -> dict[str, Any]:
    """Date of first shortage of each part of a pasted bill of materials when these suppliers (or all) stop."""
    from geoecon.disruption import shortage_clock

    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise InputError(f"start {start!r}; allowed: a day as YYYY-MM-DD") from None
    named = [name.strip() for name in stopped if name.strip()]
    result = shortage_clock(text, start=day, stopped=dict.fromkeys(named, 0.0) if named else None)
    table = table_of(result.to_frame(), ROWS)
    found = shown(result) | {"heads": list(table.heads), "rows": [list(row) for row in table.rows]}
    return found | {"numeric": list(table.numeric)}
