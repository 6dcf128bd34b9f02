"""A case: a folder of sourced data about one dispute. Reads it, checks it, and never guesses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from geoecon import countries, tables
from geoecon.draws import Parameter
from geoecon.errors import Fault, InputError, MissingData
from geoecon.figure import STATUS, Figure, cite

SYSTEMS = ("trade", "controls", "retaliation", "negotiation", "alliance", "domestic", "catch-up", "corporate")
ROLES = ("sender", "target", "patron", "supplier", "bloc", "other")
STATES_OF_LAW = ("in_force", "announced", "suspended", "not_enforced", "rescinded", "reported")

_SOURCED = {"source_id": tables.identifier, "status": tables.one_of(*STATUS)}

# The columns of every file of a case; a column more is kept as text.
FILES: Mapping[str, Mapping[str, tables.Rule]] = {
    "sources.csv": {
        "source_id": tables.identifier,
        "citation": tables.text,
        "published": tables.partial_day.optional().if_present(),
        "url": tables.text.optional().if_present(),
        "read_on": tables.partial_day.optional().if_present(),
        "licence": tables.text.optional().if_present(),
    },
    "trade.csv": {
        "period": tables.period,
        "exporter": tables.identifier,
        "importer": tables.identifier,
        "product": tables.identifier,
        "hs": tables.text.optional(),
        "value_usd": tables.at_least_zero.optional(),
        "tonnes": tables.at_least_zero.optional(),
        "quantity": tables.at_least_zero.optional().if_present(),
        "unit": tables.text.optional().if_present(),
        "share": tables.share.optional(),
        **_SOURCED,
    },
    "measures.csv": {
        "measure_id": tables.identifier,
        "regime": tables.identifier,
        "exporter": tables.identifier,
        "importer": tables.identifier,
        "product": tables.identifier,
        "kind": tables.text,
        "announced": tables.day.optional(),
        "valid_from": tables.day,
        "valid_to": tables.day.optional(),
        "known_from": tables.day,
        "cap_share": tables.share.optional(),
        "review_days": tables.at_least_zero.optional(),
        "state": tables.one_of(*STATES_OF_LAW),
        "rule": tables.text,
        "clause": tables.text.optional(),
        **_SOURCED,
    },
    "timeline.csv": {
        "date": tables.partial_day,
        "actor": tables.text,
        "event": tables.text,
        "system": tables.one_of(*SYSTEMS),
        **_SOURCED,
    },
    "parameters.csv": {
        "name": tables.identifier,
        "low": tables.number,
        "central": tables.number,
        "high": tables.number,
        "unit": tables.text,
        "as_of": tables.partial_day,
        "meaning": tables.text.optional().if_present(),
        **_SOURCED,
    },
    "alliance.csv": {
        "state": tables.identifier,
        "variable": tables.identifier,
        "date": tables.period,
        "value": tables.text,
        "unit": tables.text.optional(),
        "detail": tables.text.optional(),
        **_SOURCED,
    },
    "macro.csv": {
        "state": tables.identifier,
        "series": tables.identifier,
        "year": tables.number,
        "value": tables.number,
        "unit": tables.text,
        **_SOURCED,
    },
    "series.csv": {
        "series": tables.identifier,
        "state": tables.identifier,
        "period": tables.period,
        "low": tables.number.optional().if_present(),
        "value": tables.number.optional(),
        "high": tables.number.optional().if_present(),
        "unit": tables.text,
        **_SOURCED,
    },
    "production.csv": {
        "product": tables.identifier,
        "state": tables.identifier,
        "year": tables.number,
        "quantity": tables.at_least_zero.optional(),
        "unit": tables.text,
        "share": tables.share.optional(),
        **_SOURCED,
    },
    "forecasts.csv": {
        "forecast_id": tables.identifier,
        "author": tables.text,
        "date": tables.partial_day,
        "metric": tables.identifier,
        "of": tables.text,
        "low": tables.number.optional(),
        "value": tables.number.optional(),
        "high": tables.number.optional(),
        "unit": tables.text,
        "assumption": tables.text.optional(),
        **_SOURCED,
    },
    "claims.csv": {
        "claim_id": tables.identifier,
        "claim": tables.text,
        "verdict": tables.text,
        "correct_fact": tables.text,
        **_SOURCED,
    },
    "economy.csv": {
        "use": tables.one_of("intermediate", "final"),
        "from_region": tables.text,
        "from_sector": tables.text,
        "to_region": tables.text,
        "to_sector": tables.text,
        "value_usd_million": tables.number,
    },
}
HORIZON = {"disruption_days": 3660, "bargaining_months": 600}  # the longest that the arrays are made for
SHAPES: Mapping[str, type] = {"case": dict, "states": list, "products": list, "horizon": dict, "codes": dict}
WORDS: Mapping[type, str] = {dict: "a table", list: "a list", str: "text", int: "a whole number"}
REQUIRED = ("sources.csv", "trade.csv", "measures.csv", "timeline.csv", "parameters.csv")
# Read by the evidence stage alone, never here.
OUTCOMES = "outcomes.csv"


@dataclass(frozen=True)
class State:
    code: str  # ISO 3166 alpha-3, or a group that the case declares
    name: str
    role: str


@dataclass(frozen=True)
class Product:
    """A controlled good. `item` names it in the regimes' control lists; `users` are industries of the economy
    that need it, as (region, sector)."""

    id: str
    name: str
    hs: tuple[str, ...] = ()
    item: str | None = None
    users: tuple[tuple[str, str], ...] = ()
    makers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """A checked case. `tables` maps a file's stem to its frame; a table that the folder lacks is not in it."""

    id: str
    title: str
    question: str
    folder: Path
    start: date
    end: date
    cutoffs: tuple[date, ...]
    states: tuple[State, ...]
    products: tuple[Product, ...]
    horizon_days: int
    horizon_months: int
    settings: Mapping[str, Any]  # the whole case.toml, for what one room alone reads
    tables: Mapping[str, pd.DataFrame]
    cutoff: date = field(default=date.max)  # facts known later are hidden
    scenario: Mapping[str, str | float] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """One table. Raises MissingData where the folder lacks it."""
        if name not in self.tables or self.tables[name].empty:
            raise MissingData(f"{name}.csv")
        return self.tables[name]

    def has(self, name: str) -> bool:
        return name in self.tables and not self.tables[name].empty

    def role(self, role: str) -> str:
        """Code of the state in this role. Raises MissingData where the case names none."""
        for state in self.states:
            if state.role == role:
                return state.code
        raise MissingData(f"case.toml: a state with the role {role}")

    @property
    def sender(self) -> str:
        return self.role("sender")

    @property
    def target(self) -> str:
        return self.role("target")

    @property
    def patron(self) -> str:
        return self.role("patron")

    def name_of(self, code: str) -> str:
        named = {state.code: state.name for state in self.states}
        return named.get(code) or countries.name(code)

    def product(self, product_id: str) -> Product:
        for product in self.products:
            if product.id == product_id:
                return product
        raise InputError(f"product {product_id!r}; allowed: " + ", ".join(product.id for product in self.products))

    def item(self, name: str) -> str:
        """The control-list item of a product named by id or name; any other text as it is."""
        for product in self.products:
            if name.casefold() in (product.id.casefold(), product.name.casefold()):
                return product.item or name
        return name

    @cached_property
    def flows(self) -> pd.DataFrame:
        """The trade panel as a tidy table: period, exporter, importer, product, value_usd, tonnes, share."""
        return self.table("trade").drop(columns="line")

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The priors: those of the rooms, overruled by the case's own as known at the cut-off, then the scenario."""
        found = dict(default_parameters())
        mine = self.tables["parameters"].sort_values("as_of", kind="stable")
        for row in tables.records(mine):
            if tables.last_day(row["as_of"]) <= self.cutoff:
                found[row["name"]] = _parameter(row)
        for name, value in self.scenario.items():
            general = name if name in found else name.split(".")[0]  # a product or state may have its own value
            if general in found:
                found[name] = replace(found[general], name=name).fixed(float(value))
        return MappingProxyType(found)

    def known(self, name: str, column: str) -> pd.DataFrame:
        """Rows of a table whose date in `column` is not after the cut-off; a year or month counts when it is over."""
        table = self.table(name)
        return table[table[column].map(lambda day: pd.notna(day) and tables.last_day(day) <= self.cutoff)]

    def at(self, cutoff: date) -> Case:
        """The case as it could be known on that day."""
        return replace(self, cutoff=cutoff)

    def with_scenario(self, **changes: str | float) -> Case:
        """The case under other assumptions: a parameter held at a value, or a switch of its [scenario] table.

        Raises InputError naming the unknown key and the allowed ones.
        """
        switches = self.settings.get("scenario", {})
        known = set(default_parameters()) | set(self.tables["parameters"]["name"])
        of = [product.id for product in self.products] + [state.code for state in self.states]
        known |= {f"{name}.{key}" for name in known if "." not in name for key in of} | set(switches)
        faults = []
        values: dict[str, str | float] = {}
        for key, value in changes.items():
            if key not in known:
                near = [name for name in sorted(known) if key.split(".")[0] in name] or sorted(switches)
                faults.append(f"scenario key {key!r} is unknown; allowed: " + ", ".join(near[:30]))
            elif key in switches:
                values[key] = value
            else:
                try:
                    values[key] = float(value)
                except ValueError:
                    faults.append(f"scenario {key} = {value!r}; allowed: a number")
        if faults:
            raise InputError(faults)
        return replace(self, scenario=MappingProxyType({**self.scenario, **values}))

    def switch(self, name: str) -> Any:
        """A scenario switch: what the scenario says, else the default of case.toml, else None."""
        return self.scenario.get(name, self.settings.get("scenario", {}).get(name))


