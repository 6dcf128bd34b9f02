"""The record as a page: every outcome in words, the forecasts of the time, tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoecon import tables
from geoecon.figure import number
from geoecon.scorecard import SCORED, Scorecard, seen, verdict

if TYPE_CHECKING:
    from geoecon.kinds import Cell


def outcomes(card: Scorecard) -> pd.DataFrame:
    """Every outcome in words: scored, without a forecast, or unknown."""
    rows = []
    for _, row in card.scores.iterrows():
        scored = row["state"] == SCORED
        band = f"{number(row['low'])} to {number(row['high'])}" if scored and row["low"] == row["low"] else ""
        rows.append(
            (
                row["label"],
                row["unit"],
                number(row["central"]) if scored else "",
                band,
                "unknown" if row["kind"] == "unknown" else "in words" if row["kind"] == "qualitative" else seen(row),
                verdict(row) if scored else row["state"],
                number(row["crps"]) if scored else "",
            )
        )
    names = ["outcome", "unit", "forecast", "80 % band", "observed", "verdict", "CRPS"]
    return pd.DataFrame(rows, columns=names)


def published(card: Scorecard) -> pd.DataFrame:
    rows = []
    for row in tables.records(card.published):
        numbers = [number(row[name]) for name in ("value", "observed", "error", "our_error")]
        rows.append((row["author"], row["date"], row["label"], *numbers, row["assumption"] or ""))
    names = ["author", "date", "outcome", "their value", "observed", "their error", "our error", "assumption"]
    return pd.DataFrame(rows, columns=names)


def markdown(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table; bars and line breaks in cells are escaped."""

    def cell(value: Cell) -> str:
        text = "unknown" if not tables.given(value) else number(value) if isinstance(value, float) else str(value)
        return text.replace("|", "\\|").replace("\n", " ")

    head = "| " + " | ".join(map(str, frame.columns)) + " |"
    body = ["| " + " | ".join(cell(value) for value in row) + " |" for row in frame.itertuples(index=False)]
    return "\n".join([head, "|" + "---|" * len(frame.columns), *body])
