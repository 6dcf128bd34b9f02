"""Two assessments compared: what differs in inputs, assumptions and results, and what may have caused it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoecon.errors import InputError
from geoecon.figure import Figure, number
from geoecon.message import called
from geoecon.result import Result
from geoecon.spoken import percent
from geoecon.views.written import parameters, summary

if TYPE_CHECKING:
    from geoecon.kinds import Json
    from geoecon.line import Assessment


KINDS = (
    "version",
    "platform",
    "cutoff",
    "scenario",
    "draws",
    "seed",
    "input",
    "parameter",
    "stage",
    "headline",
)


CHANCE = "stop_chance"  # the figure that leads where it moved
CAUSES = {"version": "the version of geoecon", "platform": "the machine", "cutoff": "the day of the facts",
          "draws": "the number of runs", "seed": "the seed of the runs"}  # fmt: skip
SHOWN = 4  # causes that a sentence names
ROUNDING = 1e-9  # a smaller change is the order of a sum, not a result


NOTABLE = "beyond the band in A, or without one"


@dataclass(frozen=True)
class Difference(Result):
    """Every difference as a row: kind, name, the value in A and in B; for a headline also whether it is notable.

    A headline is notable where the value of B lies outside the band of A, or where A has no band.
    """

    rows: tuple[Mapping[str, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["kind", "name", "a", "b", "change", "unit", "notable"])

    def summary(self) -> pd.DataFrame:
        """The causes first, then the headlines that moved most, in words; a parameter that a scenario sets stands
        once."""
        set_ = {row["name"] for row in self.rows if row["kind"] == "scenario"}
        once = {row["name"] for row in self.rows if row["kind"] == "parameter"} & set_
        rows = [
            {"what": _called(row), **row, **_plain(row)}
            for row in self.rows
            if (row["kind"], row["name"] in once) != ("scenario", True)
        ]
        frame = pd.DataFrame(rows, columns=["what", "a", "b", "change", "unit", "kind", "notable"])
        size = frame["change"].abs().fillna(0)
        order = frame.assign(size=size, rank=frame["kind"].map(KINDS.index)).sort_values(
            ["rank", "notable", "size"], ascending=[True, False, False], kind="stable"
        )
        return order.drop(columns=["size", "rank"]).rename(columns={"notable": NOTABLE}).head(12)

    def figures(self) -> dict[str, Figure]:
        """None: a difference is not a figure."""
        return {}

    def causes(self) -> list[str]:
        """What differs before the models run."""
        return [f"{row['kind']} {row['name']}".strip() for row in self.rows if row["kind"] not in ("stage", "headline")]

    def sentence(self) -> str:
        """The chance of a shortage in both where it moved, how many figures moved, and what differs before the run."""
        moved = [row for row in self.rows if row["kind"] == "headline"]
        if not self.rows:
            return "The two assessments are the same."
        told = [_both(row) for row in moved if row.get("key") == CHANCE and None not in (row["a"], row["b"])]
        far = sum(bool(row["notable"] and row.get("banded", True)) for row in moved)
        many = "1 figure" if len(moved) == 1 else f"{len(moved)} figures"
        told.append(f"{many} moved, {far or 'none'} beyond the band in A." if moved else "No figure moved.")
        causes = self._causes_in_words()
        if causes:
            more = f"; {len(causes) - SHOWN} more" if len(causes) > SHOWN else ""
            told.append(f"What differs: {'; '.join(causes[:SHOWN])}{more}.")
        return " ".join(told)

    def _causes_in_words(self) -> list[str]:
        """What was set apart, in words; a parameter that a scenario sets is told once."""
        before = [row for row in self.rows if row["kind"] not in ("stage", "headline")]
        set_ = {row["name"].split(".")[0] for row in before if row["kind"] == "scenario"}
        found = [
            CAUSES.get(row["kind"]) or _named(row)
            for row in before
            if row["kind"] != "parameter" or row["name"].split(".")[0] not in set_
        ]
        return list(dict.fromkeys(found))


def _named(row: Mapping[str, Any]) -> str:
    if row["kind"] == "input":
        file = row["name"].removeprefix("case/")
        return "the tables of the law" if file.startswith("law/") else f"the file {file}"
    good = row["name"].partition(".")[2].replace("_", " ")
    return called(row["name"]).label + (f", {good}" if good else "")


def _called(row: Mapping[str, Any]) -> str:
    """What a row is about, without the stage that computes it and without codes."""
    if row["kind"] == "headline":
        return str(row["name"]).partition(": ")[2]
    return CAUSES.get(row["kind"]) or (_named(row) if row["kind"] != "stage" else row["name"].replace("_", " "))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's three values and its unit in columns of their own (the source stays in `to_frame`); of a headline
    its values with a short unit, shares in per cent."""
    if row["kind"] == "headline":
        return {side: _valued(row[side], str(row["unit"] or "")) for side in ("a", "b")}
    if row["kind"] != "parameter":
        return {}
    parts = {side: re.match(r"(\S+, \S+, \S+) ?([^;]*)", str(row[side])) for side in ("a", "b")}
    units = [found[2] for found in parts.values() if found]
    return {side: found[1] if found else row[side] for side, found in parts.items()} | {
        "unit": units[-1] if units else ""
    }