def figure_of(row: Mapping[str, Any], column: str, unit: str, period: str) -> Figure:
    """One cell of a sourced table as a figure."""
    value = row[column]
    return Figure(
        None if value is None or value != value else float(value),
        unit,
        period,
        frozenset({str(row["source"])}),
        row["status"] != "memory",
    )


def cases() -> tuple[str, ...]:
    """Names of the cases that ship inside the package."""
    root = files("geoecon") / "cases"
    return tuple(sorted(entry.name for entry in root.iterdir() if (entry / "case.toml").is_file()))


def load_case(name: str | Path) -> Case:
    """A built-in case by name, or any case folder by path. Raises InputError with every fault found."""
    if isinstance(name, str) and name in cases():
        with as_file(files("geoecon") / "cases" / name) as folder:
            return read_case(folder)
    folder = Path(name)
    if not folder.is_dir():
        raise InputError(f"no case {str(name)!r}; allowed: a folder with a case.toml, or " + ", ".join(cases()))
    return read_case(folder)


def read_case(folder: Path) -> Case:
    """Reads and checks a case folder; every fault of every file comes in one InputError."""
    settings, faults = _settings(folder / "case.toml")
    found: dict[str, pd.DataFrame] = {}
    for name, rules in FILES.items():
        if name not in REQUIRED and not (folder / name).is_file():
            continue
        try:
            found[name.removesuffix(".csv")] = tables.read_table(folder / name, rules, name)
        except InputError as error:
            faults.extend(error.faults)
    if "sources" in found:
        faults.extend(_join_sources(found))
        faults.extend(_later_sources(found))
    faults.extend(_places(found, _declared(settings)))
    faults.extend(_order(found))
    if faults:
        raise InputError(faults)
    case = settings["case"]
    return Case(
        id=case["id"],
        title=case["title"],
        question=case.get("question", ""),
        folder=folder,
        start=date.fromisoformat(str(case["start"])),
        end=date.fromisoformat(str(case["end"])),
        cutoffs=tuple(sorted(date.fromisoformat(str(day)) for day in case["cutoffs"])),
        states=tuple(State(row["code"], row["name"], row["role"]) for row in settings["states"]),
        products=tuple(_product(row) for row in settings["products"]),
        horizon_days=int(settings["horizon"]["disruption_days"]),
        horizon_months=int(settings["horizon"]["bargaining_months"]),
        settings=MappingProxyType(settings),
        tables=MappingProxyType(found),
    )


