"""Forecasts of what people ask first and no stage lists: customs of a month, other buyers, visitors, prices, licences.

The stages know the share of a flow that moves on each day. An outcome names a flow and a span; its change is the mean of
the one over the mean of the other, with the noise that such statistics have without any dispute. Nothing is read from
`outcomes.csv` but the metric and the subject.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoecon import countries
from geoecon.capacity import FlowCapacity, Row, profiles
from geoecon.case import Case, Product
from geoecon.draws import Draws
from geoecon.errors import MissingData
from geoecon.result import Result
from geoecon.scorecard.windows import Window, window

Array = NDArray[np.float64]
EVERYWHERE = ("WLD", "ALL", "*")


@dataclass(frozen=True, eq=False)
class Asked:
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

    def answer(self, metric: str, of: str) -> Array | None:
        """The forecast of an outcome by its metric and subject."""
        handler = HANDLERS.get(metric)
        subject, _, when = of.partition("@")
        return None if handler is None else handler(self, subject.strip(), when, f"{metric} {of}")

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
        asked = _words(text)
        for product in self.case.products:
            for name in (product.id, product.name):
                words = _words(name)
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
        if moves is None or buyer == self.case.target or self._for_all(product):
            return moves
        return np.ones_like(moves)

    def _for_all(self, product: Product) -> bool:
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


def _words(text: str) -> set[str]:
    """Words of a name without number, case and little words."""
    skip = {"and", "of", "the", "from", "for", "in", "goods", "ore", "all"}
    parts = re.split(r"[^a-z0-9]+", text.casefold())
    return {part.rstrip("s") for part in parts if part and part not in skip}


def _place(text: str) -> str | None:
    """A code at the end of a text: "… to USA", "…, JPN from China", "… in CHN"."""
    codes = [word for word in re.findall(r"\b[A-Z]{3}\b|\bEU27\b", text) if word == "EU27" or countries.is_known(word)]
    return codes[-1] if codes else None


def _sold(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Sales of a good by the senders, to all or to one buyer."""
    good, spans = asked.product(re.split(r"\bto\b|,|:", subject)[0]), window(when)
    if good is None or spans is None:
        return None
    moves = asked.to(good, _place(subject) or (None if asked._for_all(good) else asked.case.target))
    return None if moves is None else asked.change(moves, spans, key)


