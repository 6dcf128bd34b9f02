"""A small table of the user's (production, stocks) as text with our headings, whatever kind of file it is."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from geoecon import dates, tables
from geoecon.errors import Fault, InputError
from geoecon.flows import plain_csv

OTHER_NAMES = {
    **{name: "country" for name in ("country", "importer", "reporter", "economy", "iso3", "country code", "land",
                                    "country name", "pays", "país", "国", "国家", "국가")},
    **{name: "product" for name in ("product", "hs", "hs code", "hs6", "code", "commodity", "commodity code",
                                    "product code", "hs 6", "hscode")},
    **{name: "days" for name in ("days", "stock days", "days of stock", "cover days", "days of cover", "stock in days",
                                 "cover in days", "days of supply", "tage", "reichweite tage", "jours", "días",
                                 "日数")},
    **{name: "production" for name in ("production", "output", "home production", "domestic production")},
    "production usd": "production",
    **{name: "recycling" for name in ("recycling", "recycled", "recycling share", "recycled share", "recycling rate")},
    "stock usd": "stock_usd", "use usd": "use_usd", "stock value usd": "stock_usd",
}  # fmt: skip
TIMED = frozenset(("stock", "stocks", "cover", "reserve", "reserves", "bestand"))  # days where every cell says a time
_WORDS = (
    "d day days tage tag jours días 日 天 일 w week weeks "
    "wochen month months monate year years"
)  # of the times that a small table writes beside a number
TIMES = {word: dates.TIMES[word] for word in _WORDS.split()}
_TIMED = re.compile(rf"^(\d+(?:\.\d+)?) ?({'|'.join(sorted(TIMES, key=len, reverse=True))})\.?$", re.IGNORECASE)


def parsed(source: Path, rules: Mapping[str, tables.Rule]) -> tuple[list[list[str]], Sequence[int], tuple[str, ...]]:
    """The header and rows of a file (text, workbook, Parquet, JSON), the line of each, and what was changed, in words.

    Raises InputError for no file, and where encoding, decimal sign or sheet cannot be told.
    """
    if not source.is_file():
        raise InputError(Fault(source.name, None, None, "file is missing", f"a table with columns {', '.join(rules)}"))
    with tempfile.TemporaryDirectory(prefix="geoecon-") as folder:
        codes = {name for name, ours in OTHER_NAMES.items() if ours == "product"} | {"hs-code", "product_code"}
        plain = plain_csv(source, Path(folder), [*OTHER_NAMES, *rules], codes=codes)
        with plain.path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file)), plain.lines, tuple(f"{source.name}: {note}" for note in plain.notes)


def headed(rows: Sequence[Sequence[str]], rules: Mapping[str, tables.Rule]) -> tuple[str, list[str]]:
    """A table as CSV with our names for its headings, days and shares as numbers; what was taken for what, in words."""
    if not rows:
        return "", []
    heads = [head.strip() for head in rows[0]]
    columns = [[row[k].strip() for row in rows[1:] if k < len(row) and row[k].strip()] for k in range(len(heads))]
    ours = [_named(head, cells) for head, cells in zip(heads, columns, strict=True)]
    ours = [name if name in rules and name not in heads and ours.count(name) == 1 else head
            for head, name in zip(heads, ours, strict=True)]  # fmt: skip
    told = [f"heading {head!r} read as {name}" for head, name in zip(heads, ours, strict=True) if head != name]
    body = [[_amount(cell.strip(), name) for cell, name in zip(row, ours, strict=False)] + list(row[len(ours):])
            for row in rows[1:]]  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows([ours, *body])
    return text.getvalue(), told


def _named(head: str, cells: Sequence[str]) -> str:
    plain = " ".join(re.findall(r"[^\W_]+", head.casefold()))
    if plain in TIMED and cells and all(map(_TIMED.match, cells)):
        return "days"
    return OTHER_NAMES.get(plain, head)


def _amount(cell: str, name: str) -> str:
    """A cell of days with its time in words as days, of a share in percent as a share; any other as it stands."""
    if name == "days" and (found := _TIMED.match(cell)) is not None:
        return f"{float(found[1]) * TIMES[found[2].casefold()]:.12g}"
    if name == "recycling" and re.fullmatch(r"\d+(\.\d+)? ?%", cell):
        return f"{float(cell.rstrip('% ')) / 100:.12g}"
    return cell