def _product(row: Mapping[str, Any]) -> Product:
    return Product(
        row["id"],
        row["name"],
        tuple(row.get("hs", ())),
        row.get("item"),
        tuple((region, sector) for region, sector in row.get("users", ())),
        tuple((region, sector) for region, sector in row.get("makers", ())),
    )


def _settings(path: Path) -> tuple[dict[str, Any], list[str | Fault]]:
    """case.toml and its faults."""
    if not path.is_file():
        raise InputError(Fault("case.toml", None, None, "file is missing", "who, what and when of the case"))
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault("case.toml", None, None, str(error), "valid TOML in UTF-8")) from None
    faults: list[str | Fault] = []
    _need(faults, settings, "", case=dict, states=list, products=list, horizon=dict)
    if not faults:
        _check_case(faults, settings["case"])
        _check_states(faults, settings["states"])
        _check_products(faults, settings["products"])
        _need(faults, settings["horizon"], "horizon", **dict.fromkeys(HORIZON, int))
        for key, most in HORIZON.items():
            length = settings["horizon"].get(key)
            if isinstance(length, int) and not 0 < length <= most:
                faults.append(Fault("case.toml", None, f"horizon.{key}", str(length), f"1 to {most}"))
    for key in ("scenario", "codes", "economy", "known_through"):
        if not isinstance(settings.get(key, {}), dict):
            faults.append(Fault("case.toml", None, key, repr(settings[key])[:40], f"a table [{key}]"))
    if any(not isinstance(settings.get(key, kind()), kind) for key, kind in SHAPES.items()):
        raise InputError(faults)  # nothing else can be read by it
    return settings, faults