def _sold_by_target(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Sales of the target: "KOR>CHN:cosmetics"."""
    pair, _, good = subject.partition(":")
    seller, _, buyer = pair.partition(">")
    spans = window(when)
    if spans is None or not buyer:
        return None
    words = _words(good)

    def mine(row: Row) -> bool:
        same = bool(words and words & _words(row.flow.product)) or row.flow.product == "all_goods"
        return row.flow.seller == seller and row.flow.buyer == buyer and row.goods and same

    return asked.change(asked.hit(mine), spans, key)


def _visitors(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Visitors from one place to another, or all visitors of a place."""
    origin, arrow, place = subject.rpartition(">")
    spans = window(when)
    if spans is None:
        return None
    left = asked.hit(lambda row: row.instrument == "tourism" and row.flow.seller == place)
    hit = origin in asked.case.senders or origin == "GCC"
    if not hit:
        part = asked.draws.get("visitor_share")[:, None] if not arrow or origin in EVERYWHERE else 0.0
        left = 1 - part * (1 - left)
    return asked.change(left, spans, key, "visitor_noise")


def _affiliates(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Sales of the other side's firms in the country: by their own measure, else by any boycott of such firms."""
    spans = window(when)
    if spans is None:
        return None
    firm = _words(subject.partition(" in ")[0])
    own = asked.hit(lambda row: bool(firm & _words(row.flow.product)) and row.by in asked.case.senders)
    if not (own < 1).any():
        own = asked.hit(lambda row: row.instrument in ("boycott", "affiliates") and not row.flow.sectors)
    return asked.change(own, spans, key, "visitor_noise")


def _with_precedents(name: str, scale: float = 1.0) -> Callable[[Asked, str, str, str], Array | None]:
    """A change in logs that followed the most similar cut-offs, by years since the start."""

    def handler(asked: Asked, subject: str, when: str, key: str) -> Array | None:
        good, spans = asked.product(re.split(r",|\bin\b|\bto\b", subject)[0]), window(when)
        found = asked.results.get("precedents")
        if good is None or spans is None or found is None:
            return None
        moves = asked.flow(good)
        table = _precedents(found, good.id, asked)
        if table is None or moves is None:
            return None
        years = int(np.clip(spans.during[1].year - asked.case.start.year, 0, 2))
        cut = 1 - asked.mean(moves, spans.during)
        log = table[f"{name}_{years}"] * np.clip(cut / np.maximum(table["cut"], 0.05), 0, 1) * scale
        return np.asarray(100 * (np.exp(log + asked.noise(key, spans.months)) - 1))

    return handler


def _precedents(found: Result, product: str, asked: Asked) -> Mapping[str, Array] | None:
    own = getattr(found, "by_product", {}).get(product)
    if own is None:
        return None
    frame = own.draws(asked.draws.n - 1, asked.draws.seed)
    return {str(column): frame[column].to_numpy(float) for column in frame if column != "place"}


def _licences(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Share of the applications that are granted by a day: what moves of the covered part of the flow."""
    spans = window(when)
    goods = [good for good in asked.case.products if asked.flow(good) is not None]
    if spans is None or not goods or asked.controls is None:
        return None
    parts = []
    for good in goods:
        covered = asked.draws.get("covered_share", good.id)
        share = np.asarray(asked.controls.share.sel(product=good.id).transpose("draw", "day").values, float)
        day = spans.during[1]
        moves = asked.mean(np.minimum(share, 1.0), (day, day))
        parts.append(np.clip(1 - (1 - moves) / np.maximum(covered, 1e-9), 0, 1))
    return np.asarray(np.mean(parts, axis=0))


def _share_of_one(asked: Asked, metric: str, of: str) -> Array | None:
    """The share of one sender of several: its own before, as the senders' together goes."""
    code = metric.rpartition("_of_")[2]
    product, _, year = of.partition("@")
    together = asked.results.get("catchup")
    if together is None or code not in asked.case.senders:
        return None
    joint = together.predictions().get(("dependence_share", of))
    panel = asked.case.known("trade", "period")
    mine = panel[(panel["product"] == product) & (panel["importer"] == asked.case.target)]
    last = mine[mine["period"].str.fullmatch(r"\d{4}") & (mine["period"] < str(asked.case.start.year))]
    if joint is None or last.empty or not year:
        return None
    rows = last[last["period"] == last["period"].max()].groupby("exporter")["value_usd"].sum()
    senders = float(rows.reindex(list(asked.case.senders)).fillna(0).sum())
    return None if not senders else np.asarray(joint * float(rows.get(code, 0.0)) / senders)


def _first_licence(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    days = [] if asked.controls is None else list(asked.controls.first_licence.values())
    return np.asarray(np.min(days, axis=0)) if days else None


def _growth(asked: Asked, subject: str, when: str, key: str) -> Array | None:
    """Growth in a year: that of the year before as the macro table has it, less what the shock costs, with noise."""
    if not re.fullmatch(r"\d{4}", when) or not asked.case.has("macro"):
        return None
    macro = asked.case.table("macro")
    own = macro[(macro["state"] == subject) & (macro["series"] == "growth") & (macro["year"] < int(when))]
    own = own[own["year"] < asked.case.cutoff.year]
    loss = next(
        (found[key2] for found in (r.predictions() for r in asked.results.values())
         for key2 in found if key2 == ("gdp_change_1y", subject)), None,
    )  # fmt: skip
    if own.empty or loss is None:
        return None
    base = float(own.sort_values("year")["value"].iloc[-1])
    shock = np.random.default_rng([asked.draws.seed, zlib.crc32(key.encode())]).standard_normal(asked.draws.n)
    shock[0] = 0.0
    during = 1.0 if int(when) == asked.case.start.year else 0.3
    return np.asarray(base + during * loss + asked.draws.get("growth_noise") * shock)


HANDLERS: Mapping[str, Callable[[Asked, str, str, str], Array | None]] = {
    "exports_on_year": _sold,
    "exports_change_of_sender": _sold,
    "exports_surge": _sold,
    "imports_of_other_buyer_change": _sold,
    "exports_change_of_target": _sold_by_target,
    "visitors_change": _visitors,
    "affiliate_sales_change": _affiliates,
    "imports_all_origins_change": _with_precedents("imports"),
    "imports_of_buyer_all_origins_change": _with_precedents("imports"),
    "price_change": _with_precedents("price"),
    "unit_value_change": _with_precedents("price"),
    "licences_granted_share": _licences,
    "first_licence_day": _first_licence,
    "growth": _growth,
}


def asked_of(
    case: Case, draws: Draws, results: Mapping[str, Result], wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Array]:
    """Answers to the (metric, subject) pairs that no stage predicts; those without one are left out."""
    asking = Asked(case, draws, results)
    found: dict[tuple[str, str], Any] = {}
    for metric, of in wanted:
        share = metric.startswith("dependence_share_of_") and metric != "dependence_share_of_imports"
        try:
            answer = _share_of_one(asking, metric, of) if share else asking.answer(metric, of)
        except MissingData:
            continue
        if answer is not None and np.isfinite(answer).all():
            found[(metric, of)] = answer
    return found
