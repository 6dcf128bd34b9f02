"""Fewer regions and sectors, another currency, a table that balances: what may be done to a table, named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.production.findings import Array, Finding
from geoecon.production.table import IOTable

if TYPE_CHECKING:
    from scipy import sparse

RULES = {"kind": tables.one_of("region", "sector"), "name": tables.text, "group": tables.text}
REGION_RULES = {"region": tables.text, "group": tables.text}


def concordance(source: str | Path | pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """(regions, sectors): name to group, from a CSV with columns kind (region or sector), name, group.

    A file with the columns region, group maps regions alone. Raises InputError for a name that stands in two groups.
    """
    if isinstance(source, pd.DataFrame):
        frame, name = source, "concordance"
    else:
        name = Path(source).name
        first = Path(source).read_text(encoding="utf-8-sig").splitlines()[:1] if Path(source).is_file() else [""]
        regional = first and {"region", "group"} <= {column.strip() for column in first[0].split(",")}
        frame = tables.read_table(Path(source), REGION_RULES if regional else RULES)
    if "kind" not in frame:
        frame = frame.rename(columns={"region": "name"}).assign(kind="region")
    maps: dict[str, dict[str, str]] = {"region": {}, "sector": {}}
    faults = []
    for row in tables.records(frame):
        known = maps[row["kind"]].setdefault(row["name"], row["group"])
        if known != row["group"]:
            found = f"{row['kind']} {row['name']} in {known} and {row['group']}"
            faults.append(Fault(name, row.get("line"), "group", found, "one group for each name"))
    if faults:
        raise InputError(faults)
    return maps["region"], maps["sector"]


def aggregate(
    table: IOTable,
    regions: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
    by: str | Path | pd.DataFrame | None = None,
    order: Sequence[str] = (),
) -> IOTable:
    """Flows added by group of regions and sectors; the inverse is then that of the merged flows, never a sum.

    A name that the map lacks stays as it is where the map is for the other kind alone; inside a map every name of the
    table must stand, and a name that the table lacks is refused: both lists come in one InputError. Regions of the
    result stand in `order`, the others after them as they first appear.
    """
    from scipy import sparse

    if by is not None:
        regions, sectors = concordance(by)
    to_region = _complete(table.regions, regions, "region", table.name)
    to_sector = _complete(table.sectors, sectors, "sector", table.name)
    new_sectors = tuple(dict.fromkeys(to_sector))
    new_regions = tuple(dict.fromkeys([*(name for name in order if name in to_region), *to_region]))
    by_region = _sums(to_region, new_regions)
    by_sector = _sums(to_sector, new_sectors)
    both = sparse.csr_array(sparse.kron(by_region, by_sector))
    sold = np.asarray(both @ table.final.reshape(table.n, -1))
    final = np.stack([by_region @ row for row in sold.reshape(len(sold), len(table.regions), -1)])
    return replace(
        table, Z=np.asarray((both @ (both @ table.Z).T).T), final=final, x=np.asarray(both @ table.x),
        regions=new_regions, sectors=new_sectors,
        value_added=np.asarray(both @ table.value_added), taxes=np.asarray(both @ table.taxes),
        name=f"{table.name}, {len(new_regions)} regions and {len(new_sectors)} sectors",
        noted=tuple(finding for finding in table.noted if finding.kind not in ("absent", "balance")),
    )  # fmt: skip


def _complete(names: tuple[str, ...], groups: Mapping[str, str] | None, kind: str, table: str) -> list[str]:
    if not groups:
        return list(names)
    lost = [name for name in names if name not in groups]
    strange = [name for name in groups if name not in names]
    faults = [Fault("concordance", None, kind, f"{name!r} of {table} has no group", "every name once") for name in lost]
    faults += [
        Fault("concordance", None, kind, f"{name!r} is not in {table}", ", ".join(names[:30])) for name in strange
    ]
    if faults:
        raise InputError(faults)
    return [groups[name] for name in names]


def _sums(groups: list[str], order: tuple[str, ...]) -> sparse.csr_array[np.float64]:
    """Sparse (group, name) with a one where the name belongs to the group."""
    from scipy import sparse

    rows = [order.index(group) for group in groups]
    return sparse.csr_array((np.ones(len(groups)), (rows, np.arange(len(groups)))), shape=(len(order), len(groups)))


def converted(table: IOTable, unit: str, rate: float, source: str) -> IOTable:
    """The table in another unit: every value times `rate`, whose source joins the table's own."""
    if not np.isfinite(rate) or rate <= 0:
        raise InputError(f"rate {rate}; allowed: a finite number above 0")
    if not source.strip():
        raise InputError("a rate needs its source")
    note = Finding("unit", "", f"{table.unit} times {rate:g} to {unit}: {source}", rate)
    return replace(
        table, Z=table.Z * rate, final=table.final * rate, x=table.x * rate, value_added=table.value_added * rate,
        taxes=table.taxes * rate, unit=unit, sources=table.sources | {source}, noted=(*table.noted, note),
    )  # fmt: skip


def balanced(table: IOTable) -> IOTable:
    """The table with value added as what is left of output after purchases and taxes; each change is noted.

    Sales and purchases stay as they are: no gap is pushed into another industry or a rest of the world.
    """
    left = table.x - table.Z.sum(axis=0) - table.taxes
    notes = [
        Finding("balance", table.labels[k], f"value added {table.value_added[k]:.10g} set to the rest of output "
                f"{left[k]:.10g} {table.unit}", float(left[k] - table.value_added[k]))
        for k in np.flatnonzero(np.abs(left - table.value_added) > 1e-9 * np.maximum(np.abs(table.x), 1.0))
    ]  # fmt: skip
    return replace(table, value_added=left, noted=(*table.noted, *notes))


def capital(table: IOTable, years: float = 4.0) -> Array:
    """Capital (n,) as `years` of value added. Raises InputError where value added is negative: give a stock instead."""
    bad = np.flatnonzero(table.value_added < 0)
    if len(bad):
        raise InputError(
            Fault(
                table.name, None, table.labels[k], f"value added {table.value_added[k]:g}", "a capital stock of its own"
            )
            for k in bad
        )
    return years * table.value_added
