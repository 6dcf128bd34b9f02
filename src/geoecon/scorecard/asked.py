"""Forecasts of what people ask first and no stage lists: months of customs, other buyers, visitors, prices, licences.

The stages know the share of a flow that moves on each day. An outcome names a flow and a span; its change is the mean
of the one over the mean of the other, with the noise that such statistics have without any dispute. Nothing is read
from `outcomes.csv` but the metric and the subject.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from geoecon import production
from geoecon.capacity import Row
from geoecon.case import Case
from geoecon.catchup import Localisation
from geoecon.draws import Draws
from geoecon.episodes import CasePrecedents
from geoecon.errors import MissingData
from geoecon.result import Result
from geoecon.scorecard.asking import EVERYWHERE, Array, Known, place_in, words_of
from geoecon.scorecard.windows import window


def _sold(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Sales of a good by the senders, to all or to one buyer."""
    good, spans = known.product(re.split(r"\bto\b|,|:", subject)[0]), window(when)
    if good is None or spans is None:
        return None
    moves = known.to(good, place_in(subject) or (None if known.for_all(good) else known.case.target))
    return None if moves is None else known.change(moves, spans, key)


def _sold_by_target(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Sales of the target: "KOR>CHN:cosmetics"."""
    pair, _, good = subject.partition(":")
    seller, _, buyer = pair.partition(">")
    spans = window(when)
    if spans is None or not buyer:
        return None
    words = words_of(good)

    def mine(row: Row) -> bool:
        same = bool(words and words & words_of(row.flow.product)) or row.flow.product == "all_goods"
        return row.flow.seller == seller and row.flow.buyer == buyer and row.goods and same

    return known.change(known.hit(mine), spans, key)


def _visitors(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Visitors from one place to another, or all visitors of a place."""
    origin, arrow, place = subject.rpartition(">")
    spans = window(when)
    if spans is None:
        return None
    left = known.hit(lambda row: row.instrument == "tourism" and row.flow.seller == place)
    hit = origin in known.case.senders or origin == "GCC"
    if not hit:
        part = known.draws.get("visitor_share")[:, None] if not arrow or origin in EVERYWHERE else 0.0
        left = 1 - part * (1 - left)
    return known.change(left, spans, key, "visitor_noise")


def _affiliates(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Sales of the other side's firms in the country: by their own measure, else by any boycott of such firms."""
    spans = window(when)
    if spans is None:
        return None
    firm = words_of(subject.partition(" in ")[0])
    own = known.hit(lambda row: bool(firm & words_of(row.flow.product)) and row.by in known.case.senders)
    if not (own < 1).any():
        own = known.hit(lambda row: row.instrument in ("boycott", "affiliates") and not row.flow.sectors)
    return known.change(own, spans, key, "visitor_noise")


def _with_precedents(name: str) -> Callable[[Known, str, str, str], Array | None]:
    """A change in logs that followed the most similar cut-offs, by years since the start."""

    def handler(known: Known, subject: str, when: str, key: str) -> Array | None:
        good, spans = known.product(re.split(r",|\bin\b|\bto\b", subject)[0]), window(when)
        found = known.results.get("precedents")
        if good is None or spans is None or found is None:
            return None
        moves = known.flow(good)
        if moves is None or not isinstance(found, CasePrecedents) or good.id not in found.of or found.n == 0:
            return None
        years = int(np.clip(spans.during[1].year - known.case.start.year, 0, 2))
        table = found.paths(good.id, columns=("cut", f"{name}_{years}"))
        cut = 1 - known.mean(moves, spans.during)
        followed = table[f"{name}_{years}"].to_numpy(float)
        log = followed * np.clip(cut / np.maximum(table["cut"].to_numpy(float), 0.05), 0, 1)
        return np.asarray(100 * (np.exp(log + known.noise(key, spans.months)) - 1))

    return handler


def _licences(known: Known, _subject: str, when: str, _key: str) -> Array | None:
    """Share of the applications that are granted by a day."""
    spans = window(when)
    if spans is None or known.controls is None or not known.controls.first_licence:
        return None
    wanted = known.controls.licensed.sel(product=list(known.controls.first_licence))
    day = spans.during[1]
    return np.asarray(known.mean(np.asarray(wanted.mean("product").transpose("draw", "day").values, float), (day, day)))


def _share_of_one(known: Known, metric: str, of: str) -> Array | None:
    """The share of one sender of several: its own before, as the senders' together goes."""
    code = metric.rpartition("_of_")[2]
    product, _, year = of.partition("@")
    together = known.results.get("catchup")
    if together is None or code not in known.case.senders:
        return None
    joint = together.predictions().get(("dependence_share", of))
    panel = known.case.known("trade", "period")
    mine = panel[(panel["product"] == product) & (panel["importer"] == known.case.target)]
    last = mine[mine["period"].str.fullmatch(r"\d{4}") & (mine["period"] < str(known.case.start.year))]
    if joint is None or last.empty or not year:
        return None
    rows = last[last["period"] == last["period"].max()].groupby("exporter")["value_usd"].sum()
    senders = float(rows.reindex(list(known.case.senders)).fillna(0).sum())
    return None if not senders else np.asarray(joint * float(rows.get(code, 0.0)) / senders)


def _share(known: Known, subject: str, when: str, _key: str) -> Array | None:
    """The senders' share in a year, beyond the horizon too."""
    found = known.results.get("catchup")
    if not isinstance(found, Localisation) or subject not in found.paths or not re.fullmatch(r"\d{4}", when):
        return None
    return found.shares(subject, int(when)) if int(when) >= known.case.start.year else None


def _other_origin(known: Known, subject: str, when: str, key: str) -> Array | None:
    """What another supplier sells more, each in step with what others delivered after such cut-offs."""
    good, spans, found = known.product(subject.partition(",")[0]), window(when), known.results.get("precedents")
    if good is None or spans is None or not isinstance(found, CasePrecedents) or good.id not in found.of or not found.n:
        return None
    years = int(np.clip(spans.during[1].year - known.case.start.year, 0, 2))
    table, share = found.paths(good.id, columns=(f"others_{years}",)), found.of[good.id].share or 0.5
    more = table[f"others_{years}"].to_numpy(float) / max(1 - share, 0.05)
    return np.asarray(100 * (np.maximum(1 + more, 0.02) * np.exp(known.noise(key, spans.months)) - 1))


def _all_imports(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Everything that the target buys: the senders' part of its imports falls, others fill it after their lag."""
    spans = window(when, on_month=key.startswith("imports_all_origins_on_month"))
    table = production.economy(known.case)
    if spans is None or subject != known.case.target or known.controls is None or subject not in table.regions:
        return None
    buys, own = table.regions.index(subject), table.of(subject)
    taken = table.Z[:, own].sum(axis=1) + table.Y[:, buys]
    by_region = {code: float(taken[table.of(code)].sum()) for code in table.regions}
    part = sum(by_region.get(code, 0.0) for code in known.case.senders)
    part /= max(sum(value for code, value in by_region.items() if code != subject), 1e-9)
    moves = np.asarray(known.controls.flow.mean("product").transpose("draw", "day").values, float)
    lag = known.draws.get("alternative_lag_days")[:, None]
    filled = np.clip(np.arange(moves.shape[1])[None, :] / np.maximum(lag, 1.0), 0, 1)
    return known.change(1 - part * np.clip(1 - moves, 0, 1) * (1 - filled), spans, key)


def _first_licence(known: Known, _subject: str, _when: str, _key: str) -> Array | None:
    days = [] if known.controls is None else list(known.controls.first_licence.values())
    return np.asarray(np.min(days, axis=0)) if days else None


def _growth(known: Known, subject: str, when: str, key: str) -> Array | None:
    """Growth in a year: that of the year before as the macro table has it, less what the shock costs, with noise."""
    if not re.fullmatch(r"\d{4}", when) or not known.case.has("macro"):
        return None
    macro = known.case.table("macro")
    own = macro[(macro["state"] == subject) & (macro["series"] == "growth") & (macro["year"] < int(when))]
    own = own[own["year"] < known.case.cutoff.year]
    loss = next(
        (found[key2] for found in (r.predictions() for r in known.results.values())
         for key2 in found if key2 == ("gdp_change_1y", subject)), None,
    )  # fmt: skip
    if own.empty or loss is None:
        return None
    base = float(own.sort_values("year")["value"].iloc[-1])
    shock = np.random.default_rng([known.draws.seed, zlib.crc32(key.encode())]).standard_normal(known.draws.n)
    shock[0] = 0.0
    during = 1.0 if int(when) == known.case.start.year else 0.3
    return np.asarray(base + during * loss + known.draws.get("growth_noise") * shock)


HANDLERS: Mapping[str, Callable[[Known, str, str, str], Array | None]] = {
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
    "dependence_share": _share,
    "imports_from_other_origin_change": _other_origin,
    "imports_all_origins_on_year": _all_imports,
    "imports_all_origins_on_month": _all_imports,
    "licences_granted_share": _licences,
    "first_licence_day": _first_licence,
    "growth": _growth,
}


def _answer(known: Known, metric: str, of: str) -> Array | None:
    """The forecast of one outcome."""
    if metric.startswith("dependence_share_of_") and metric != "dependence_share_of_imports":
        return _share_of_one(known, metric, of)
    subject, _, when = of.partition("@")
    handler = HANDLERS.get(metric)
    spans = window(when)
    if spans is not None and spans.during[1] < known.case.start:
        return None  # of the time before the dispute no stage says anything
    return None if handler is None else handler(known, subject.strip(), when, f"{metric} {of}")


def asked_of(
    case: Case, draws: Draws, results: Mapping[str, Result], wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Array]:
    """Answers to the (metric, subject) pairs that no stage predicts; those without one are left out."""
    known = Known(case, draws, results)
    found: dict[tuple[str, str], Any] = {}
    for metric, of in wanted:
        try:
            answer = _answer(known, metric, of)
        except MissingData:
            continue
        if answer is not None and np.isfinite(answer).all():
            found[(metric, of)] = answer
    return found
