"""Reads and checks a case folder; every fault of every file comes in one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geoecon import dates, tables
from geoecon.case.columns import FILES, FILLED, LATER, REQUIRED
from geoecon.case.parcel import unpacked
from geoecon.case.parts import Product, State
from geoecon.case.record import Case
from geoecon.case.rules import between_rows
from geoecon.case.scenario import chosen
from geoecon.case.settings import read_settings, settings_of
from geoecon.case.twice import contradicted, twice
from geoecon.case.unread import unread_files, unread_keys, unread_names
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd


LOADED = "the name of a built-in case, a case folder, a packed case (.zip), or a Case that was loaded"


def cases() -> tuple[str, ...]:
    """Names of the cases that ship inside the package."""
    root = files("geoecon") / "cases"
    return tuple(sorted(entry.name for entry in root.iterdir() if (entry / "case.toml").is_file()))


def load_case(name: str | Path | Case) -> Case:
    """A built-in case by name, or any case folder or packed case by path; a Case as it is.

    Raises InputError with every fault found.
    """
    if isinstance(name, Case):
        return name
    if not isinstance(name, str | Path):
        raise InputError(f"a case of the type {type(name).__name__}; allowed: {LOADED}")
    if isinstance(name, str) and name in cases():
        with as_file(files("geoecon") / "cases" / name) as folder:
            return read_case(folder)
    folder = Path(name)
    if folder.is_file() and folder.suffix == ".zip":
        return read_case(unpacked(folder))
    if not folder.is_dir():
        raise InputError(
            f"no case {str(name)!r}; allowed: a folder with a case.toml, a packed case (.zip), or " + ", ".join(cases())
        )
    return read_case(folder)


def read_case(folder: Path) -> Case:
    """Reads and checks a case folder; every fault of every file comes in one InputError."""
    rules = {name: known for name, known in {**FILES, **LATER}.items() if (folder / name).is_file()}
    present = [name for name in FILES if name in REQUIRED or name in rules]
    readers = {name: partial(tables.examine_table, folder / name) for name in present}
    looked_at: list[str] = []
    try:
        settings, faults = read_settings(folder / "case.toml")
        looked_at += FILES
        return _made(folder, settings, [*faults, *unread_files(folder)], readers)
    except InputError as error:  # all faults of all files at once
        rest = [name for name in rules if name not in looked_at] if (folder / "case.toml").is_file() else []
        raise InputError([*error.faults, *(one for name in rest for one in _cells(folder / name, name))]) from None


def _cells(path: Path, name: str) -> list[str | Fault]:
    """Faults in the cells of a file of which nothing else is looked at."""
    try:
        table, faults = tables.examine_table(path, FILES.get(name) or LATER[name], name)
    except InputError as error:
        return list(error.faults)
    return [*faults, *(contradicted(table, name) if table is not None else ())]


def case_of_texts(texts: Mapping[str, str], name: str) -> Case:
    """The case that a folder with these files would be, checked by the same rules; nothing is written.

    Its `folder` has the name and holds no file. Raises InputError with every fault.
    """
    settings, faults = settings_of(texts.get("case.toml", ""))
    present = [file for file in FILES if file in REQUIRED or file in texts]
    made = _made(Path(name), settings, faults, {file: partial(tables.examine_text, texts[file]) for file in present})
    return replace(made, texts=MappingProxyType(dict(texts)))


def _made(
    folder: Path, settings: Mapping[str, Any], faults: list[str | Fault], readers: Mapping[str, Callable[..., Any]]
) -> Case:
    """The case of checked settings and of tables that `readers` read by their rules."""
    found, unread = _examined(readers)
    faults.extend(unread)
    if "sources" in found:
        faults.extend(_join_sources(found))
        faults.extend(_later_sources(found))
    faults.extend(between_rows(found, _declared(settings), settings))
    faults.extend((*unread_keys(settings), *unread_names(found)))
    if "source" in found.get("parameters", ()):
        faults.extend(_assumptions(settings, tables.records(found["parameters"])))
    if faults:
        raise InputError(sorted(faults, key=_place))
    case = settings["case"]
    return Case(
        id=case["id"],
        title=case["title"],
        question=case.get("question", ""),
        folder=folder,
        start=date.fromisoformat(str(case["start"])),
        end=date.fromisoformat(str(case["end"])),
        cutoffs=tuple(sorted(date.fromisoformat(str(day)) for day in case["cutoffs"])),
        states=tuple(State(row["code"], row["name"], row["role"], bool(row.get("lead"))) for row in settings["states"]),
        products=tuple(_product(row) for row in settings["products"]),
        horizon_days=int(settings["horizon"]["disruption_days"]),
        horizon_months=int(settings["horizon"]["bargaining_months"]),
        settings=MappingProxyType(settings),
        tables=MappingProxyType(found),
    )


def _examined(readers: Mapping[str, Callable[..., Any]]) -> tuple[dict[str, pd.DataFrame], list[Fault | str]]:
    """The tables and the faults of their cells; rows with a fault stay out, the checks of rows see sound ones."""
    found: dict[str, pd.DataFrame] = {}
    faults: list[Fault | str] = []
    empty: list[Fault] = []
    for name, read in readers.items():
        try:
            table, wrong = read(FILES[name], name)
        except InputError as error:
            faults.extend(error.faults)
            continue
        faults.extend(wrong)
        if table is not None and not len(table) and not wrong and name in FILLED:
            empty.append(Fault(name, 1, None, "a header and no rows", "at least one row below the header"))
        if table is not None:
            faults.extend(twice(table, name))
            broken = {fault.row for fault in wrong} if name != "sources.csv" else ()  # its ids are known nevertheless
            sound = table[~table["line"].isin(list(broken))] if broken else table
            if name != "series.csv":  # two readings of one statistic may stand there; of a price, see `markets`
                faults.extend(contradicted(sound, name))
            found[name.removesuffix(".csv")] = sound
    if len(empty) < len(FILLED):  # all of them empty: the template of a new case, not yet filled
        faults.extend(empty)
    return found, faults


def _place(fault: str | Fault) -> tuple[int, int]:
    """Order of faults: file by file, line by line."""
    if isinstance(fault, str) or fault.file not in FILES:
        return -1, 0
    return list(FILES).index(fault.file), fault.row or 0


def _assumptions(settings: Mapping[str, Any], parameters: list[dict[str, Any]]) -> list[Fault]:
    """[scenario], whose keys and values are those of a scenario, and the rows of [[what_if]] with label and changes."""

    def refused(changes: Mapping[str, Any], where: str) -> list[Fault]:
        return [Fault("case.toml", None, where, *_said(one)) for one in chosen(settings, parameters, changes)[1]]

    held = settings.get("scenario", {})
    faults = refused(held, "scenario") if isinstance(held, Mapping) else []
    for number, row in enumerate(settings.get("what_if", ()), 1):
        where = f"what_if {number}"
        known = isinstance(row, Mapping) and isinstance(row.get("label"), str) and isinstance(row.get("changes"), dict)
        if not known or set(row) != {"label", "changes"} or not row["changes"]:
            allowed = "label = a name for people, changes = { a scenario key = its value }"
            faults.append(Fault("case.toml", None, where, repr(row)[:60], allowed))
            continue
        faults += refused(row["changes"], where)
    return faults


def _said(fault: str) -> tuple[str, str]:
    found, _, allowed = fault.partition("; allowed: ")
    return found, allowed


def _product(row: Mapping[str, Any]) -> Product:
    return Product(
        row["id"],
        row["name"],
        tuple(row.get("hs", ())),
        row.get("item"),
        tuple((region, sector) for region, sector in row.get("users", ())),
        tuple((region, sector) for region, sector in row.get("makers", ())),
        tuple(row.get("also", ())),
        tuple(row.get("prices", ())),
    )


def _declared(settings: Mapping[str, Any]) -> set[str]:
    """Codes that the case explains itself: its states and those of [codes]."""
    states = [row for row in settings["states"] if isinstance(row, Mapping)]
    return {str(row.get("code")) for row in states} | set(settings.get("codes", {}))


def _join_sources(found: dict[str, pd.DataFrame]) -> list[Fault]:
    """Puts the citation into column `source` of every sourced table; names ids that no source row has."""
    citations = dict(zip(found["sources"]["source_id"], found["sources"]["citation"], strict=True))
    faults = []
    for name, table in found.items():
        if name == "sources" or "source_id" not in table:
            continue
        unknown = table[~table["source_id"].isin(list(citations))]
        for line, source_id in zip(unknown["line"], unknown["source_id"], strict=True):
            faults.append(Fault(f"{name}.csv", line, "source_id", repr(source_id), "an id of sources.csv"))
        table["source"] = table["source_id"].map(citations)
    return faults


def _later_sources(found: dict[str, pd.DataFrame]) -> list[Fault]:
    """Priors dated before the source that they rest on came out: a blind forecast would see the future."""
    if "parameters" not in found or "published" not in found["sources"]:
        return []
    published = {
        row["source_id"]: row["published"]
        for row in tables.records(found["sources"])
        if isinstance(row["published"], str)
    }
    faults = []
    for row in tables.records(found["parameters"]):
        came = published.get(row["source_id"])
        old = row.get("data_of")
        if isinstance(old, str) and dates.last_day(old) <= dates.last_day(row["as_of"]):
            continue  # statistics of that time, printed again later
        if came and dates.last_day(row["as_of"]) < dates.first_day(came):
            says = f"{row['name']}: {row['as_of']}, before {row['source_id']}"
            faults.append(Fault("parameters.csv", row["line"], "as_of", says, f"a date from {came}"))
    return faults