def _need(faults: list[str | Fault], table: Any, where: str, **kinds: type) -> bool:
    """Names the keys that a table of case.toml lacks or holds in the wrong kind; False where it is no table."""
    if not isinstance(table, Mapping):
        faults.append(Fault("case.toml", None, where, repr(table), "a table of keys and values"))
        return False
    for key, kind in kinds.items():
        if not isinstance(table.get(key), kind) or isinstance(table.get(key), bool):
            found = "missing" if key not in table else repr(table[key])
            faults.append(Fault("case.toml", None, f"{where}.{key}".lstrip("."), found, WORDS[kind]))
    return True


def _check_case(faults: list[str | Fault], table: Mapping[str, Any]) -> None:
    _need(faults, table, "case", id=str, title=str, cutoffs=list)
    days: dict[str, date] = {}
    cutoffs = table.get("cutoffs") or [None]
    named = [("start", table.get("start")), ("end", table.get("end"))]
    for key, value in named + [("cutoffs", day) for day in (cutoffs if isinstance(cutoffs, list) else [cutoffs])]:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            faults.append(Fault("case.toml", None, f"case.{key}", repr(value), "a day as YYYY-MM-DD"))
            continue
        if key == "cutoffs" and "end" in days and day > days["end"]:
            faults.append(Fault("case.toml", None, "case.cutoffs", str(day), f"a day up to the end {days['end']}"))
        days[key] = day
    if "start" in days and "end" in days and days["end"] <= days["start"]:
        faults.append(Fault("case.toml", None, "case.end", str(days["end"]), f"a day after the start {days['start']}"))


def _check_states(faults: list[str | Fault], rows: list[Any]) -> None:
    roles, codes = [], []
    for number, row in enumerate(rows, 1):
        if _need(faults, row, f"states[{number}]", code=str, name=str, role=str):
            roles.append(row.get("role"))
            codes.append(row.get("code"))
            if row.get("role") not in ROLES:
                allowed = ", ".join(ROLES)
                faults.append(Fault("case.toml", None, f"states[{number}].role", repr(row.get("role")), allowed))
    for role in ("sender", "target"):
        if roles.count(role) != 1:
            allowed = f"exactly one state in the role {role}"
            faults.append(Fault("case.toml", None, "states", f"not one {role}", allowed))
    for code in sorted({str(code) for code in codes if codes.count(code) > 1}):
        faults.append(Fault("case.toml", None, "states.code", f"{code} stands twice", "each state once"))


