"""A user's own record: forecasts kept with their date and inputs, outcomes added later, nothing bettered afterwards.

The book is a plain file, one JSON object a line. Each line carries the hash of the line before, so that a changed,
removed or inserted line breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from geoecon import __version__, dates, tables
from geoecon.errors import Fault, InputError
from geoecon.figure import Figure, number
from geoecon.files import file_aside
from geoecon.result import Result
from geoecon.scorecard import interval_score

if TYPE_CHECKING:
    import altair as alt


START = "0" * 64
KEPT = ("value", "low", "high", "unit", "period", "label")
OUTCOMES = {
    "forecast": tables.at_least_zero,  # number of the entry in the book
    "figure": tables.text,
    "date": tables.partial_day,
    "value": tables.number,
    "source": tables.text,
}
NAMES = ["forecast", "name", "recorded", "figure", "unit", "low", "value", "high", "observed", "date", "inside",
         "error", "interval_score", "state", "source"]  # fmt: skip


@dataclass(frozen=True)
class Book(Result):
    """Every forecast of a book, one row a figure, scored where an outcome was added after it."""

    path: Path
    entries: tuple[dict[str, Any], ...]

    METHOD: ClassVar[str] = (
        "A forecast counts for an outcome that came after the day on which it was recorded; the band is the 80 % band\n"
        "of the forecast. Interval score: width and five times on either side what lies outside, twice over (Gneiting\n"
        "& Raftery 2007). Every line of the book carries the SHA-256 of the line before."
    )

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(
            row["source"] for entry in self.entries if entry["kind"] == "outcomes" for row in entry["rows"]
        )

    @property
    def verified(self) -> bool:
        return True

    @property
    def seal(self) -> str:
        """Hash of the last line: noted elsewhere, it proves that nothing was cut off at the end."""
        return str(self.entries[-1]["hash"]) if self.entries else START

    def to_frame(self) -> pd.DataFrame:
        known = _outcomes_by_figure(self.entries)
        rows = [
            _row(entry, key, figure, known.get((entry["number"], key)))
            for entry in self.entries if entry["kind"] == "forecast" for key, figure in entry["figures"].items()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=NAMES)

    def summary(self) -> pd.DataFrame:
        table = self.to_frame()
        shown = table[table["state"] == "scored"] if (table["state"] == "scored").any() else table
        return shown[["forecast", "name", "figure", "unit", "low", "value", "high", "observed", "inside"]].tail(12)

    def figures(self) -> dict[str, Figure]:
        scored = self._scored()
        share = float(scored["inside"].mean()) if len(scored) else None
        label = "inside the 80 % band"
        return {"inside": Figure(share, f"share of {len(scored)} outcomes", "own forecasts", self.sources, label=label)}

    def _scored(self) -> pd.DataFrame:
        table = self.to_frame()
        return table[(table["state"] == "scored") & table["inside"].notna()]

    def _again(self) -> int:
        """Outcomes that were written again with another value."""
        rows = [row for entry in self.entries if entry["kind"] == "outcomes" for row in entry["rows"]]
        return len(rows) - len(_outcomes_by_figure(self.entries))

    def sentence(self) -> str:
        forecasts = sum(entry["kind"] == "forecast" for entry in self.entries)
        scored, kept = self._scored(), f"{forecasts} forecast{'s' * (forecasts != 1)} kept, seal {self.seal[:12]}"
        if again := self._again():
            kept += f"; {again} outcome{'s' * (again != 1)} written again with another value, the first counts"
        if scored.empty:
            return f"No outcome has been added yet; {kept}."
        held = int(scored["inside"].sum())
        return f"{held} of {len(scored)} outcomes lie in the 80 % band that was given before; {kept}."

    def chart(self) -> alt.VConcatChart:
        from geoecon import charts

        table = self._scored() if len(self._scored()) else self.to_frame()
        label = table["name"] + ", " + table["figure"] + " (" + table["unit"] + ")"
        picture = charts.bars(table.assign(label=label), "label", "value", x_title="forecast with 80 % band", sort=[])
        return charts.finish(picture, self.sentence(), "in the unit of each figure", self.sources)


def _outcomes_by_figure(entries: Iterable[dict[str, Any]]) -> dict[tuple[int, str], dict[str, Any]]:
    """The outcome of each (forecast, figure) that counts, the first that was written, with the line it stands in."""
    known: dict[tuple[int, str], dict[str, Any]] = {}
    for entry in entries:
        for row in entry["rows"] if entry["kind"] == "outcomes" else ():
            known.setdefault((int(row["forecast"]), row["figure"]), row | {"line": entry["number"]})
    return known


def _row(entry: dict[str, Any], key: str, figure: dict[str, Any], outcome: dict[str, Any] | None) -> dict[str, Any]:
    recorded = entry["recorded"][:10]
    row: dict[str, Any] = dict.fromkeys(NAMES) | {
        "forecast": entry["number"], "name": entry["name"], "recorded": recorded, "figure": key,
        **{name: figure.get(name) for name in ("unit", "low", "value", "high")}, "state": "open",
    }  # fmt: skip
    if outcome is None:
        return row
    seen = float(outcome["value"])
    row |= {"observed": seen, "date": outcome["date"], "source": outcome["source"]}
    if dates.last_day(outcome["date"]) <= date.fromisoformat(recorded):
        return row | {"state": "came before the forecast"}
    if figure.get("value") is not None:
        row["error"] = figure["value"] - seen
    low, high = figure.get("low"), figure.get("high")
    if low is not None and high is not None:
        row |= {"inside": float(low <= seen <= high), "interval_score": interval_score(low, high, seen)}
    return row | {"state": "scored"}


def now() -> datetime:
    """The time that an entry gets."""
    return datetime.now(UTC)


def place() -> Path:
    """The user's own book, where the system keeps data of applications."""
    from platformdirs import user_data_path

    return user_data_path("geoecon") / "forecasts.jsonl"


