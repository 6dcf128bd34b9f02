"""Many shipments at once: one licence history for each kind of shipment, and an interval join over the days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoecon.errors import Fault, InputError
from geoecon.law import asked_facts, headings, items, names, screened_file, shipment_days, shipment_table, vocabulary
from geoecon.law.abroad import ABROAD
from geoecon.law.answer import Licence
from geoecon.law.decision import between
from geoecon.law.listed_buyers import Asked, Buyers, named
from geoecon.law.read_regimes import load_regimes, regimes_of
from geoecon.law.read_tables import no_collection
from geoecon.law.regime import Regime
from geoecon.law.schema import UNKNOWN
from geoecon.law.screening import Screening
from geoecon.law.shipment_days import Codes
from geoecon.law.shipment_files import line_of, read_shipments, told_place
from geoecon.law.shipment_steps import Goods, goods, steps_of, with_told
from geoecon.law.shipment_table import Key

EPOCH = date(1970, 1, 1)
FIRST, LAST = ((day - EPOCH).days for day in (date.min, date.max))
WIDTH = LAST - FIRST + 1
HERS = ("party", "destination")  # what differs between shipments that ask the same of the law


@no_collection()
def screen(shipments: pd.DataFrame | str | Path, *, exporter: str | None = None, destination: str | None = None,
           on: date | str | None = None, regimes: Mapping[str, Regime] | None = None, out: str | Path | None = None,
           strict: bool = False, columns: Mapping[str, str] | None = None, encoding: str | None = None,
           sheet: str | None = None, ignore: Sequence[str] = ()) -> Screening:  # fmt: skip
    """The licence of every shipment in a table or file (CSV, TSV, Excel, Parquet or JSON).

    Columns: from (or exporter), to (or destination), item, date, and any fact that a rule asks (wt_pct, party, …),
    under words for it too (consignee). Other columns are kept and named in a note; one that speaks of a party, use,
    user or place is refused, unless `ignore` names it. Where no item stands, or one that no list knows, the customs
    code (column hs) is asked as `licence` would; where item and code do not agree, the answer says so and is that of
    both. Goods that neither names are not known, with the reason, since a gap in the list is no fault of the file; a
    place, day or fact that cannot be understood is refused. A parts list that lacks from, to or date takes `exporter`,
    `destination` and `on` for every line. `columns` maps our names to the file's headings, `encoding` is that of a
    text file, `sheet` one of a workbook. `out` writes the answers beside the shipments, never over them. Raises
    InputError naming every bad cell by line; with `strict` also for answers that are unknown. Not legal advice.
    """
    every = load_regimes() if regimes is None else regimes
    if out is not None and isinstance(shipments, str | Path) and Path(out).resolve() == Path(shipments).resolve():
        raise InputError(f"output file {out} is the file of shipments; allowed: another name")
    table = read_shipments(shipments, columns, encoding, sheet)
    try:
        return _screened(table, exporter, destination, on, every, out, strict, ignore)
    except InputError as error:
        raise InputError(_in_order(error.faults, shipments, table)) from None


def _screened(
    table: pd.DataFrame, exporter: str | None, destination: str | None, on: date | str | None,
    every: Mapping[str, Regime], out: str | Path | None, strict: bool, ignore: Sequence[str],
) -> Screening:  # fmt: skip
    day = on.isoformat() if isinstance(on, date) else on
    table = shipment_table.given_once(table, {"exporter": exporter, "destination": destination, "date": day})
    own = shipment_table.columns(table)
    faults: list[str | Fault] = []
    keys = {name: shipment_table.factorised(table[own[name]]) for name in ("exporter", "destination")}
    keys |= shipment_table.items(table)
    shipment_table.places(keys, own, faults)
    days = shipment_days.days(table[own["date"]], own["date"], keys["exporter"], faults)
    binding = {regime.id: regime for place in keys["exporter"][1] for regime in regimes_of(place, every)}
    heads = [str(column) for column in table.columns]
    held = shipment_table.by_heading(table)
    taken = {*own.values(), *(held[name] for name in ("item", "hs") if name in held)}
    left = headings.ignored(heads, taken, [ignore] if isinstance(ignore, str) else ignore)
    said = headings.fact_columns(heads, taken | left, vocabulary.tested(every.values()))
    notes = (*told_place(table), *headings.unread(heads, taken | said.keys(), left),
             *shipment_table.readings(table, own))  # fmt: skip
    if "region" in keys and "region" in said.values():
        faults.append(Fault("shipments", 1, "region", "a column, and named as a destination too", "one of the two"))
    asked = [*dict.fromkeys(said.values()), *({"region"} & keys.keys())]
    keys |= {fact: shipment_table.fact(shipment_table.column_of(table, said, fact), fact, every, binding, faults)
             for fact in dict.fromkeys(said.values())}  # fmt: skip
    shipment_table.regions(keys, faults)
    if faults:
        raise InputError(faults)
    kinds = _Kinds(keys, asked, every)
    notes += shipment_table.unasked(keys, asked, kinds.binding, vocabulary.tested(every.values()))
    if "party" in keys:
        keys["party"] = shipment_table.parties_of(keys["party"], keys["exporter"], kinds.binding)
    combined, rows = _combined([codes for codes, _ in keys.values()])
    which, starts = _histories(kinds, rows)
    index = _join(which[combined], days, starts) if len(combined) else combined
    _for_listed(kinds, combined, days, which, index)
    result = Screening(table, tuple(kinds.answers), index, _teller(kinds, rows, combined, days), notes,
                       bool(kinds.buyers.said))  # fmt: skip
    if strict:
        _refuse_unknown(result, days)
    if out is not None:
        screened_file.write(result, out)
    return result


def _in_order(
    faults: Sequence[str | Fault], shipments: pd.DataFrame | str | Path, table: pd.DataFrame
) -> list[str | Fault]:
    """Faults in the order of the lines, under the name of the file and the lines that it has."""
    file = Path(shipments).name if isinstance(shipments, str | Path) else "shipments"
    told = [replace(fault, file=file, row=line_of(table, fault.row - 2) if fault.row else fault.row)
            if isinstance(fault, Fault) and fault.file == "shipments" else fault for fault in faults]  # fmt: skip
    return sorted(told, key=lambda fault: (fault.row or 0) if isinstance(fault, Fault) else 0)


def _combined(columns: list[Codes]) -> tuple[Codes, Codes]:
    """(kind of each shipment, one row of codes for each kind)."""
    total = np.zeros(len(columns[0]), np.int64)
    for codes in columns:
        size = int(codes.max(initial=0)) + 1
        if int(total.max(initial=0)) * size >= 2**62:
            total = np.asarray(pd.factorize(total)[0], np.int64)
        total = total * size + codes
    kinds, uniques = pd.factorize(total)
    first = np.empty(len(uniques), np.int64)
    first[kinds[::-1]] = np.arange(len(kinds) - 1, -1, -1)
    return np.asarray(kinds, np.int64), np.stack([codes[first] for codes in columns], axis=1)


@dataclass
class _Kinds:
    """What kinds of shipment there are, and the answers found so far."""

    keys: Mapping[str, Key]
    said: list[str]
    regimes: Mapping[str, Regime]
    answers: list[Licence] = field(default_factory=list)
    buyers: Buyers = field(default_factory=Buyers)
    unasked: dict[tuple[str, frozenset[str]], list[str]] = field(default_factory=dict)
    reached: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # whose goods other regimes may follow abroad
    of_listed: dict[int, tuple[Asked, str, dict[str, Any]]] = field(default_factory=dict)  # by number of the kind
    asks: dict[tuple[Any, ...], Asked | None] = field(default_factory=dict)
    meant: dict[tuple[str, str, str], Goods] = field(default_factory=dict)
    binds: dict[str, list[Regime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.others = [at for at, name in enumerate(self.keys) if name not in HERS]

    def binding(self, exporter: str) -> list[Regime]:
        """The regimes that bind exporters of a place."""
        if exporter not in self.binds:
            self.binds[exporter] = regimes_of(exporter, self.regimes)
        return self.binds[exporter]

    def value(self, row: Sequence[int]) -> dict[str, Any]:
        """What a kind's row of codes stands for."""
        return {name: values[code] for (name, (_, values)), code in zip(self.keys.items(), row, strict=True)}

    def facts(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value[name] for name in self.said if value[name] is not None}

    def idle(self, goods: Goods, exporter: str) -> list[str]:
        """Facts of the table that no row asks of the goods: shipments that differ in them alone are alike."""
        key = exporter, frozenset(goods.found)
        if key not in self.unasked:
            bound = [pair for each in goods.found.values() for pair in each]
            asked = asked_facts.asked(bound)
            self.unasked[key] = [name for name in self.said if name not in asked]
        return self.unasked[key]

    def like(self, value: Mapping[str, Any]) -> str:
        """The first of the places that the one regime treats as it does the destination."""
        binding = self.binding(value["exporter"])
        alone = len(binding) == 1 and value["destination"] != value["exporter"]
        return binding[0].like(value["destination"], value["exporter"]) if alone else str(value["destination"])

    def asked(self, row: Sequence[int], value: Mapping[str, Any]) -> Asked | None:
        """What is asked beside the places and the name of the buyer; None where the item or a fact is not clear. Once
        for all buyers, whose name says nothing but whether it is a military one."""
        key = (names.military(value["party"]), *[row[at] for at in self.others])
        if key not in self.asks:
            meant, columns = self.goods(value), tuple(value[name] for name in self.keys if name not in HERS)
            self.asks[key] = None
            try:
                own = items.with_own_facts(self.binding(value["exporter"]), meant.name, self.facts(value))
                if meant.clear:
                    self.asks[key] = Asked.of(next(iter(meant.found.values())), vocabulary.spread(own), columns)
            except InputError:
                pass
        return self.asks[key]

    def followed(self, value: Mapping[str, Any], day: date) -> Licence:
        """The answer of the single question, with the regimes that follow the goods abroad."""
        exporter, target, meant = value["exporter"], value["destination"], self.goods(value)
        item = value["item"] or value.get("hs") or ""
        try:
            facts = vocabulary.spread(self.facts(value))
            return with_told(between(self.regimes, item, exporter, target, day, facts, None), meant.told)
        except InputError as error:
            return Licence(exporter, item, target, day, UNKNOWN, item, exporter=exporter, reasons=(str(error),))

    def goods(self, value: Mapping[str, Any]) -> Goods:
        """What the item and the customs code of a kind of shipment may be."""
        key = value["exporter"], value["item"], value.get("hs") or ""
        if key not in self.meant:
            self.meant[key] = goods(self.binding(key[0]), *key[1:])
        return self.meant[key]


