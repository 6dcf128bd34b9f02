"""Patron and two allies in one year: power, pacts and divergence, the fears that rest on them, and other pacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoecon.errors import InputError
from geoecon.triangle import measures as m
from geoecon.triangle import records as r
from geoecon.triangle.measures import Array

ARCHITECTURES = ("hub-and-spoke", "trilateral", "none")


@dataclass(frozen=True, eq=False)
class Bond:
    """Patron, senior, junior (in the order given) in a year, with what their fears rest on.

    power (3,), capability of allies outside the triad (3,), pacts (3, 3), drawdown δ (3,), divergence g (draw, 3),
    and the pacts of the region with the place of the three in it.
    """

    states: tuple[str, str, str]
    year: int
    power: Array
    outside: Array
    ties: Array
    drawdown: Array
    divergence: Array
    region_ties: Array
    region_place: tuple[int, ...]  # of P, S, T among the rows of region_ties; −1 where outside the region
    architecture: str = "as recorded"

    @cached_property
    def dependence(self) -> Array:
        """Dep (3, 3): row depends on column, 0 to 1."""
        return m.security_dependence(self.power, self.ties, self.outside)

    @cached_property
    def net_patronage(self) -> Array:
        return m.net_patronage(self.dependence)

    @cached_property
    def abandonment(self) -> Array:
        """A (draw, 3): fear of being left by the patron; the patron's own is zero."""
        return m.abandonment(self.dependence[:, 0], self.drawdown, self.divergence)

    @cached_property
    def entrapment(self) -> Array:
        """E (draw, 3): fear of being drawn into the patron's quarrels."""
        return m.entrapment(self.ties[:, 0], self.drawdown, self.divergence)

    @cached_property
    def friction(self) -> Array:
        """(draw,)"""
        a, e = self.abandonment, self.entrapment
        return m.friction(a[:, 1], e[:, 1], a[:, 2], e[:, 2])

    @property
    def degree_centralisation(self) -> float:
        return m.centralisation(self.ties)

    @property
    def regional_spoke(self) -> float:
        return m.spoke_index(self.region_ties, self.region_place[0])

    def with_architecture(self, name: str) -> Bond:
        """The same states under another set of pacts: the hub's two alone, all three, or none."""
        if name not in ARCHITECTURES:
            raise InputError(f"architecture {name!r}; allowed: " + ", ".join(ARCHITECTURES))
        hub, between = float(name != "none"), float(name == "trilateral")
        ties = np.array([[0, hub, hub], [hub, 0, between], [hub, between, 0]])
        region = self.region_ties.copy()
        for i in range(3):
            for j in range(3):
                a, b = self.region_place[i], self.region_place[j]
                if a >= 0 and b >= 0:
                    region[a, b] = ties[i, j]
        return replace(self, ties=ties, region_ties=region, architecture=name)


def bond_of(states: tuple[str, str, str], year: int, override: Mapping[tuple[str, str], float]) -> Bond | None:
    """None where one of the three was no state in the year; unknown capabilities are NaN and spread."""
    place, ties, everyone = r.pacts(year)
    if any(r.code(state, year) not in place for state in states):
        return None
    rows = [place[r.code(state, year)] for state in states]
    power = everyone[rows]
    own = ties[np.ix_(rows, rows)].astype(float)
    others = np.nan_to_num(everyone)
    others[rows] = 0.0
    outside = ties[rows].astype(float) @ others
    for (a, b), tie in override.items():
        i, j = states.index(a), states.index(b)
        own[i, j] = own[j, i] = tie
    region, region_place = _region(states, place, ties, rows, own)
    gap = r.widest_gap(states[0], year)
    ideal = np.array([r.value("ideal_points", "ideal_point", state, year) for state in states])
    δ = np.array([0.0, *(drawdown_of(states, state, year) for state in states[1:])])
    g = np.abs(ideal - ideal[0]) / gap
    return Bond(states, year, power, outside, own, δ, g[None, :], region, region_place)


def _region(
    states: tuple[str, str, str], place: Mapping[int, int], ties: NDArray[np.bool_], rows: list[int], own: Array
) -> tuple[Array, tuple[int, ...]]:
    """Pacts of the patron and of the states in the region of the two others."""
    areas = frozenset(area for state in states[1:] for area in r.region(state))
    inside = [place[number] for number in r.numbers_in(areas) if number in place]
    members = list(dict.fromkeys([*rows, *inside]))
    region = ties[np.ix_(members, members)].astype(float)
    region[:3, :3] = own
    return region, (0, 1, 2)


def drawdown_of(states: tuple[str, str, str], state: str, year: int) -> float:
    """δ of a state; zero without records of the patron's troops (they exist for the United States only)."""
    if states[0] != "USA":
        return 0.0
    seen = [r.value("us_troops", "troops", state, y) for y in range(year - 3, year + 1)]
    if np.isnan(seen[-1]):
        return 0.0
    return m.drawdown([number for number in seen if number == number])
