"""Verbs about the law: one licence, many shipments, party lists, what changed."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

import geoecon as ge
from geoecon.cli.options import Json, Words, a_day, idle, pairs, writes_file
from geoecon.cli.words import show, show_rows
from geoecon.errors import InputError

Regimes = Annotated[
    list[Path] | None,
    Parameter(name="--regimes", negative="", help="a folder of regime tables of your own; repeat it"),
]
Encoding = Annotated[str | None, Parameter(help="of a text file, such as cp932")]


def licence(
    case: str | None = None,
    *,
    sender: Annotated[str, Parameter(name="--from", help="exporting state, by name or code")],
    to: Annotated[str, Parameter(help="importing state, by name or code")],
    item: Annotated[str, Parameter(help="item by name, list number, customs code or trade name")],
    on: Annotated[str | None, Parameter(help="day of the shipment, YYYY-MM-DD; today if not given")] = None,
    history: Annotated[bool, Parameter(negative="", help="the states over time instead of one day")] = False,
    fact: Annotated[Words, Parameter(help="a fact about the shipment as key=value, such as end_use=military")] = None,
    party: Annotated[Words, Parameter(negative="", help="name of a buyer or user; repeat it")] = None,
    memo: Annotated[bool, Parameter(negative="", help="the answer as a memo")] = False,
    strict: Annotated[bool, Parameter(negative="", help="an unknown or presumed answer is an error")] = False,
    regimes: Regimes = None,
    json: Json = False,
) -> None:
    """The licence that a shipment needs on a day. Not legal advice."""
    from datetime import date

    facts = pairs("--fact", fact)
    if party and not all(name.strip() for name in party):
        raise InputError("--party is empty; allowed: the name of a buyer or user, or no --party")
    if party:
        facts["party"] = "; ".join(filter(None, [*party, facts.get("party")]))
    code, mine = _of_case(case, item) if case else (item, [])
    known = ge.own_regimes([*mine, *(regimes or ())]) if mine or regimes else None
    if history:
        idle("beside --history", memo=memo, strict=strict, on=on is not None)
        show(ge.licence_history(known, exporter=sender, destination=to, item=code, facts=facts), json)
        return
    if json:
        idle("beside --json, which holds the memo", memo=memo)
    day = date.today() if on is None else on
    card = ge.licence_card(sender, to, code, day, facts, known)
    if strict and not card.answer.known:
        raise InputError(card.answer.sentence() + " Allowed under strict: a day and facts that the tables cover")
    if json:
        from geoecon.cli.licence_words import as_json

        print(as_json(card))
    elif memo:
        print(card.memo)
    else:
        from geoecon.cli.licence_words import lines

        print("\n".join(lines(card)))


def _of_case(case: str, item: str) -> tuple[str, list[Path]]:
    """(the item as the case calls it, the case's own regimes). Of a case that ships with the package, and was checked
    with it, the head alone is read: its tables of trade would cost more than the answer."""
    head = files("geoecon") / "cases" / case / "case.toml" if re.fullmatch(r"[\w-]+", case) else None
    if head is not None and head.is_file():
        products = tomllib.loads(head.read_text(encoding="utf-8"))["products"]
        named = {name.casefold(): row.get("item") for row in products for name in (row["name"], row["id"])}
        return named.get(item.casefold()) or item, []
    found = ge.load_case(case)
    mine = found.folder / "regimes"
    return found.item(item), [mine] if mine.is_dir() else []


def screen(
    shipments: Path,
    *,
    sender: Annotated[str | None, Parameter(name="--from", help="exporting state of every line")] = None,
    to: Annotated[str | None, Parameter(help="importing state of every line")] = None,
    on: Annotated[str | None, Parameter(help="day of every line, YYYY-MM-DD")] = None,
    out: Annotated[Path | None, writes_file("write the answers here: .xlsx with colours, .csv or .parquet")] = None,
    strict: Annotated[bool, Parameter(negative="", help="an unknown or presumed answer is an error")] = False,
    columns: Annotated[Words, Parameter(negative="", help="our name=the file's heading; repeat it")] = None,
    encoding: Encoding = None,
    sheet: Annotated[str | None, Parameter(help="of a workbook")] = None,
    ignore: Annotated[Words, Parameter(negative="", help="a heading that changes nothing; repeat it")] = None,
    regimes: Regimes = None,
    json: Json = False,
) -> None:
    """The licence of every shipment or part of a file (CSV, Excel, Parquet, JSON: from, to, item, date and facts)."""
    known = ge.own_regimes(regimes) if regimes else None
    found = ge.screen(shipments, exporter=sender, destination=to, on=on, regimes=known, out=out, strict=strict,
                      columns=pairs("--columns", columns), encoding=encoding, sheet=sheet,
                      ignore=ignore or ())  # fmt: skip
    show(found, json)
    if not json:
        rows, more = found.telling()
        show_rows(rows, more, "Shipments that need something, or of which it is not known")


parties = App(name="parties", help="Party lists of this machine: load a published file, compare two days.")
law = App(name="law", help="What changed in the law, and what is to come.")


@parties.command
def update(
    file: Path,
    *,
    day: Annotated[str, Parameter(help="the day the file is of, YYYY-MM-DD")],
    list: Annotated[str | None, Parameter(name="--list", help="the list, where the file does not name it")] = None,
    whole: Annotated[
        bool, Parameter(negative="", help="a plain table is all of its list: who is not in it is not listed")
    ] = False,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """Loads a published list (US consolidated list, EU, UK, Japan, China, or a plain table of names that are added)
    for later answers."""
    show(
        ge.update_parties(ge.read_parties(file, a_day("--day", day), list, whole=whole or None, encoding=encoding)),
        json,
    )


@parties.command(name="diff")
def parties_diff(
    older: Path,
    newer: Path,
    *,
    days: Annotated[tuple[str, str], Parameter(help="the days the two files are of, YYYY-MM-DD")],
    list: Annotated[str | None, Parameter(name="--list", help="the list, where the files do not name it")] = None,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """What changed between two days of a list; a source that vanished is missing, not a delisting."""
    if a_day("--days", days[0]) >= a_day("--days", days[1]):
        raise InputError(f"--days {' '.join(days)}; allowed: the day of the older file, then that of the newer")
    dated = zip((older, newer), (a_day("--days", day) for day in days), strict=True)
    first, second = (ge.read_parties(file, day, list, encoding=encoding) for file, day in dated)
    show(ge.compare_parties(first, second), json)


@law.command(name="diff")
def law_diff(
    first: Annotated[str, Parameter(help="a day as YYYY-MM-DD, a built-in regime, or a folder of tables")],
    second: str,
    *,
    shipments: Annotated[Path | None, Parameter(help="shipments, to show those whose answer changes")] = None,
    ignore: Annotated[Words, Parameter(negative="", help="a heading of it that changes nothing; repeat it")] = None,
    columns: Annotated[Words, Parameter(negative="", help="our name=its heading; repeat it")] = None,
    encoding: Encoding = None,
    sheet: Annotated[str | None, Parameter(help="of a workbook of shipments")] = None,
    regimes: Regimes = None,
    json: Json = False,
) -> None:
    """What changed between two days, or between two versions of the tables, and which shipments it touches."""
    given = {"ignore": ignore, "columns": columns, "encoding": encoding, "sheet": sheet}
    idle("without --shipments", **{name: bool(one) and shipments is None for name, one in given.items()})
    known = ge.own_regimes(regimes) if regimes else None
    how = {"columns": pairs("--columns", columns), "encoding": encoding, "sheet": sheet}
    show(ge.law_diff(first, second, regimes=known, shipments=shipments, ignore=ignore or (), **how), json)


@law.command
def watch(*, json: Json = False) -> None:
    """Dated changes that are to come or that nobody has read yet."""
    show(ge.law_watch(), json)


@law.command
def plain(
    *, on: Annotated[str | None, Parameter(help="day, YYYY-MM-DD; today if not given")] = None, json: Json = False
) -> None:
    """Fourteen plain questions by places and goods alone: how far the tables answer on a day."""
    show(ge.plain_questions(on), json)
