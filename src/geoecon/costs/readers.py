"""Files of users: flows, outputs, deficits, elasticities, tariffs. Every unit is declared, every fault named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.costs.model import Model, model_from_flows
from geoecon.costs.shocks import Change
from geoecon.draws import Array
from geoecon.errors import Fault, InputError

FLOWS = {
    "sector": tables.text.if_present(),
    "importer": tables.text,
    "exporter": tables.text,
    "value": tables.number,
}
SECTORS = {
    "sector": tables.text,
    "tradable": tables.one_of("0", "1").if_present(),
    "theta": tables.number.optional().if_present(),
    "sigma": tables.number.optional().if_present(),
}
DEFICITS = {"country": tables.text, "deficit": tables.number}
OUTPUT = {
    "country": tables.text,
    "sector": tables.text,
    "output": tables.at_least_zero,
    "exports": tables.at_least_zero,
}
TARIFFS = {"importer": tables.text, "exporter": tables.text, "sector": tables.text, "tariff": tables.number}
CHANGES = {
    "kind": tables.text,
    "value": tables.number,
    "exporter": tables.text.optional(),
    "importer": tables.text.optional(),
    "sector": tables.text.optional(),
}
UNITS = {"percent": (0.01, 1.0), "rate": (1.0, 1.0), "factor": (1.0, 0.0)}  # factor = scale × value + shift
HIGH = 5.0  # a factor above it, 400 per cent, is rather a wrong unit


def read_flows(path: Path | str) -> pd.DataFrame:
    """Flows in long form: importer, exporter, value, and sector where there are several. Each cell once, from 0."""
    path = Path(path)
    frame = tables.read_table(path, FLOWS)
    if "sector" not in frame:
        frame["sector"] = "all"
    keys = ["sector", "importer", "exporter"]
    faults = [
        Fault(path.name, row["line"], "value", f"{row['importer']} from {row['exporter']}: {row['value']:g}", "from 0")
        for row in tables.records(frame[frame["value"] < 0])
    ]
    faults += [
        Fault(path.name, row["line"], None, f"{row['importer']} from {row['exporter']}, {row['sector']} again", "once")
        for row in tables.records(frame[frame.duplicated(keys)])
    ]
    if faults:
        raise InputError(faults)
    return frame


def read_model(
    flows: Path | str,
    elasticities: float | Path | Mapping[str, float],
    *,
    deficits: Path | None = None,
    own_output: Mapping[str, float] | None = None,
    default_elasticity: float | None = None,
) -> Model:
    """A model without inputs from a file of flows.

    `elasticities`: one number, a mapping, or a file with columns sector and theta. `own_output`: output by country
    for those whose sales to themselves the file lacks (one sector): own sales are output less exports.
    Raises InputError for a country without own sales, a traded sector without elasticity, deficits that do not sum
    to zero.
    """
    frame = read_flows(flows)
    regions = tuple(dict.fromkeys([*frame["importer"], *frame["exporter"]]))
    sectors = tuple(dict.fromkeys(frame["sector"]))
    values = np.zeros((len(sectors), len(regions), len(regions)))
    where = (
        [sectors.index(s) for s in frame["sector"]],
        [regions.index(n) for n in frame["importer"]],
        [regions.index(i) for i in frame["exporter"]],
    )
    values[where] = frame["value"].to_numpy(float)
    absent = values.size - len(frame)
    notes = [f"{absent} of {values.size} flows are not in the file and taken as zero"] if absent else []
    notes += _own_sales(values, regions, own_output or {})
    theta = elasticities if not isinstance(elasticities, Path) else read_thetas(elasticities, sectors)
    balance = None if deficits is None else read_deficits(deficits, regions)
    final = values.sum(axis=2).T
    return model_from_flows(
        values, regions, sectors, theta, deficit=balance, final_share=final / final.sum(axis=1, keepdims=True),
        default_elasticity=default_elasticity, notes=tuple(notes), period=Path(flows).stem,
    )  # fmt: skip


def _own_sales(values: Array, regions: tuple[str, ...], output: Mapping[str, float]) -> list[str]:
    """Writes own sales as output less exports into `values`, says so; only for one sector and missing own sales."""
    notes: list[str] = []
    faults: list[str | Fault] = []
    for name, made in output.items():
        if name not in regions:
            faults.append(f"output of unknown country {name!r}; allowed: " + ", ".join(regions))
            continue
        n = regions.index(name)
        exports = float(values[:, :, n].sum() - values[:, n, n].sum())
        if len(values) > 1:
            faults.append(f"output of {name}: the file has {len(values)} sectors; allowed: own flows in the file")
        elif made <= exports:
            faults.append(f"output of {name} {made:g} is not above its exports {exports:g}; allowed: above them")
        else:
            values[0, n, n] = made - exports
            notes.append(f"own sales of {name}: output {made:g} less exports {exports:g} is {made - exports:g}")
    if faults:
        raise InputError(faults)
    return notes


def read_thetas(path: Path, sectors: tuple[str, ...]) -> dict[str, float]:
    """Elasticities by sector from a file with columns sector and theta, or sigma = theta + 1; empty means none."""
    frame = tables.read_table(path, SECTORS)
    if ("theta" in frame) == ("sigma" in frame):
        raise InputError(Fault(path.name, 1, "theta", "neither or both of theta and sigma", "one of them"))
    if "sigma" in frame:
        frame["theta"] = frame["sigma"] - 1
    faults = [
        Fault(path.name, row["line"], "sector", f"unknown sector {row['sector']!r}", ", ".join(sectors))
        for row in tables.records(frame[~frame["sector"].isin(list(sectors))])
    ]
    faults += _twice(frame, "sector", path.name)
    faults += [
        Fault(path.name, row["line"], "theta", f"{row['sector']}: {row['theta']:g}", "above 0, or empty")
        for row in tables.records(frame[frame["theta"].notna() & ~(frame["theta"] > 0)])
    ]
    if faults:
        raise InputError(faults)
    known = frame[frame["theta"].notna()]
    return {str(s): float(value) for s, value in zip(known["sector"], known["theta"], strict=True)}


def _twice(frame: pd.DataFrame, key: str, file: str) -> list[Fault]:
    rows = tables.records(frame[frame.duplicated(key)])
    return [Fault(file, row["line"], key, f"{row[key]!r} again", "each once") for row in rows]


def read_deficits(path: Path, regions: tuple[str, ...]) -> Array:
    """(n,) imports less exports by country; every country of the model once."""
    frame = tables.read_table(path, DEFICITS)
    given = dict(zip(frame["country"], frame["deficit"], strict=True))
    faults: list[str | Fault] = [
        Fault(path.name, row["line"], "country", f"unknown country {row['country']!r}", ", ".join(regions))
        for row in tables.records(frame[~frame["country"].isin(list(regions))])
    ]
    faults += _twice(frame, "country", path.name)
    faults += [f"{path.name}: no deficit of {name}; allowed: a row for every country" for name in regions
               if name not in given]  # fmt: skip
    if faults:
        raise InputError(faults)
    return np.array([float(given[name]) for name in regions])


def own_sales(path: Path, *, raise_output: bool = False) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Own sales by country and sector, output less exports, and the notes of what was changed.

    Exports above output (goods that only pass through) would make own sales negative: refused, or, where
    `raise_output` asks for it, output is raised to exports and own sales are 0, each cell noted with both amounts.
    """
    frame = tables.read_table(path, OUTPUT)
    frame["own_sales"] = frame["output"] - frame["exports"]
    short = tables.records(frame[frame["own_sales"] < 0])
    if short and not raise_output:
        raise InputError(
            Fault(path.name, row["line"], "output",
                  f"{row['country']}/{row['sector']}: exports {row['exports']:g} above output {row['output']:g}, "
                  f"own sales {row['own_sales']:g}", "output from exports up, or the rule to raise it to exports")
            for row in short
        )  # fmt: skip
    notes = tuple(
        f"{row['country']}/{row['sector']}: output raised from {row['output']:g} to exports {row['exports']:g}, "
        "own sales 0, gains from trade not defined"
        for row in short
    )
    notes += tuple(
        f"{row['country']}/{row['sector']}: all output is exported, own sales 0, gains from trade not defined"
        for row in tables.records(frame[frame["own_sales"] == 0])
    )
    frame["output"] = np.maximum(frame["output"], frame["exports"])
    frame["own_sales"] = frame["own_sales"].clip(lower=0)
    return frame.drop(columns="line"), notes


