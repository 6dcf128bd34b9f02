"""Numbers and foreign text as they stand on a page: units, bands, strict JSON, safe names."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, overload

from geoecon.errors import visible as visible
from geoecon.figure import Figure, number
from geoecon.spoken import SMALL, significant
from geoecon.tables import given

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.kinds import Cell, Json, Value


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MISSING = ("NaT", "<NA>")  # as pandas writes what is not there
LEAST = 0.01  # per cent: a change below is told by this bound alone
SIGNS = {"percent": "%", "percentage points": "pp"}


def short(text: Cell, length: int = 80) -> str:
    """The text, cut with … where it is longer than `length` characters."""
    shown = visible(text)
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def slug(text: Cell, limit: int = 60) -> str:
    """A name for files and anchors: ASCII, at most `limit` bytes, different for different texts."""
    if re.fullmatch(rf"[a-z0-9][a-z0-9_.-]{{0,{limit - 1}}}", str(text)):
        return str(text)
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    tidy = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
    mark = hashlib.sha256(str(text).encode()).hexdigest()[:8]
    return f"{tidy[: limit - 9].rstrip('-')}-{mark}".lstrip("-")


def parts(figure: Figure) -> tuple[str, str, str]:
    """What stands before the number, the number, its unit: a share becomes per cent, USD stands in front."""
    unit = SIGNS.get(figure.unit, figure.unit)
    if figure.value is None:
        return "", "unknown", ""
    if unit.startswith("USD"):
        return "USD", digits(figure.value), unit[3:].strip()
    if _is_share(figure):
        return "", digits(figure.value * 100), f"%{unit[5:]}"
    return "", digits(figure.value), unit


def amount(figure: Figure) -> str:
    """Value and unit: "−0.14 %", "USD 1 000 million", "43 % of imports"."""
    before, value, unit = parts(figure)
    return f"{before} {value}\u00a0{unit}".strip(" \u00a0")


def interval(figure: Figure) -> str:
    """The 80 % band in brackets as it is told, in the unit of `amount`, or nothing where there is none."""
    if figure.low is None or figure.high is None or not (math.isfinite(figure.low) or math.isfinite(figure.high)):
        return ""
    scale = 100 if figure.value is not None and _is_share(figure) else 1
    return f"({digits(figure.low * scale)} to {digits(figure.high * scale)})"


def _is_share(figure: Figure) -> bool:
    return figure.unit == "share" or figure.unit.startswith("share of ")


def compared(value: float | None, unit: str) -> tuple[str, str]:
    """(number, unit) of a figure beside another: shares in per cent, money and per cent in two significant digits, and
    what lies below what one could measure by that bound."""
    if value is None:
        return "unknown", SIGNS.get(unit, unit)
    if unit.startswith("share"):
        value, unit = 100 * value, f"%{unit[5:]}"
    unit = SIGNS.get(unit, unit)
    least = SMALL if unit.startswith("USD million") else LEAST if unit.startswith("%") else 0.0
    if value and abs(value) < least:
        return f"under {least:g}", unit
    return cell(significant(value) if least else float(value)), unit


def digits(value: float | None) -> str:
    """`number`, with powers of ten written out: −5.64 × 10⁻⁵."""
    text = number(value)
    if "e" not in text:
        return text
    size, power = text.split("e")
    return f"{size} × 10{str(int(power.replace('−', '-'))).translate(RAISED)}"


def cell(value: Cell) -> str:
    """One cell of a table for people: a dash for what is missing, at most three significant digits."""
    if value is None or value is NotImplemented or str(value) == "<NA>" or not given(value):
        return "–"
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return (f"{value:,}".replace(",", "\u2009") if abs(value) >= 10000 else str(value)).replace("-", "−")
    if isinstance(value, float):
        whole = math.isfinite(value) and value.is_integer() and abs(value) < 10000
        return cell(int(value)) if whole else digits(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return visible(value)


@overload
def plain(value: Mapping[str, Value]) -> dict[str, Any]: ...
@overload
def plain(value: Value) -> Json: ...
def plain(value: Value) -> Json:
    """The value as strict JSON can hold it: missing and infinite numbers are null, dates are ISO text."""
    if type(value) is str:  # by far the most cells are text or numbers
        return None if value in MISSING else value
    if type(value) is float:
        return value if math.isfinite(value) else None
    if value is None or type(value) is int or type(value) is bool:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    if value is not None and hasattr(value, "tolist") and not isinstance(value, str):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | datetime):
        return None if str(value) == "NaT" else value.isoformat()
    if str(value) in MISSING:
        return None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def plain_cells(column: pd.Series[Any]) -> list[Any]:
    """Plain cells of a column; numbers that are none are missing."""
    import numpy as np

    values = column.tolist()
    if column.dtype != float:
        return [cell if type(cell) is str and cell not in MISSING else plain(cell) for cell in values]
    return [cell if known else None for cell, known in zip(values, np.isfinite(column.to_numpy()), strict=True)]


def strict_json(value: Value, indent: int | None = None) -> str:
    """Strict JSON; a browser and every other parser takes it."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def json_in_html(value: Value) -> str:
    """JSON that may stand inside a script element: no `<`, `>`, `&` and no line separators of JavaScript."""
    text = strict_json(value)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
