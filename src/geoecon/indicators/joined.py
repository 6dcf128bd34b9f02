"""Triples measured by joins where the rows are: a cluster sends back no more than what is wanted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow.compute as pc

from geoecon.flows import engine
from geoecon.indicators import complete, indicators, kernel, measure
from geoecon.indicators.complete import Found, Words, words
from geoecon.indicators.measure import MARKET, TRIPLE
from geoecon.indicators.stream import Question

Frame = Any
OF_MARKETS = ("cr3", "unit_value", "unit_value_gap", "hhi_geo")  # told by the rows of the importer's market alone


def measured(rows: Frame, wanted: Frame, question: Question, intra: Frame | None = None) -> Found:
    """The columns of the wanted triples: what needs the whole world by joins, the rest from the rows of the markets."""
    options = question.options
    found = engine.collect(measure.triples(rows, wanted, options, intra))
    markets = rows.join(wanted.select(*MARKET).unique(), on=MARKET, how="semi")
    parts = []
    table = markets.select(*TRIPLE, "value_usd", "tonnes").collect("pyarrow").to_native()
    for period in sorted(set(found["period"])):
        own = kernel.rows(table.filter(pc.equal(table["period"], period)), {})
        columns, top = kernel.indicators(own, leftover=options.leftover, risk=options.risk)
        text = {
            "importer": Words(own.importer, own.places),
            "exporter": Words(own.exporter, own.places),
            "product": Words(own.product, own.products),
            "top_supplier": Words(top, own.places),
        }
        told = pd.DataFrame({name: column.text() for name, column in text.items()}).assign(period=period)
        parts.append(told.assign(**{name: columns[name] for name in OF_MARKETS}))
    if parts:
        found = found.merge(pd.concat(parts), on=TRIPLE, how="left")
    else:
        found = found.assign(**dict.fromkeys((*OF_MARKETS, "top_supplier"), pd.Series(dtype=float)))
    words_of = {name: words(found[name]) for name in (*TRIPLE, "top_supplier")}
    names = (
        "value_usd",
        "tonnes",
        "imports",
        "exports",
        "allocated",
        *indicators.EXPRESSIONS,
        "cutoff_loss",
        "cutoff_cost",
        "rank_cost",
        "world_top_share",
        "supplier_is_world_top",
        "loss_of_access",
        *OF_MARKETS,
    )
    spent = [question.spending.get(key, float("nan")) for key in zip(found["period"], found["importer"], strict=True)]
    share = found["imports"] / pd.Series(spent, index=found.index, dtype=float)
    found["loss_of_access"] = found["cutoff_loss"] * share
    numbers = {name: found[name].to_numpy(float) for name in names}
    return complete.completed({**words_of, **numbers}, options)