def _histories(kinds: _Kinds, rows: Codes) -> tuple[Codes, list[Codes]]:
    """(history of each kind, first days of each history's steps); their answers go to `kinds` in that order.

    Kinds that differ only in places that a regime treats alike share a history. A kind whose buyer a list may name has
    none: -1.
    """
    found: dict[tuple[Any, ...], int] = {}
    starts: list[Codes] = []
    which = np.empty(len(rows), np.int64)
    abroad = [fact for fact in ABROAD if fact in kinds.keys]
    for position, row in enumerate(rows.tolist()):
        value = kinds.value(row)
        binding = kinds.binding(value["exporter"])
        if (
            (value["item"] or value.get("hs"))
            and any(value[fact] for fact in abroad)
            and value["destination"] != value["exporter"]
        ):
            which[position], kinds.reached[position] = -1, value
            continue
        listed = named(binding, value.get("party"))
        if listed and (question := kinds.asked(row, value)) is not None:
            which[position] = -1
            kinds.of_listed[position] = question, kinds.like(value), value
            continue
        value |= dict.fromkeys(kinds.idle(kinds.goods(value), value["exporter"]))
        if len(binding) == 1 and value["destination"] != value["exporter"] and not listed:
            value["destination"] = binding[0].like(value["destination"], value["exporter"])
        key = tuple(value.values())
        if key not in found:
            found[key] = len(starts)
            steps = steps_of(binding, value, kinds.facts(value))
            starts.append(np.array([(day - EPOCH).days for day, _ in steps], np.int64))
            kinds.answers += [answer for _, answer in steps]
        which[position] = found[key]
    return which, starts


