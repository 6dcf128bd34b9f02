"""`geoecon fit`: learn from coded disputes, score, compare two coders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

import geoecon as ge
from geoecon import tables
from geoecon.cli.options import Json, Seed, sampled, writes_file
from geoecon.cli.words import show
from geoecon.files import file_aside

fit = App(name="fit", help="Learn how disputes end from coded ones; without a file, from those that come along.")


@fit.command
def disputes(
    file: Path | None = None,
    *,
    draws: Annotated[int, Parameter(help="fits to campaigns drawn anew")] = 200,
    seed: Seed = 0,
    out: Annotated[Path | None, writes_file("CSV for the model; a case may name it as its own")] = None,
    json: Json = False,
) -> None:
    """Fit the hazards of disputes anew."""
    sampled(draws, seed)
    learned = ge.fit(file, draws=draws, seed=seed)
    if out is not None:
        with file_aside(out) as part:
            tables.to_csv(learned.to_frame(), part, float_format="%.5g")
    show(learned, json)


@fit.command
def scores(
    file: Path | None = None,
    *,
    seeds: int = 3,
    out: Annotated[Path | None, writes_file("the table as CSV")] = None,
    json: Json = False,
) -> None:
    """The table of scores on held-out disputes; `--out` writes it as a CSV."""
    found = ge.score_disputes(file, seeds=seeds)
    if out is not None:
        with file_aside(out) as part:
            tables.to_csv(found.to_frame(), part, float_format="%.5f")
    show(found, json)


@fit.command
def agreement(first: Path, second: Path, *, json: Json = False) -> None:
    """How far two coders of the same disputes agree."""
    show(ge.compare_coders(first, second), json)


@fit.command
def game(
    file: Path | None = None,
    *,
    rows: int = 200,
    thin: int = 25,
    seed: int = 0,
    out: Annotated[Path, writes_file("CSV of the rows")],
) -> None:
    """Parameters of the game of a dispute anew: rows of their joint posterior, as a CSV. Takes a quarter of an hour."""
    learned = ge.learn(file, size=rows, thin=thin, seed=seed)
    with file_aside(out) as part:
        tables.to_csv(learned.rows(), part, float_format="%.5g")
    print(learned.sentence())


@fit.command
def tracks(*, json: Json = False) -> None:
    """How well steps on the three tracks are told, on the dated steps of the built-in cases."""
    show(ge.score_tracks(), json)
