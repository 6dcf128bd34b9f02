"""Scenario switches that every dispute knows, and what a scenario key may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from geoecon.draws import Parameter


class Switch(NamedTuple):
    """A switch: the words that it allows (none: see `allowed`), what holds where nobody sets it, its meaning."""

    words: tuple[str, ...]
    default: str
    meaning: str
    allowed: str = ""
    pattern: str = ""

    def refuses(self, value: str | float) -> str | None:
        """What is allowed, where the value is not; None where it is."""
        text = str(value)
        fine = text in self.words or bool(self.pattern and re.fullmatch(self.pattern, text))
        return None if fine else " or ".join(filter(None, (", ".join(self.words), self.allowed)))


SWITCHES: Mapping[str, Switch] = {
    "measures": Switch(
        ("known", "observed", "none"), "known", "measures as announced by the cut-off, as they came, or none"
    ),
    "licences": Switch(("off", "known", "observed"), "", "the sender's own measures alone; else as `measures` says"),
    "retaliation": Switch(("off", "known", "observed"), "", "what the target does in return; else as `measures` says"),
    "boycott": Switch(("off", "known", "observed"), "", "what consumers and firms do; else as `measures` says"),
    "architecture": Switch(("hub-and-spoke", "trilateral", "none"), "", "pacts of the alliance"),
    "patron_engaged_from": Switch(
        ("never",), "never", "month from which the patron is engaged", "YYYY-MM or YYYY-MM-DD", r"\d{4}-\d{2}(-\d{2})?"
    ),
    "press": Switch(
        ("known", "none"), "known", "whom the patron presses from when: as known by the cut-off, nobody, or dates",
        "SIDE:YYYY-MM, SIDE:YYYY-MM/YYYY-MM or PATRON-SIDE:YYYY-MM, several with a comma", r".+",
    ),
    "patron_moves": Switch(
        ("as dated", "free"), "as dated", "whether the patron presses on dates (press) or, in the game, as it sees fit"
    ),
    "leaders": Switch(("change", "stay"), "change", "whether leaders change on the dates known"),
    "dependence_left": Switch(
        ("as forecast",), "as forecast", "share of the first dependence that is left", "a share from 0 to 1",
        r"0|1|0?\.\d+|0\.\d+|1\.0+",
    ),
}  # fmt: skip


def bounds(row: Parameter) -> tuple[float, float]:
    """What a scenario may set a parameter to: shares and probabilities stay within 0 and 1, counts above 0."""
    share = row.unit.startswith(("share", "probability")) and row.low >= 0 and row.high <= 1
    return (0.0, 1.0) if share else (0.0 if row.low >= 0 else -math.inf, math.inf)


def refuses(row: Parameter, value: str | float) -> str | None:
    """What a parameter may be set to, where the value is not that; None where it is."""
    low, high = bounds(row)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and low <= number <= high:
        return None
    return f"a number from {low:g} to {high:g}" if math.isfinite(high) else (
        "a number from 0" if low == 0 else "a finite number"
    )  # fmt: skip
