"""Reach: whether another regime's rules follow the goods by origin, content or technology."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from geoecon.controls.facts import Facts
from geoecon.controls.regime import Regime


def notes(regimes: Mapping[str, Regime], own: Regime, code: str, exporter: str, destination: str, facts: Facts,
          day: date) -> tuple[str, ...]:  # fmt: skip
    return ()
