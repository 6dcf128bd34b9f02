"""What a case is about: its states, goods and firms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    code: str  # ISO 3166 alpha-3, or a group that the case declares
    name: str
    role: str
    lead: bool = False  # among several states in one role


@dataclass(frozen=True)
class Product:
    """A controlled good. `item` names it in the regimes' control lists; `users` are industries of the economy
    that need it, as (region, sector); `also` are other names of it or of what it is sold as, `prices` the series of
    series.csv that are prices of it."""

    id: str
    name: str
    hs: tuple[str, ...] = ()
    item: str | None = None
    users: tuple[tuple[str, str], ...] = ()
    makers: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Firm:
    """A firm of a case and the material that it uses; its stock and share are parameters (`inventory_days.firm`)."""

    id: str
    name: str
    state: str
    product: str
