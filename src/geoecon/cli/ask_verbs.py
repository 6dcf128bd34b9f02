"""Verbs that begin with a question and not with a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

import geoecon as ge
from geoecon.cli.options import (
    AS_IT_IS,
    DrawCount,
    Json,
    Reading,
    Seed,
    Words,
    idle,
    sampled,
    writes_file,
    writes_folder,
)
from geoecon.errors import InputError

if TYPE_CHECKING:
    from typing import Any

ENOUGH = 20  # runs for a middle and the ends of a band


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
    reading: Reading = AS_IT_IS,
    save: Annotated[
        Path | None, writes_folder("write the case behind the answer into this new folder", new=True)
    ] = None,
    draws: Annotated[int, Parameter(name="--draws", help="samples of the uncertain parameters, from 20")] = 200,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """A question in words, or sender, target and product: what follows, whom it costs what, who gives way."""
    from geoecon.cli.words import show
    from geoecon.questions import save_case

    if draws < ENOUGH:
        allowed = f"{ENOUGH} or more: the central values alone are no middle, and cannot rank measures"
        raise InputError(f"--draws {draws}; allowed: {allowed}")
    words = three(question)
    options: dict[str, Any] = dict(measure=measure, cut=cut, duty=duty, patron=patron, start=start, days=days)
    options["flows"] = reading.of(flows)
    answer = ge.ask(*words, draws=draws, seed=seed, **options)
    if save is not None:
        save_case(answer, save)
    if json:
        show(answer, json)
        return
    from geoecon.cli.words import isolated
    from geoecon.views import asked

    print(isolated(asked(answer, saved=save is not None)), end="")
    if save is not None:
        print(f"Written: {save}; next: geoecon check {save}")


def exposure(
    target: Annotated[str | None, Parameter(help="the one who depends, by name or code; all if left out")] = None,
    *,
    all: Annotated[bool, Parameter(negative="", help="every sender, target and product")] = False,
    sender: Annotated[str | None, Parameter(help="the one who could stop")] = None,
    product: Annotated[str | None, Parameter(help="one product, by name or customs code")] = None,
    flows: Annotated[str, Parameter(help="a trade file of your own, or `sample` for the bundled trade")] = "sample",
    year: str | None = None,
    out: Annotated[Path | None, writes_file("write every row to this CSV or Parquet file", ".csv", ".parquet")] = None,
    map: Annotated[Path | None, writes_file("draw discs and the largest ties into this SVG file", ".svg")] = None,
    network: Annotated[
        Path | None, writes_file("write the ties between states to this CSV or Parquet file", ".csv", ".parquet")
    ] = None,
    reading: Reading = AS_IT_IS,
    json: Json = False,
) -> None:
    """The world at once: what would be lost and what came instead after such cut-offs, for every triple of a year."""
    from geoecon.cli.words import show
    from geoecon.errors import InputError
    from geoecon.indicators import write_table
    from geoecon.questions import write_map

    if not (all or target or sender or product):
        raise InputError("nothing is chosen; allowed: --all, a target, --sender or --product")
    if all and (target or sender or product):
        named = ", ".join(filter(None, (target, sender, product)))
        raise InputError(f"--all beside {named}; allowed: --all alone, or a target, --sender and --product")
    found = ge.exposure(reading.of(flows), year=year, sender=sender, target=target, product=product)
    if out is not None:
        write_table(found.table, out, found.caveats())
    if network is not None:
        write_table(found.network()[1], network, found.caveats())
    if map is not None:
        write_map(found, map)
    show(found, json)
    for place in () if json else filter(None, (out, network, map)):
        print(f"Written: {place}")


def levers(
    sender: str,
    *,
    target: Annotated[str | None, Parameter(help="the one to be hit; everybody if left out")] = None,
    flows: Annotated[str, Parameter(help="a trade file of your own, or `sample` for the bundled trade")] = "sample",
    year: str | None = None,
    reading: Reading = AS_IT_IS,
    json: Json = False,
) -> None:
    """What each lever costs the target and the sender, whom it hits besides, what an ally adds."""
    from geoecon.cli.words import show

    show(ge.levers(sender, target, flows=reading.of(flows), year=year), json)


def hedge(
    *question: str,
    chance: Annotated[float, Parameter(help="wanted chance that no more is lost, between 0 and 1")] = 0.9,
    bound: Annotated[float, Parameter(help="days of the users' output that may be lost")] = 1.0,
    start: Annotated[str | None, Parameter(name="--from", help="first day, YYYY-MM-DD; today if left out")] = None,
    flows: Annotated[Path | None, Parameter(help="a trade file of your own")] = None,
    reading: Reading = AS_IT_IS,
    draws: DrawCount = 100,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """The cheapest mix of stock, second source and substitute for a wanted chance of losing no more than a bound."""
    from geoecon.cli.words import show

    sampled(draws, seed)
    words = three(question)
    own = reading.of(flows)
    show(ge.hedge(*words, chance=chance, bound=bound, start=start, flows=own, draws=draws, seed=seed), json)


data = App(name="data", help="What data there are, how old they are, what each stage uses; files of your own.")


@data.default
def held(*, json: Json = False) -> None:
    """What data there are, how old they are, and what each stage uses."""
    from geoecon.cli.words import show

    show(ge.data(), json)


@data.command
def add(
    file: Annotated[Path, Parameter(help="a table of trade: BACI, Comtrade, or tidy columns")],
    *,
    reading: Reading = AS_IT_IS,
) -> None:
    """Remembers a trade file of your own; nothing is copied."""
    from geoecon.cli.words import terminal
    from geoecon.questions import library

    one = library.add(file, **reading.given)
    print("\n".join([f"Remembered: {one.path} ({one.holds})", *(terminal(f"Note: {note}") for note in one.notes)]))


@data.command
def update(
    file: Annotated[
        Path,
        Parameter(help="trade, pacts, capabilities, UN votes, incomes, a world table, or with --day a party list"),
    ],
    *,
    day: Annotated[str | None, Parameter(help="the day a party list is of, YYYY-MM-DD")] = None,
    list: Annotated[
        str | None, Parameter(name="--list", help="the party list, where the file does not name it")
    ] = None,
    reading: Reading = AS_IT_IS,
    json: Json = False,
) -> None:
    """A new year of trade, pacts, capabilities, votes and ideal points in the United Nations, incomes (World Bank) or
    the world table, which goes on from what ships, or a party list; then all that is watched is asked again, and what
    changed is said."""
    from geoecon.cli.words import show, terminal
    from geoecon.errors import InputError
    from geoecon.questions import library

    if day is not None:
        from geoecon.cli.options import a_day

        idle("beside --day: a party list is no table of trade", **dict.fromkeys({*reading.given} - {"encoding"}, True))
        read = ge.read_parties(file, a_day("--day", day), list, encoding=reading.encoding)
        told = ge.update_parties(read).sentence()
    else:
        idle("without --day", list=list is not None)
        try:
            one = library.update(file, **reading.given)
        except InputError as error:
            raise InputError([*error.faults, "a party list is updated with --day"]) from None
        told = "\n".join([f"Remembered: {one.path} ({one.holds})", *(f"Note: {note}" for note in one.notes)])
    if not json:
        print(terminal(told))
    show(ge.watch(), json)


def watch(
    *,
    question: Annotated[str | None, Parameter(help="a question to ask again from now on")] = None,
    licence: Annotated[str | None, Parameter(help="exporter, destination and item: JPN,KOR,photoresist")] = None,
    parts: Annotated[Path | None, Parameter(help="a bill of materials, with --start and --stopped")] = None,
    start: Annotated[str | None, Parameter(help="the day on which suppliers stop")] = None,
    stopped: Annotated[Words, Parameter(help="supplier=share that still comes; repeat it")] = None,
    columns: Annotated[Words, Parameter(negative="", help="of --parts: our name=its heading; repeat it")] = None,
    decimal: Annotated[str | None, Parameter(help="of --parts: . or , or .,")] = None,
    encoding: Annotated[str | None, Parameter(help="of --parts, such as cp932")] = None,
    sheet: Annotated[str | None, Parameter(help="of --parts, a workbook")] = None,
    name: Annotated[str | None, Parameter(help="what it is called in the list")] = None,
    json: Json = False,
) -> None:
    """Asks everything that is watched again and says what changed; with an option, begins to watch one thing more."""
    from geoecon.cli.options import pairs, shares
    from geoecon.cli.words import show
    from geoecon.errors import InputError
    from geoecon.questions import add_watch

    things = {"--question": question, "--licence": licence, "--parts": parts}
    named = [option for option, value in things.items() if value is not None]
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} at once; allowed: one thing to watch at a time")
    how = {"columns": pairs("--columns", columns) or None, "decimal": decimal, "encoding": encoding, "sheet": sheet}
    given = {"start": start, "stopped": stopped, **how}
    idle("without --parts", **{option: bool(one) and parts is None for option, one in given.items()})
    idle("without --question, --licence or --parts", name=name is not None and not named)
    if question is not None:
        made = add_watch("question", name or question, question=question)
    elif licence is not None:
        said = [part.strip() for part in licence.split(",")]
        if len(said) != 3:
            raise InputError(f"--licence {licence!r}; allowed: exporter, destination and item with commas between")
        made = add_watch("licence", name or licence, exporter=said[0], destination=said[1], item=said[2])
    elif parts is not None:
        made = add_watch(
            "parts", name or parts.name, bill=str(parts.resolve()), start=start, stopped=shares("--stopped", stopped),
            **how,
        )  # fmt: skip
    else:
        show(ge.watch(), json)
        return
    print(f"Watched: {made.name}; {made.found.get('message') or made.found}")


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