def _for_listed(kinds: _Kinds, combined: Codes, days: Codes, which: Codes, index: Codes) -> None:
    """Fills in the answers of shipments whose buyer a list may name."""
    lines = np.flatnonzero(which[combined] < 0) if len(combined) else combined
    if not len(lines):
        return
    asked, firsts = pd.factorize(combined[lines] * WIDTH + (days[lines] - FIRST))  # each kind and day once
    found = np.empty(len(firsts), np.int64)
    for at, (kind, number) in enumerate(zip((firsts // WIDTH).tolist(), (firsts % WIDTH).tolist(), strict=True)):
        day = EPOCH + timedelta(FIRST + number)
        if kind in kinds.reached:
            found[at] = len(kinds.answers)
            kinds.answers.append(kinds.followed(kinds.reached[kind], day))
        else:
            found[at] = kinds.buyers.number(*kinds.of_listed[kind], day, kinds.answers)
    index[lines] = found[asked]


def _teller(kinds: _Kinds, rows: Codes, combined: Codes, days: Codes) -> Callable[[int, Licence], Licence]:
    """What tells a shipment's answer with the name of its own buyer."""

    def told(line: int, answer: Licence) -> Licence:
        value = kinds.value(rows[combined[line]].tolist())
        day = EPOCH + timedelta(int(days[line]))
        own = kinds.buyers.told(answer, value, day)
        return replace(own, destination=value["destination"], exporter=value["exporter"], on=day)

    return told


def _join(kinds: Codes, days: Codes, starts: list[Codes]) -> Codes:
    """Position of each shipment's answer: the last step of its kind that begins on or before its day."""
    if not starts:
        return np.zeros(len(kinds), np.int64)
    sizes = [len(steps) for steps in starts]
    edges = np.concatenate(starts) - FIRST + np.repeat(np.arange(len(starts)) * WIDTH, sizes)
    wanted = kinds * WIDTH + (days - FIRST)
    with ThreadPoolExecutor(2) as threads:
        halves = threads.map(lambda part: np.searchsorted(edges, part, "right"), np.array_split(wanted, 2))
    return np.asarray(np.concatenate(list(halves)) - 1, np.int64)


def _refuse_unknown(result: Screening, days: Codes) -> None:
    unknown = np.array([not answer.known for answer in result.answers])
    lines = np.flatnonzero(unknown[result.index]).tolist() if len(unknown) else []
    if lines:
        answers = [replace(result.answer(int(line)), on=EPOCH + timedelta(int(days[line]))) for line in lines]
        raise InputError([
            Fault("shipments", int(line) + 2, "date", answer.sentence(), "an answer that the tables know")
            for line, answer in zip(lines, answers, strict=True)
        ])  # fmt: skip
