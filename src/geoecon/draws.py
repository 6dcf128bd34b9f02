"""Samples of the uncertain parameters. Draw 0 is always the central value; the bands use the others."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import index
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from geoecon.errors import InputError
from geoecon.figure import BAND as BAND
from geoecon.figure import Array as Array
from geoecon.figure import Figure
from geoecon.figure import band as band
from geoecon.figure import interval as interval
from geoecon.figure import middle as middle

if TYPE_CHECKING:
    from geoecon.kinds import Ints

Value = TypeVar("Value")
MOST, LARGEST = 1_000_000, 2**31  # draws that one table of parameters holds in a gigabyte or two; seeds


@dataclass(frozen=True)
class Parameter:
    """One row of `parameters.csv`: low and high bound the triangular prior, central is its mode."""

    name: str
    low: float
    central: float
    high: float
    unit: str
    source: str
    as_of: str
    status: str
    meaning: str = ""

    def figure(self) -> Figure:
        return Figure(
            self.central,
            self.unit,
            self.as_of,
            frozenset({self.source}),
            self.status != "memory",
            self.low,
            self.high,
            self.name,
        )

    def fixed(self, value: float) -> Parameter:
        """The parameter held at one value, as a scenario asks."""
        source = f"scenario: {self.name} = {value:g}"
        return Parameter(self.name, value, value, value, self.unit, source, self.as_of, "computed", self.meaning)


class Over(Mapping[str, Value]):
    """A mapping laid over another; what is not asked for is not read."""

    def __init__(self, upper: Mapping[str, Value], lower: Mapping[str, Value]):
        self.upper, self.lower = upper, lower

    @property
    def inner(self) -> Mapping[str, Value]:
        found: Mapping[str, Value] = getattr(self.lower, "inner", self.lower)
        return found

    def __getitem__(self, key: str) -> Value:
        return self.upper[key] if key in self.upper else self.lower[key]

    def __contains__(self, key: object) -> bool:
        return key in self.upper or key in self.lower

    def __iter__(self) -> Iterator[str]:
        yield from self.lower
        yield from (key for key in self.upper if key not in self.lower)

    def __len__(self) -> int:
        return len({*self.lower, *self.upper})


class Rows(Mapping[str, Array]):
    """Some rows of the arrays of a mapping; what is not asked for is not read."""

    def __init__(self, lower: Mapping[str, Array], rows: slice | Array | Ints):
        self.lower, self.rows = lower, rows

    @property
    def inner(self) -> Mapping[str, Array]:
        return Rows(getattr(self.lower, "inner", self.lower), self.rows)

    def __getitem__(self, key: str) -> Array:
        return self.lower[key][self.rows]

    def __contains__(self, key: object) -> bool:
        return key in self.lower

    def __iter__(self) -> Iterator[str]:
        return iter(self.lower)

    def __len__(self) -> int:
        return len(self.lower)


@dataclass(frozen=True)
class Draws:
    """Values of every parameter: `values[name]` has shape (draw,); draw 0 holds the central values."""

    values: Mapping[str, Array]
    parameters: Mapping[str, Parameter]
    seed: int

    @property
    def n(self) -> int:
        """Number of rows, the central one included."""
        values = getattr(self.values, "inner", self.values)  # where reads are noted, the number is none
        return len(next(iter(values.values()))) if values else 1

    def get(self, name: str, of: str | None = None) -> Array:
        """Values (draw,) of `name.of` (of a product, state or sector) or else of `name`.

        Raises InputError where the case and the rooms' defaults know neither.
        """
        for key in (f"{name}.{of}", name) if of else (name,):
            if key in self.values:
                return self.values[key]
        wanted = f"{name}.{of} or {name}" if of else name
        raise InputError(f"parameters.csv: no row for {wanted}; allowed: a row with low, central, high, unit, source")

    def parameter(self, name: str, of: str | None = None) -> Parameter:
        """The row behind `get`, with its unit and source."""
        for key in (f"{name}.{of}", name) if of else (name,):
            if key in self.parameters:
                return self.parameters[key]
        raise InputError(f"parameters.csv: no row for {name}" + (f" or {name}.{of}" if of else ""))

    def has(self, name: str, of: str | None = None) -> bool:
        return any(key in self.values for key in ((f"{name}.{of}", name) if of else (name,)))

    def more(self, values: Mapping[str, Array], parameters: Mapping[str, Parameter]) -> Draws:
        """The same draws with these parameters besides or instead; what is not asked for is not read."""
        return Draws(Over(values, self.values), Over(parameters, self.parameters), self.seed)

    def only(self, rows: slice | Array | Ints) -> Draws:
        """The same parameters for some of the draws."""
        return Draws(Rows(self.values, rows), self.parameters, self.seed)


def sample(parameters: Mapping[str, Parameter], n: int = 0, seed: int = 0) -> Draws:
    """Central values in row 0 and `n` Latin-hypercube draws below, triangular between low, central and high.

    The draw of a parameter depends on the seed and its own name only, so that adding a parameter to a case
    leaves the draws of the others alone. McKay, Beckman & Conover 1979. Raises InputError for a count that is none.
    """
    _count("draws", n, MOST)
    _count("seed", seed)
    values: dict[str, Array] = {name: np.array([row.central]) for name, row in parameters.items()}
    if n == 0:
        return Draws(values, parameters, seed)
    for name, row in parameters.items():
        unit = stratified(name, n, seed)
        values[name] = np.concatenate([values[name], triangular(unit, row.low, row.central, row.high)])
    return Draws(values, parameters, seed)


@lru_cache(maxsize=2048)
def stratified(name: str, n: int, seed: int) -> Array:
    """(n,) one uniform number in each nth of (0, 1], in random order: a Latin hypercube of one dimension."""
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())]).spawn(1)[0]
    inside = rng.uniform(size=n)
    strata = np.arange(1, n + 1)
    rng.shuffle(strata)
    found = (strata - inside) / n
    found.setflags(write=False)  # kept for all who ask
    return found


def _count(name: str, value: int, most: int = LARGEST) -> None:
    """Raises InputError for what is no whole number from 0 to `most`."""
    try:
        fine = 0 <= index(value) <= most
    except TypeError:
        fine = False
    if not fine:
        raise InputError(f"{name} {value}; allowed: a whole number from 0 to {most:,}")


def triangular(unit: Array, low: float, mode: float, high: float) -> Array:
    """Quantiles of the triangular distribution; a point where low equals high."""
    if high == low:
        return np.full_like(unit, low)
    cut = (mode - low) / (high - low)
    left = low + np.sqrt(unit * (high - low) * (mode - low))
    right = high - np.sqrt((1 - unit) * (high - low) * (high - mode))
    return np.where(unit < cut, left, right)
