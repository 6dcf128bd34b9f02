"""What a figure of an answer rests on: data on the pair, an estimate in its place, precedents, or general priors."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from geoecon import production
from geoecon.case import default_parameters
from geoecon.figure import Figure, cite, own_sources
from geoecon.questions.assumed import ESTIMATE, PAIR, PRIOR, RECORD

OWN_PRIORS = ("uses-prior", "uses-spread", "ask-suppliers", "ask-sector", "ask-review", "ask-travel", "gdp2022")
RECORDS = ("episodes", "hazards")  # rooms whose sources are records of what happened


def rests_on(figure: Figure, basis: str) -> str:
    """The kinds of its sources; `basis` is that of the trade rows."""
    kinds = []
    if figure.sources & pair_sources():
        kinds.append(PAIR if basis == "rows" else ESTIMATE)
    if figure.sources & record_sources():
        kinds.append(RECORD)
    if figure.sources & prior_sources():
        kinds.append(PRIOR)
    return " + ".join(kinds) or "records"


def pair_sources() -> frozenset[str]:
    return frozenset({cite("ask-baci"), cite("world2022"), *production.world().sources})


@cache
def record_sources() -> frozenset[str]:
    """Citations of records of what happened: cut-offs and disputes."""
    found = set()
    for room in RECORDS:
        table = files("geoecon") / room / "sources.csv"
        if table.is_file():
            found |= set(pd.read_csv(str(table))["citation"])
    return frozenset(found | {row["citation"] for key, row in own_sources().items() if key == "barg_estimate"})


@cache
def prior_sources() -> frozenset[str]:
    """Citations of general priors and of tables made from judgement."""
    return frozenset({p.source for p in default_parameters().values()} | {cite(key) for key in OWN_PRIORS}) - (
        record_sources()
    )
