"""The table of shipments: every column turned into codes of its few distinct values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.law import amounts, headings, party_hits, vocabulary
from geoecon.law.places import elsewhere, not_entered, place_of, reading, region_of
from geoecon.law.regime import Regime
from geoecon.law.shipment_days import Codes

COLUMNS = {
    "exporter": ("exporter", "from"),
    "destination": ("destination", "to"),
    "item": ("item", "hs"),
    "date": ("date", "on"),
}
Key = tuple[Codes, list[Any]]  # (code of each shipment, what each code stands for)


def plain_heading(column: Hashable) -> str:
    """A heading as it is looked up: the usual words for what every table must say (`headings.csv`) stand for our
    names."""
    text = " ".join(str(column).strip().casefold().replace("_", " ").replace("-", " ").split())
    return headings.of_columns().get(text, text)


def by_heading(table: pd.DataFrame) -> dict[str, str]:
    """The table's columns by what they say; of several that say the same that with our own name, else the first."""
    words = {name for wanted in COLUMNS.values() for name in wanted}
    found = {plain_heading(column): str(column) for column in reversed(table.columns)}
    return found | {name: str(column) for column in table.columns if (name := str(column).strip().casefold()) in words}


def columns(table: pd.DataFrame) -> dict[str, str]:
    """The table's own name of each column that is needed; case does not count. Raises InputError for one that is
    missing, and for a thing that two columns say."""
    folded = by_heading(table)
    found = {name: next((folded[other] for other in wanted if other in folded), "") for name, wanted in COLUMNS.items()}
    missing = [wanted for name, wanted in COLUMNS.items() if not found[name]]
    faults = [
        Fault("shipments", 1, " or ".join(wanted), "column is missing", f"one of these names{_once(wanted)}")
        for wanted in missing
    ]
    faults += [
        Fault("shipments", 1, " and ".join(wanted), "the same is said by two columns", "one of the two")
        for name, wanted in COLUMNS.items() if name != "item" and set(wanted) <= folded.keys()
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return found


def _once(wanted: tuple[str, ...]) -> str:
    """How to say for all lines at once what no column says."""
    option = {"exporter": "exporter", "destination": "destination", "date": "on"}.get(wanted[0])
    return f", or {option}= for every line (--{wanted[1] if option != 'on' else 'on'} in a terminal)" if option else ""


def given_once(table: pd.DataFrame, given: Mapping[str, str | None]) -> pd.DataFrame:
    """The table with what was said once for every line: exporter, destination, date. Raises InputError where a column
    says it too."""
    folded = {plain_heading(column) for column in table.columns}
    twice = [name for name, value in given.items() if value is not None and folded & set(COLUMNS[name])]
    if twice:
        raise InputError([
            Fault("shipments", 1, name, "a column, and said for every line too", "one of the two") for name in twice
        ])  # fmt: skip
    return table.assign(**{name: value for name, value in given.items() if value is not None})


def factorised(column: pd.Series[Any]) -> Key:
    codes, uniques = pd.factorize(column, use_na_sentinel=True)
    truth = {True: "yes", False: "no"}
    values: list[Any] = [
        truth[bool(value)] if isinstance(value, bool | np.bool_) else str(value).strip() for value in uniques
    ]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(values), codes)
        values.append("")
    return np.asarray(codes, np.int64), values


def _line(codes: Codes, position: int) -> int:
    return int(np.argmax(codes == position)) + 2


def places(keys: dict[str, Key], own: Mapping[str, str], faults: list[str | Fault]) -> None:
    """Codes of the places, which may be given by name; what is none goes to `faults`."""
    for name in ("exporter", "destination"):
        codes, values = keys[name]
        parts = [region_of(value) for value in values]
        if name == "destination" and any(parts):  # Crimea: the state, and which part of it
            keys["region"] = codes, [part or None for part in parts]
        for position, apart in enumerate(map(not_entered, parts) if name == "exporter" else ()):
            told = f"another place: {apart} was not entered"
            faults += [Fault("shipments", _line(codes, position), own[name], repr(values[position]), told)] * bool(
                apart
            )
        found = []
        for position, value in enumerate(values):
            try:
                found.append(place_of(value))
            except InputError as error:
                told = str(error).partition("allowed: ")[2] or "the code or name of a country"
                faults.append(Fault("shipments", _line(codes, position), own[name], repr(value), told))
                found.append(value)
        keys[name] = codes, found


def readings(table: pd.DataFrame, own: Mapping[str, str]) -> tuple[str, ...]:
    """For which of several states the names of the table were taken."""
    names_of = {str(name) for side in ("exporter", "destination") for name in table[own[side]].dropna().unique()}
    return tuple(filter(None, map(reading, sorted(names_of))))


