"""What can go wrong, said once: bad input, contradicting rules, no convergence, data that a stage lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoecon.kinds import Cell


SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """One bad place in the input: where it is, what stands there, what may stand there."""

    file: str
    row: int | None  # physical line of the file, the header is line 1
    column: str | None
    found: str
    allowed: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" line {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        found = self.found if len(self.found) <= 80 else self.found[:77] + "..."
        return f"{place}: {found}; allowed: {self.allowed}"


class InputError(ValueError):
    """Input that cannot be used. Carries every fault found; the command line exits with 2."""

    def __init__(self, faults: str | Fault | Iterable[str | Fault]):
        listed = [faults] if isinstance(faults, str | Fault) else list(faults)
        self.faults = tuple(listed)
        lines = [str(fault) for fault in listed[:SHOWN]]
        if len(listed) > SHOWN:
            lines.append(f"and {len(listed) - SHOWN} more")
        super().__init__("\n".join(lines))


class RuleConflict(InputError):
    """Two rules of equal rank say different things; the message names both rows."""


class NotConverged(ArithmeticError):
    """A solver stopped before its tolerance: a residual instead of a number. Exits with 2."""

    def __init__(self, what: str, residual: float, iterations: int, where: str = ""):
        self.residual, self.iterations, self.where = residual, iterations, where
        at = f", largest at {where}" if where else ""
        super().__init__(f"{what} did not converge: residual {residual:.3g} after {iterations} iterations{at}")


class MissingData(LookupError):
    """A stage lacks data it needs. The run skips the stage and names what is missing."""

    def __init__(self, *needed: str):
        self.needed = needed
        super().__init__(", ".join(needed))


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """Inside, an interrupt that came while compiled code or DuckDB ran is one, not the other error made of it."""
    try:
        yield
    except (SystemError, RuntimeError) as error:
        under: BaseException | None = error
        while under is not None:
            if isinstance(under, KeyboardInterrupt) or str(under) == "Query interrupted":
                raise KeyboardInterrupt from None
            under = under.__cause__ or under.__context__
        raise


# Characters that turn or hide the text around them; shown as their code point instead.
INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)


def visible(text: Cell) -> str:
    """Text whose invisible and overriding characters are shown as ⟨U+202E⟩; letters of every script stay."""
    return INVISIBLE.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", str(text))
