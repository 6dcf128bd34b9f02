"""What nothing would read: keys of case.toml, and names of rows and files that are one slip from a known one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import tables
from geoecon.case.columns import FILES, LATER
from geoecon.case.priors import default_parameters
from geoecon.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

# the keys of each table of case.toml that holds no names of the case's own
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("case", "states", "products", "horizon", "codes", "known_through", "economy", "scenario", "what_if", "dispute",
         "demand", "firms", "stores", "flows"),
    "case": ("id", "title", "question", "start", "end", "cutoffs", "buyer"),
    "states": ("code", "name", "role", "lead"),
    "products": ("id", "name", "hs", "national_code", "item", "also", "users", "makers", "prices"),
    "horizon": ("disruption_days", "bargaining_months"),
    "known_through": (*(name.removesuffix(".csv") for name in FILES), "outcomes", "demands"),
    "economy": ("source_id", "year", "unit", "status", "industries"),
    "stores": ("product", "region", "full_days"),
}  # fmt: skip
# what a table's column of names is read for
NAMES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("macro", "series"): ("gdp_usd", "gdp_per_head_usd", "growth"),
    ("alliance", "variable"): ("defence_tie", "defence_pact", "leader_type", "election", "press", "capability"),
}
OWN = ("review_days", "yearly_gdp", "boycott_base_usd_million", "trade_dependence")  # parameters of cases alone
UNITS = ("USD million", "million USD")


def unread_keys(settings: Mapping[str, Any]) -> list[Fault]:
    """Keys of case.toml that nothing reads, codes of goods that are none, and a unit that the line does not have."""
    faults = []
    for name, allowed in KEYS.items():
        held = settings.get(name, {}) if name else settings
        for number, table in enumerate(held if isinstance(held, list) else [held], 1):
            where = f"{name}[{number}]." if isinstance(held, list) else f"{name}.".lstrip(".")
            for key in table if isinstance(table, Mapping) else ():
                if key not in allowed:
                    faults.append(Fault("case.toml", None, f"{where}{key}", "unknown key", ", ".join(allowed)))
    for number, row in enumerate(settings.get("products", ()), 1):
        codes = row.get("hs", []) if isinstance(row, Mapping) else []
        for code in codes if isinstance(codes, list) else ():
            if not (isinstance(code, str) and code.replace(".", "").isdigit() and len(code.replace(".", "")) >= 2):
                digits = 'codes of digits alone, ["281111"]'
                faults.append(Fault("case.toml", None, f"products[{number}].hs", repr(code), digits))
    unit = settings.get("economy", {}).get("unit") if isinstance(settings.get("economy", {}), Mapping) else None
    if unit is not None and unit not in UNITS:
        faults.append(
            Fault("case.toml", None, "economy.unit", repr(unit), f"{UNITS[0]}, as economy.csv names its values")
        )
    return faults


def unread_names(found: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Names in tables that are one slip away from one that is read: nothing would read them."""
    known = {
        ("parameters", "name"): (*{name.split(".")[0] for name in default_parameters()}, *OWN),
        ("measures", "kind"): measures(),
        **NAMES,
    }
    faults = []
    for (table, column), names in known.items():
        for row in tables.records(found[table]) if table in found else ():
            said = str(row[column]).split(".")[0] if column == "name" else str(row[column])
            if near := tables.meant(said, names):
                faults.append(Fault(f"{table}.csv", row["line"], column, f"{said!r}, which nothing reads", near))
    return faults


def measures() -> tuple[str, ...]:
    """The kinds of measures that are read: kinds of licence and instruments."""
    rows = (*tables.packaged("law/regimes", "kinds.csv"), *tables.packaged("capacity", "instruments.csv"))
    return tuple(row["kind"] for row in rows)


def unread_files(folder: Path) -> list[Fault]:
    """Tables beside those of a case that are spelt like one of them."""
    known = (*FILES, *LATER)
    near = {path.name: tables.meant(path.name, known) for path in sorted(folder.glob("*.csv"))}
    return [Fault(name, None, None, "a file that nothing reads", allowed) for name, allowed in near.items() if allowed]