def read_tariffs(path: Path, *, unit: str) -> tuple[list[Change], tuple[str, ...]]:
    """Tariffs as changes for `shock_from`, and warnings. `unit` says what the numbers are: percent, rate or factor.

    Refused: a negative tariff, a factor of 0 (a subsidy of 100 per cent), a tariff of a country on itself.
    """
    if unit not in UNITS:
        raise InputError(f"unit {unit!r} of {path.name}; allowed: " + ", ".join(UNITS))
    scale, shift = UNITS[unit]
    faults: list[str | Fault] = []
    warnings: list[str] = []
    changes: list[Change] = []
    seen: set[tuple[str, str, str]] = set()
    for row in tables.records(tables.read_table(path, TARIFFS)):
        cell = (row["importer"], row["exporter"], row["sector"])
        if cell in seen:
            faults.append(Fault(path.name, row["line"], None, "/".join(cell) + " again", "each cell once"))
        seen.add(cell)
        factor = scale * row["tariff"] + shift
        pair = f"{row['importer']} from {row['exporter']}, {row['sector']}: {row['tariff']:g} as {unit}"
        own = row["importer"] == row["exporter"]
        if factor < 1:
            least = {"percent": "from 0", "rate": "from 0", "factor": "from 1 (1.125 is 12.5 per cent)"}[unit]
            faults.append(Fault(path.name, row["line"], "tariff", pair, least))
        elif own and factor != 1:
            faults.append(Fault(path.name, row["line"], "tariff", pair + ", a tariff on itself", "none"))
        elif not own:
            changes.append(Change("tariff", factor, row["exporter"], row["importer"], row["sector"], row["line"]))
            if factor > HIGH:
                warnings.append(f"{path.name} line {row['line']}: {pair} is a tariff of {100 * (factor - 1):,.0f} %")
    if faults:
        raise InputError([*faults, *(f"warning, {text}: is the unit right?" for text in warnings)])
    return changes, tuple(warnings)


def read_changes(path: Path) -> list[Change]:
    """A policy from a file: kind (tariff, trade_cost, export_tax, productivity), value as a factor, and where."""
    return [
        Change(row["kind"], row["value"], row["exporter"], row["importer"], row["sector"], row["line"])
        for row in tables.records(tables.read_table(path, CHANGES))
    ]
