"""Verbs that begin with a question and not with a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import geoecon as ge
from geoecon.cli.options import DrawCount, Json, Seed


def ask(
    *question: str,
    measure: Annotated[
        str | None, Parameter(help="ban, licence, quota, export-tax, tariff, import-ban, boycott")
    ] = None,
    cut: Annotated[float | None, Parameter(help="share of the flow that is withheld, above 0 and up to 1")] = None,
    duty: Annotated[float | None, Parameter(help="rate of a tariff or export tax, 0.25 for 25 %")] = None,
    patron: Annotated[
        str | None, Parameter(help="the state behind both; found in the pact records if left out")
    ] = None,
    start: Annotated[str | None, Parameter(name="--from", help="first day, YYYY-MM-DD; today if left out")] = None,
    days: Annotated[float | None, Parameter(help="how long; unknown if left out")] = None,
    flows: Annotated[Path | None, Parameter(help="a trade file of your own, such as a year of BACI")] = None,
    save: Annotated[Path | None, Parameter(help="write the case behind the answer into this new folder")] = None,
    draws: DrawCount = 200,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """A question in words, or sender, target and product: what follows, whom it costs what, who gives way."""
    from geoecon.cli.words import show
    from geoecon.questions import save_case

    words = three(question)
    options = dict(measure=measure, cut=cut, duty=duty, patron=patron, start=start, days=days, flows=flows)
    answer = ge.ask(*words, draws=draws, seed=seed, **options)
    if save is not None:
        save_case(answer, save)
    if json:
        show(answer, json)
        return
    from geoecon.cli.words import told

    told(answer.page())
    if save is not None:
        print(f"Written: {save}; next: geoecon check {save}")


def three(words: tuple[str, ...]) -> tuple[str, ...]:
    """Sender, target and product where the words are just these, else one question."""
    from geoecon import lexicon
    from geoecon.errors import InputError

    if not words:
        raise InputError('a question is missing; allowed: geoecon ask "China stops graphite to Korea"')
    if len(words) >= 3:
        try:
            lexicon.place(words[0])
            lexicon.place(words[1])
        except InputError:
            return (" ".join(words),)
        return words[0], words[1], " ".join(words[2:])
    return (" ".join(words),)
