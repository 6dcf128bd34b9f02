"""What the stages know, ready to be asked about one subject at a time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoecon import countries
from geoecon.capacity import FlowCapacity, Row, profiles
from geoecon.case import Case, Product
from geoecon.draws import Draws
from geoecon.result import Result
from geoecon.scorecard.windows import Window

Array = NDArray[np.float64]
EVERYWHERE = ("WLD", "ALL", "*")


@dataclass(frozen=True, eq=False)
class Known:
    """What the stages know, ready to be asked about one subject at a time. Answers are (draw,); None: no forecast."""

    case: Case
    draws: Draws
    results: Mapping[str, Result]

    @cached_property
    def controls(self) -> FlowCapacity | None:
        found = self.results.get("controls")
        return found if isinstance(found, FlowCapacity) else None

    @cached_property
    def instruments(self) -> list[tuple[Row, Array]]:
        return profiles(self.case, self.draws)

    def noise(self, key: str, months: float, name: str = "trade_noise") -> Array:
        """Log noise of a statistic over a span of months, (draw,): 0 in the central run."""
        spread = self.draws.get(f"{name}_year") ** 2 + self.draws.get(f"{name}_month") ** 2 / max(months, 0.25)
        shock = np.random.default_rng([self.draws.seed, zlib.crc32(key.encode())]).standard_normal(self.draws.n)
        shock[0] = 0.0
        return np.asarray(np.sqrt(spread) * shock)

    def change(self, share: Array, spans: Window, key: str, name: str = "trade_noise") -> Array:
        """Percent by which a flow changes between two spans, `share` (draw, day) of its base from the start on."""
        before, during = (self.mean(share, span) for span in (spans.before, spans.during))
        ratio = during / np.maximum(before, 0.02) * np.exp(self.noise(key, spans.months, name))
        return np.asarray(100 * (ratio - 1))

    def mean(self, share: Array, span: tuple[date, date]) -> Array:
        """Mean of a share over a span, 1 before the start; the last day holds on."""
        first, last = ((day - self.case.start).days for day in span)
        days = np.arange(first, last + 1)
        values = share[:, np.clip(days, 0, share.shape[1] - 1)]
        return np.asarray(np.where(days[None, :] < 0, 1.0, values).mean(axis=1))

    def product(self, text: str) -> Product | None:
        """The product of the case that a text names: every word of the one is in the other."""
        asked = words_of(text)
        for product in self.case.products:
            for name in (product.id, product.name, *product.also):
                words = words_of(name)
                if words <= asked or (asked and asked <= words):
                    return product
        return None

    def flow(self, product: Product) -> Array | None:
        """Share (draw, day) of the senders' usual sales of a good to the target that moves."""
        if self.controls is None or product.id not in self.controls.flow["product"].values:
            return None
        return np.asarray(self.controls.flow.sel(product=product.id).transpose("draw", "day").values, float)

    def to(self, product: Product, buyer: str | None) -> Array | None:
        """The same to another buyer: as to the target where a measure names everybody, else untouched."""
        moves = self.flow(product)
        if moves is None or buyer == self.case.target or self.for_all(product):
            return moves
        return np.ones_like(moves)

    def for_all(self, product: Product) -> bool:
        if product.item:
            return True  # a rule of a regime, for every destination
        if not self.case.has("measures"):
            return False
        rows = self.case.known("measures", "known_from")
        mine = rows[(rows["product"] == product.id) & rows["exporter"].isin(list(self.case.senders))]
        return bool((mine["importer"].isin(EVERYWHERE) & (mine["kind"] != "none")).any())

    def hit(self, wanted: Callable[[Row], bool]) -> Array:
        """Share (draw, day) of a flow that the instruments wanted leave."""
        left = np.ones((self.draws.n, self.case.horizon_days))
        for row, cut in self.instruments:
            if wanted(row):
                left = left * (1 - cut)
        return left


def words_of(text: str) -> set[str]:
    """Words of a name without number, case and little words."""
    skip = {"and", "of", "the", "from", "for", "in", "goods", "ore", "all"}
    parts = re.split(r"[^a-z0-9]+", text.casefold())
    return {part.rstrip("s") for part in parts if part and part not in skip}


def place_in(text: str) -> str | None:
    """A code at the end of a text: "… to USA", "…, JPN from China", "… in CHN"."""
    codes = [word for word in re.findall(r"\b[A-Z]{3}\b|\bEU27\b", text) if word == "EU27" or countries.is_known(word)]
    return codes[-1] if codes else None
