"""One phase of a product's flow: what holds from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geoecon.law import schema


@dataclass(frozen=True)
class Phase:
    """What holds for one product from a day on. `light` is what the ready part of the flow needs, `heavy` the rest."""

    start: date
    light: str
    heavy: str
    ready: tuple[str, ...] = ()  # parameters whose product is the ready share; empty: everyone is ready
    announced: date | None = None  # of a phase that tightens
    review_days: float | None = None
    validity_days: float | None = None
    cap: float | None = None  # share of the base flow, where a measure states one
    halt_cap: float | None = None  # the same of a practice reported since `halt_since`, whose end nobody can see
    halt_since: date | None = None
    export_tax: float | None = None  # ad-valorem rate that the sender adds
    firm_stop: bool = False  # a firm's own stop of which nobody states how much it leaves
    source: str = ""

    @property
    def caps(self) -> bool:
        """Whether something besides licences bounds the flow."""
        return self.lowest_cap is not None or self.export_tax is not None or self.firm_stop

    @property
    def lowest_cap(self) -> float | None:
        """The cap while a halt of unknown length lasts, else the cap stated."""
        return min((cap for cap in (self.cap, self.halt_cap) if cap is not None), default=None)


def is_free(kind: str) -> bool:
    """Whether goods move under this kind without a licence for each contract."""
    return schema.kinds()[kind]["family"] not in ("individual", "prohibited")
