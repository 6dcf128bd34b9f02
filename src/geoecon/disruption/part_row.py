"""Stock and use of a row of a bill of materials in one unit."""

from __future__ import annotations

from collections.abc import Mapping

from geoecon.disruption.part_cells import Amount, Reading, base


def in_one_unit(line: int, amounts: Mapping[str, Amount], reading: Reading) -> dict[str, float]:
    """The numbers of a row by field, stock and use in one unit: kg and t are made one, kg and pieces cannot be."""
    units = {name: one for name, one in amounts.items() if base(name) in ("stock", "use_per_day")}
    named = {one.kind for one in units.values() if one.kind}
    bare = [name for name, one in units.items() if not one.kind]
    if len(named) > 1:
        place = next(name for name in ("stock", *units) if name in reading.fields)
        told = ", ".join(f"{name.replace('_', ' ')} in {one.unit}" for name, one in units.items() if one.kind)
        more = "; a gallon is 3.785 l (us gal) or 4.546 l (imp gal)" if named == {"gallon", "volume"} else ""
        reading.fault(line, reading.fields[place][0].heading, told, f"one unit for a part{more}")
    elif bare and any(one.size != 1.0 for one in units.values()):
        told = f"{bare[0].replace('_', ' ')} without a unit, the other with one"
        reading.fault(line, reading.fields[bare[0]][0].heading, told, "a unit for both")
    elif bare and named - {"pieces"} and base(bare[0]) in ("stock", "use_per_day"):
        other = next(one.unit for one in units.values() if one.kind)
        reading.unitless.setdefault((base(bare[0]), other), []).append(line)
    row: dict[str, float] = {}
    for name, one in amounts.items():
        row[name] = one.value * one.size
        if one.low is not None and one.high is not None:
            row |= {f"{name}_low": one.low * one.size, f"{name}_high": one.high * one.size}
    return row