def _check_products(faults: list[str | Fault], rows: list[Any]) -> None:
    ids = []
    for number, row in enumerate(rows, 1):
        where = f"products[{number}]"
        if not _need(faults, row, where, id=str, name=str):
            continue
        ids.append(row.get("id"))
        if not _texts(row.get("hs", [])):
            faults.append(Fault("case.toml", None, f"{where}.hs", repr(row["hs"]), 'codes as text, ["281111"]'))
        for key in ("users", "makers"):
            pairs = row.get(key, [])
            if not isinstance(pairs, list) or not all(_texts(pair) and len(pair) == 2 for pair in pairs):
                allowed = 'pairs of region and sector, [["KOR", "chemicals"]]'
                faults.append(Fault("case.toml", None, f"{where}.{key}", repr(pairs), allowed))
    if not rows:
        faults.append(Fault("case.toml", None, "products", "none", "at least one product"))
    for twice in sorted({str(one) for one in ids if ids.count(one) > 1}):
        faults.append(Fault("case.toml", None, "products.id", f"{twice} stands twice", "each product once"))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


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
        if came and tables.last_day(row["as_of"]) < tables.first_day(came):
            says = f"{row['name']}: {row['as_of']}, before {row['source_id']}"
            faults.append(Fault("parameters.csv", row["line"], "as_of", says, f"a date from {came}"))
    return faults


def _places(found: Mapping[str, pd.DataFrame], declared: set[str]) -> list[Fault]:
    faults = []
    columns = {"trade": ("exporter", "importer"), "measures": ("exporter", "importer"), "macro": ("state",)}
    for name, places in columns.items():
        for column in places if name in found else ():
            table = found[name]
            for line, code in zip(table["line"], table[column], strict=True):
                if code not in declared and not countries.is_known(code):
                    allowed = "an ISO 3166 alpha-3 code, WLD, or a code of case.toml"
                    faults.append(Fault(f"{name}.csv", line, column, f"unknown country {code!r}", allowed))
    return faults


def _order(found: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Ends before beginnings, and low above central above high."""
    faults = []
    for row in tables.records(found.get("measures", pd.DataFrame())):
        if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
            allowed = f"a day after valid_from {row['valid_from']}"
            faults.append(Fault("measures.csv", row["line"], "valid_to", str(row["valid_to"]), allowed))
    for row in tables.records(found.get("parameters", pd.DataFrame())):
        if not row["low"] <= row["central"] <= row["high"]:
            values = f"{row['name']}: {row['low']:g}, {row['central']:g}, {row['high']:g}"
            faults.append(Fault("parameters.csv", row["line"], "low, central, high", values, "low <= central <= high"))
    return faults


@cache
def default_parameters() -> Mapping[str, Parameter]:
    """The priors that the rooms bring along: every `defaults.csv` inside the package."""
    found: dict[str, Parameter] = {}
    for room in sorted(files("geoecon").iterdir(), key=lambda entry: entry.name):
        table = room / "defaults.csv"
        if room.is_dir() and table.is_file():
            content = table.read_text(encoding="utf-8")
            frame = tables.parse_table(content, FILES["parameters.csv"], f"{room.name}/defaults.csv")
            frame["source"] = frame["source_id"].map(cite)
            found |= {row["name"]: _parameter(row) for row in tables.records(frame)}
    return MappingProxyType(found)


def _parameter(row: Mapping[str, Any]) -> Parameter:
    return Parameter(
        row["name"],
        row["low"],
        row["central"],
        row["high"],
        row["unit"],
        row["source"],
        row["as_of"],
        row["status"],
        row.get("meaning") or "",
    )
