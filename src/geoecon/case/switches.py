"""Scenario switches that every dispute knows, and what a scenario key may hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from geoecon.case.priors import default_parameters
from geoecon.draws import Parameter

NEAREST = 5  # keys that a message names
PAGE = "docs/reference/parameters.md"


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
    "second_supplier": Switch(
        ("as known", "early"), "as known", "what others deliver: as on record or stated, or at least the most and as "
        "early as is thought possible",
    ),
    "dependence_left": Switch(
        ("as forecast",), "as forecast", "share of the first dependence that is left", "a share from 0 to 1",
        r"0|1|0?\.\d+|0\.\d+|1\.0+",
    ),
}  # fmt: skip


COUNTED = {"plants": 1, "applications": 0, "years": 1, "year": 1}  # units of whole numbers, and the least of each
LONGEST = {"days": 36_500, "months": 1_200, "years": 100}  # a hundred years


def bounds(row: Parameter) -> tuple[float, float]:
    """What a scenario may set a parameter to: shares and probabilities stay within 0 and 1, counts and lengths above 0,
    lengths below a hundred years."""
    if row.unit.startswith(("share", "probability")) and row.low >= 0 and row.high <= 1:
        return 0.0, 1.0
    least = float(COUNTED.get(row.unit, 0)) if row.low >= 0 else -math.inf
    words = [word for word in row.unit.removeprefix("calendar ").split()[:1] if word in LONGEST]
    return least, max(float(LONGEST[words[0]]), row.high) if words else math.inf


def refuses(row: Parameter, value: str | float) -> str | None:
    """What a parameter may be set to, where the value is not that; None where it is."""
    low, high = bounds(row)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    counted = row.unit in COUNTED
    if math.isfinite(number) and low <= number <= high and (number.is_integer() or not counted):
        return None
    kind = "a whole number" if counted else "a number" if math.isfinite(low) else "a finite number"
    span = f" from {low:g}" if math.isfinite(low) else ""
    return kind + span + (f" to {high:g}" if math.isfinite(high) else "") + _of_unit(row, high)


def _of_unit(row: Parameter, high: float) -> str:
    """The unit behind what is allowed, where it says more than the name: a length has one."""
    return f" ({row.unit})" if row.unit in COUNTED or 1 < high < math.inf else ""


def rows_of(key: str, names: Iterable[str]) -> tuple[str, ...]:
    """The key itself and, for a bare one, the rows of its name for single products, states or sectors."""
    return (key, *(name for name in sorted(names) if "." not in key and name.startswith(f"{key}.")))


def allowed_keys(key: str, known: Iterable[str], good: str) -> str:
    """The few keys nearest to one that is none, by name, else by meaning; then where all stand with their meanings."""
    names = sorted(known)
    general, dot, _ = key.partition(".")
    bare = [name for name in names if "." not in name]
    like = [name for name in names if dot and name.startswith(f"{general}.")]  # a key, of a good that is none
    like.sort(key=lambda name: not name.endswith(f".{good}"))
    like += [name for name in bare if general in name.split("_")]
    like += get_close_matches(general, bare, n=NEAREST)
    like += [name for name in bare if len(general) > 2 and general in name]
    stem = re.compile(rf"\b{re.escape(general.removesuffix('s'))}")
    meant = [(found.start(), name) for name in bare if (found := stem.search(_meaning(name)))]
    like += [name for _, name in sorted(meant)] if len(general) > 3 else []
    near = list(dict.fromkeys(like))[:NEAREST]
    every = f"of {len(bare)} keys (what each means: {PAGE}; one good alone as inventory_days.{good})"
    return f"{', '.join(near)}, or another {every}" if near else f"one {every}; none is like {general!r}"


def _meaning(key: str) -> str:
    if key in SWITCHES:
        return SWITCHES[key].meaning
    row = default_parameters().get(key)
    return row.meaning if row else ""