def forecast_book(path: str | Path | None = None) -> Book:
    """The book, checked line by line. Raises InputError for one that was altered, naming the line."""
    book = Path(path) if path is not None else place()
    if not book.is_file():
        raise InputError(f"{book} is not there; allowed: a book that `geoecon record` wrote")
    entries: list[dict[str, Any]] = []
    for line, text in enumerate(book.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(text)
            told, previous = entry["hash"], entry["previous"]
        except (ValueError, KeyError, TypeError):
            raise InputError(
                Fault(book.name, line, None, "not a line of a book", "lines as they were written")
            ) from None
        before = entries[-1]["hash"] if entries else START
        if previous != before or told != _hash(entry) or entry.get("number") != line:
            raise InputError(
                Fault(book.name, line, "hash", "altered after it was written", "lines as they were written")
            )
        entries.append(entry)
    return Book(book, tuple(entries))


def record(forecast: str | Path | None = None, *, name: str | None = None, outcomes: str | Path | None = None,
                    book: str | Path | None = None) -> Book:  # fmt: skip
    """Keeps a forecast (a folder or `assessment.json` of `run`, or what a verb printed with --json), or outcomes.

    `outcomes` is a CSV: forecast (its number in the book), figure, date, value, source. The book is made where there is
    none. An outcome written again with another value is kept and said, and the first counts. Raises InputError for a
    file without figures, the same forecast under the same name, an outcome of a figure that was not forecast, dated
    before its forecast or in the future, or written twice, an altered book.
    """
    path = Path(book) if book is not None else place()
    entries = forecast_book(path).entries if path.is_file() else ()
    added = [_forecast(Path(forecast), name)] if forecast is not None else []
    for entry in entries:
        if added and all(entry.get(key) == added[0][key] for key in ("kind", "name", "figures")):
            said = f"forecast {added[0]['name']!r} stands in line {entry['number']} already, with the same figures"
            raise InputError(f"{said}; allowed: a new forecast, or another name")
    if outcomes is not None:
        added.append(_outcomes(Path(outcomes), entries))
    if not added:
        raise InputError("nothing to record; allowed: a forecast, or --outcomes with what came")
    for content in added:
        entry = {"number": len(entries) + 1, "recorded": now().isoformat(timespec="seconds"),
                 "geoecon": __version__, **content, "previous": entries[-1]["hash"] if entries else START}  # fmt: skip
        entries = (*entries, entry | {"hash": _hash(entry)})
    with file_aside(path) as part:
        part.write_text("".join(_line(entry) + "\n" for entry in entries), encoding="utf-8")
    return Book(path, entries)


def _forecast(path: Path, name: str | None) -> dict[str, Any]:
    file = path / "assessment.json" if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
        told = json.loads(text)
        figures = dict(_figures(told["figures"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        allowed = "an assessment, or what a verb prints with --json"
        raise InputError(f"{file}: no forecast in it ({error}); allowed: {allowed}") from None
    if not figures:
        raise InputError(f"{file}: no figure with a value in it; allowed: a forecast with figures")
    inputs = {key: told[key] for key in ("case", "cutoff", "scenario", "draws", "seed", "geoecon") if key in told}
    inputs["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return {"kind": "forecast", "name": name or told.get("title") or path.stem, "inputs": inputs, "figures": figures}


def _figures(told: dict[str, Any], stage: str = "") -> Iterable[tuple[str, dict[str, Any]]]:
    """Figures by name, those of an assessment as stage.figure; what has no value is no forecast."""
    for key, one in told.items():
        if "value" not in one:
            yield from _figures(one, f"{key}.")
        elif one["value"] is not None:
            yield stage + key, {name: one[name] for name in KEPT if name in one}


def _outcomes(path: Path, entries: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    table = tables.read_table(path, OUTCOMES, path.name)
    known = {entry["number"]: entry for entry in entries if entry["kind"] == "forecast"}
    written = _outcomes_by_figure(entries)
    faults, kept = [], []
    for row in tables.records(table):
        key = int(row["forecast"]), str(row["figure"])
        entry = known.get(key[0])
        before = written.get(key)
        if entry is None:
            allowed = ", ".join(map(str, known)) or "none yet"
            faults.append(Fault(path.name, row["line"], "forecast", number(row["forecast"]), f"a forecast: {allowed}"))
        elif key[1] not in entry["figures"]:
            allowed = ", ".join(list(entry["figures"])[:12])
            faults.append(Fault(path.name, row["line"], "figure", repr(row["figure"]), allowed))
        elif not date.fromisoformat(entry["recorded"][:10]) < dates.last_day(row["date"]) <= now().date():
            allowed = (
                f"a day after the forecast ({entry['recorded'][:10]}) and up to today, or a month or year that ended"
            )
            faults.append(Fault(path.name, row["line"], "date", str(row["date"]), allowed))
        elif before is not None and ("line" not in before or float(before["value"]) == float(row["value"])):
            where = f"in line {before['line']} of the book" if "line" in before else "in this file"
            faults.append(Fault(path.name, row["line"], "figure", f"{key[1]} of {key[0]} stands {where}", "each once"))
        else:
            again = {"again": f"{number(before['value'])} in line {before['line']} counts"} if before else {}
            kept.append({name: row[name] for name in OUTCOMES} | {"forecast": key[0]} | again)
            written[key] = {}
    if faults:
        raise InputError(faults)
    return {"kind": "outcomes", "rows": kept}


def _hash(entry: dict[str, Any]) -> str:
    return hashlib.sha256(_line({k: v for k, v in entry.items() if k != "hash"}).encode()).hexdigest()


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, allow_nan=False)