def regions(keys: Mapping[str, Key], faults: list[str | Fault]) -> None:
    """A part of a country beside a destination that it is no part of goes to `faults`."""
    facts = [name for name in ("region", "occupied_region") if name in keys]
    pairs = np.stack([keys[name][0] for name in ("destination", *facts)], axis=1)
    for pair, line in zip(*np.unique(pairs, axis=0, return_index=True), strict=True) if facts and len(pairs) else ():
        place, *said = (keys[name][1][code] for name, code in zip(("destination", *facts), pair, strict=True))
        wrong = elsewhere(dict(zip(facts, said, strict=True)), place)
        if wrong:
            allowed = "the destination of which it is a part"
            faults.append(Fault("shipments", int(line) + 2, "region and destination", wrong, allowed))


def column_of(table: pd.DataFrame, said: Mapping[str, str], fact: str) -> pd.Series[Any]:
    """The column of a fact; of parties that several columns name (consignee, end user) all names, apart by ;"""
    own = [name for name, told in said.items() if told == fact]
    if len(own) == 1:
        return table[own[0]]
    rows = table[own].fillna("").astype(str).itertuples(index=False)
    names_of = ("; ".join(dict.fromkeys(one for one in row if one.strip())) for row in rows)
    return pd.Series(list(names_of), index=table.index, name=" and ".join(own), dtype=object)


def fact(
    column: pd.Series[Any], name: str, regimes: Mapping[str, Regime], binding: Mapping[str, Regime],
    faults: list[str | Fault],
) -> Key:  # fmt: skip
    """A fact; amounts are grouped by the limits that some rule asks, so that few kinds of shipment remain."""
    limits = amounts.limits(name, regimes.values())
    codes, values = factorised(column)
    if name == "party":  # any text is a name
        return _parties(codes, [str(value).strip() or None if value else None for value in values], binding)
    read: list[Any] = []
    for position, value in enumerate(values):
        try:
            read.append(vocabulary.one(name, value, regimes.values()) if value else None)
        except InputError as error:
            told = str(error).partition("allowed: ")[2]
            faults.append(Fault("shipments", _line(codes, position), str(column.name), repr(value), told))
            read.append(None)
    if not limits:
        return codes, read
    numbers = pd.to_numeric(pd.Series(read, dtype=object), errors="coerce").to_numpy(float)
    grid = np.array(sorted(limits))  # classes: below, at, between, at, above the limits
    classes = np.searchsorted(grid, numbers, "left") + np.searchsorted(grid, numbers, "right")
    classes = np.where(np.isnan(numbers), 2 * len(grid) + 1, classes)
    return classes.astype(np.int64)[codes], [*amounts.between(limits), None]


def _parties(codes: Codes, values: list[Any], regimes: Mapping[str, Regime]) -> Key:
    """Names that no list carries and that are written alike are one kind of shipment, and so are spellings of one."""
    party_hits.look_up(list(regimes.values()), (value for value in values if value is not None))
    apart = [None if value is None else party_hits.told_apart(regimes.values(), value) for value in values]
    first = dict(zip(reversed(apart), reversed(values), strict=True))
    numbers = {key: number for number, key in enumerate(first)}
    return np.array([numbers[key] for key in apart], np.int64)[codes], list(first.values())


def parties_of(party: Key, exporter: Key, binding: Callable[[str], Sequence[Regime]]) -> Key:
    """The parties as the regimes of each exporter tell them apart: a name that is on no list of theirs, though on
    another's, is one of the many that are on none."""
    (codes, values), (where, exporters) = party, exporter
    kinds: dict[Any, int] = {}
    table = np.empty((len(exporters), len(values)), np.int64)
    stands: list[Any] = []
    for at, place in enumerate(exporters):
        bound = binding(place)
        ids = tuple(regime.id for regime in bound)
        for number, value in enumerate(values):
            key = None if value is None else (ids, party_hits.told_apart(bound, value))
            if key not in kinds:
                kinds[key] = len(stands)
                stands.append(value)
            table[at, number] = kinds[key]
    return table[where, codes], stands


def unasked(
    keys: Mapping[str, Key], facts: Sequence[str], binding: Callable[[str], Sequence[Regime]], tested: Iterable[str]
) -> tuple[str, ...]:  # fmt: skip
    """What to say of facts that no rule of a row's own regimes asks, though one of another's does."""
    where, exporters = keys["exporter"]
    found = []
    for name in (name for name in facts if name in tested):
        codes, values = keys[name]
        strange = [at for at, place in enumerate(exporters) if name not in vocabulary.tested(binding(place))]
        rows = np.isin(where, strange)
        count = int((rows & np.array([value is not None for value in values], bool)[codes]).sum())
        ids = ", ".join(sorted({regime.id for at in strange for regime in binding(exporters[at])}))
        if count and ids:
            found.append(f"{name} is asked by no rule of {ids}: not used in {count} of {len(where)} rows")
    return tuple(found)


def items(table: pd.DataFrame) -> dict[str, Key]:
    """Items and customs codes, as far as the table has them."""
    folded = by_heading(table)
    nothing: Key = np.zeros(len(table), np.int64), [""]
    return {"item": factorised(table[folded["item"]]) if "item" in folded else nothing,
            **({"hs": factorised(table[folded["hs"]])} if "hs" in folded else {})}  # fmt: skip