def _valued(value: float | None, unit: str) -> str:
    if value is None or not math.isfinite(value):
        return "unknown"
    if unit.startswith("share"):
        return percent(value)
    short = {"percent": "%"}.get(unit, unit)
    return f"{number(value)} {short}" if len(short) < 7 else number(value)


def _both(row: Mapping[str, Any]) -> str:
    label = row["name"].partition(": ")[2]
    first, second = percent(row["a"]), percent(row["b"])
    return f"{label[:1].upper()}{label[1:]}: in {first} of the runs of A, in {second} of those of B."


def diff(a: Assessment | Path | str, b: Assessment | Path | str) -> Difference:
    """Compares two assessments, each given as an Assessment, its folder, or its `assessment.json`.

    Raises InputError where one of them cannot be read as an assessment, or where they are of two cases.
    """
    first, second = _summary(a), _summary(b)
    if (one := first.get("case")) != (other := second.get("case")):
        raise InputError(f"assessments of two cases, {one} and {other}; allowed: two of one case "
                         f"(two cases side by side: geoecon compare {one} {other})")  # fmt: skip
    rows: list[dict[str, Any]] = []
    for kind, key in (("version", "geoecon"), ("platform", "platform"), ("cutoff", "cutoff")):
        rows += _values(kind, {"": first.get(key)}, {"": second.get(key)})
    rows += _values("scenario", first.get("scenario", {}), second.get("scenario", {}))
    for key in ("draws", "seed"):
        rows += _values(key, {"": first.get(key)}, {"": second.get(key)})
    rows += _values("input", first.get("inputs", {}), second.get("inputs", {}), short=True)
    rows += _values("parameter", first.get("parameters", {}), second.get("parameters", {}))
    rows += _values("stage", first.get("skipped", {}), second.get("skipped", {}))
    rows += _headlines(first.get("figures", {}), second.get("figures", {}))
    return Difference(tuple(rows))


def _summary(given: Assessment | Path | str) -> Mapping[str, Any]:
    if isinstance(given, str | Path):
        return _read(Path(given))
    found: dict[str, Any] = json.loads(json.dumps(summary(given), default=str))
    found.setdefault("parameters", parameters(given.case))
    return found


def _read(path: Path) -> Mapping[str, Any]:
    file = path / "assessment.json" if path.is_dir() else path
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file}: file is missing; allowed: the folder of an assessment") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {error}; allowed: the assessment.json of an assessment") from None
    if not isinstance(found, dict) or not isinstance(found.get("figures"), dict):
        raise InputError(f"{file}: no figures in it; allowed: the assessment.json of an assessment")
    return found


def _values(kind: str, a: Mapping[str, Any], b: Mapping[str, Any], short: bool = False) -> list[dict[str, Any]]:
    def shown(value: Json) -> Json:
        return "absent" if value is None else str(value)[:12] if short else str(value)

    return [
        {"kind": kind, "name": key, "a": shown(a.get(key)), "b": shown(b.get(key))}
        for key in sorted({*a, *b})
        if a.get(key) != b.get(key)
    ]


def _headlines(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for stage in dict.fromkeys([*a, *b]):
        mine, other = a.get(stage, {}), b.get(stage, {})
        for key in dict.fromkeys([*mine, *other]):
            one, two = mine.get(key) or {}, other.get(key) or {}
            old, new = one.get("value"), two.get("value")
            if old == new or (old is not None and new is not None and math.isclose(old, new, rel_tol=ROUNDING)):
                continue
            row = {"kind": "headline", "key": key, "name": f"{stage}: {one.get('label') or key}", "a": old, "b": new}
            low, high = one.get("low"), one.get("high")
            inside = low is not None and high is not None and new is not None and low <= new <= high
            change = new - old if old is not None and new is not None else None
            rows.append(
                row
                | {
                    "change": change,
                    "unit": two.get("unit") or one.get("unit"),
                    "notable": not inside and key != "residual",
                    "banded": low is not None and high is not None,
                }
            )
    return rows
