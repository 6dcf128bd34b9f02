"""A case as the rooms see it: checked tables, dated priors, a scenario, and a day on which it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geoecon import countries, dates, lexicon, tables
from geoecon.case.known import Itself, known_rows, panel, records_of
from geoecon.case.parts import Firm, Product, State
from geoecon.case.priors import default_parameters, parameter_of_row
from geoecon.case.scenario import chosen
from geoecon.case.switches import SWITCHES, rows_of
from geoecon.case.twin import on_record
from geoecon.draws import Parameter
from geoecon.errors import InputError, MissingData

if TYPE_CHECKING:
    import pandas as pd


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
    texts: Mapping[str, str] | None = None  # the files, where the case stands in memory and not in a folder

    def table(self, name: str) -> pd.DataFrame:
        """One table. Raises MissingData where the folder lacks it."""
        if name not in self.tables or self.tables[name].empty:
            raise MissingData(f"{name}.csv")
        return self.tables[name]

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of a table as plain values, made once for all scenarios. Raises MissingData as `table`."""
        return records_of(Itself(self.table(name)))

    def has(self, name: str) -> bool:
        return name in self.tables and not self.tables[name].empty

    def role(self, role: str) -> str:
        """Code of the state in this role. Raises MissingData where the case names none."""
        held = self.in_role(role)
        if held:
            return held[0]
        raise MissingData(f"case.toml: a state with the role {role}")

    def in_role(self, role: str) -> tuple[str, ...]:
        """Codes of the states in a role, the one that leads first."""
        held = sorted((state for state in self.states if state.role == role), key=lambda state: not state.lead)
        return tuple(state.code for state in held)

    @cached_property
    def on_record(self) -> str:
        """The name under which the records hold this dispute, left out of what a forecast learns from: that of a
        shipped case of the same sides, time and goods, whatever this folder is called; else its own."""
        return on_record(self)

    @property
    def sender(self) -> str:
        return self.role("sender")

    @cached_property
    def senders(self) -> tuple[str, ...]:
        """The sender that leads, then the states that withhold with it: others in the role sender, and members of the
        bloc that have a measure of their own against the target, as known at the cut-off."""
        others = list(self.in_role("sender")[1:])
        bloc = [state.code for state in self.states if state.role == "bloc"]
        if bloc and self.has("measures"):
            rows = self.known("measures", "known_from")
            mine = rows[(rows["importer"] == self.target) & (rows["kind"] != "none")]
            others += [code for code in bloc if code in set(mine["exporter"])]
        return (self.sender, *others)

    @property
    def senders_name(self) -> str:
        """The sender, and how many states withhold with it."""
        others = [self.name_of(code) for code in self.senders[1:]]
        if not others:
            return self.name_of(self.sender)
        return f"{self.name_of(self.sender)} and " + (others[0] if len(others) == 1 else f"{len(others)} others")

    @property
    def targets(self) -> tuple[str, ...]:
        """The target that leads, and every other state in that role."""
        return self.in_role("target")

    def towards(self, code: str) -> Case:
        """The case with another of its states as the target: its own trade, licence rates (parameters named
        `….CODE`), users and outcomes (column `target`). The sender's rules stay what they are.

        Users are the same industries there, where the case names none. `geoecon.towards` adds the bundled trade where
        the case has no rows of the state's imports. Raises InputError for a state that the case
        does not have, or that withholds itself.
        """
        import pandas as pd

        known = {state.code: state for state in self.states}
        code = lexicon.code(code, known)
        if code == self.target:
            return self
        if code not in known or code in self.senders:
            allowed = ", ".join(name for name in known if name not in self.senders)
            raise InputError(f"target {code!r}; allowed for this case: {allowed}")
        states = tuple(
            replace(state, role="target", lead=True) if state.code == code
            else replace(state, role="other", lead=False) if state.role == "target" else state
            for state in self.states
        )  # fmt: skip
        products = tuple(replace(product, users=_users(product.users, code)) for product in self.products)
        rows = self.tables["parameters"]
        own = rows["name"].str.endswith(f".{code}")
        theirs = rows[own].assign(name=rows.loc[own, "name"].str.removesuffix(f".{code}"))
        rest = rows[~own & ~rows["name"].isin(theirs["name"])]
        frames = {**self.tables, "parameters": pd.concat([rest, theirs], ignore_index=True)}
        return replace(self, states=states, products=products, tables=MappingProxyType(frames))

    def alone(self, code: str) -> Case:
        """The case with one of its senders alone."""
        states = tuple(
            replace(state, role="sender", lead=True) if state.code == code
            else replace(state, role="other") if state.code in self.senders else state
            for state in self.states
        )  # fmt: skip
        return replace(self, states=states)

    @property
    def target(self) -> str:
        return self.role("target")

    @property
    def buyer(self) -> str:
        """Whose imports the case's goods are: the target's, or the sender's where case.toml says so (it refuses)."""
        return str(self.settings["case"].get("buyer", self.target))

    @property
    def seller(self) -> str:
        """Who sells the case's goods: the sender, or the target where the sender refuses to buy."""
        return self.sender if self.buyer == self.target else self.target

    @property
    def patron(self) -> str:
        return self.role("patron")

    @property
    def patrons(self) -> tuple[str, ...]:
        """The patron that leads, and every other state in that role; empty where no side has one."""
        return self.in_role("patron")

    def name_of(self, code: str) -> str:
        named = {state.code: state.name for state in self.states}
        return named.get(code) or countries.name(code)

    @property
    def firms(self) -> tuple[Firm, ...]:
        """Single firms that the case names; those of the target use the material of the case."""
        return tuple(Firm(**row) for row in self.settings.get("firms", []))

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
        """The trade panel as known at the cut-off: period, exporter, importer, product, value_usd, tonnes,
        share. What several senders sell stands added up under the one that leads."""
        return panel(Itself(self.table("trade")), self.cutoff, self.senders)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The priors: those of the rooms, overruled by the case's own as known at the cut-off, then the scenario."""
        found = dict(default_parameters())
        mine = self.tables["parameters"].sort_values("as_of", kind="stable")
        for row in tables.records(mine):
            if dates.last_day(row["as_of"]) <= self.cutoff:
                found[row["name"]] = parameter_of_row(row)
        for key, value in sorted(self.scenario.items(), key=lambda pair: "." in pair[0]):  # the closer name rules
            general = key if key in found else key.split(".")[0]  # a product or state may have its own value
            for name in rows_of(key, found) if general in found else ():
                found[name] = replace(found.get(name, found[general]), name=name).fixed(float(value))
        return MappingProxyType(found)

    def moved(self, key: str) -> tuple[str, ...]:
        """The parameters that a scenario key holds: the row of its name; a bare key also those of single products."""
        own = {name for name in self.scenario if "." in name and name != key}
        return tuple(name for name in rows_of(key, self.parameters) if name in self.parameters and name not in own)

    def known(self, name: str, column: str) -> pd.DataFrame:
        """Rows of a table whose date in `column` is not after the cut-off; a year or month counts when it is over."""
        return known_rows(Itself(self.table(name)), column, self.cutoff)

    def at(self, cutoff: date) -> Case:
        """The case as it could be known on that day."""
        return replace(self, cutoff=cutoff)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a bare scenario key moves beyond the row of its own name, in words."""
        rows = {key: [name for name in self.moved(key) if name != key] for key in self.scenario}
        return tuple(
            f"{key} = {float(self.scenario[key]):g} also holds for " + ", ".join(names)
            for key, names in rows.items()
            if names
        )

    def with_scenario(self, **changes: str | float) -> Case:
        """The case under other assumptions: a parameter held at a value, or a switch.

        A bare key holds for every row of its name (`moved`). Raises InputError naming each unknown key and each value
        that is not allowed, with what is.
        """
        values, faults = chosen(self.settings, tables.records(self.tables["parameters"]), changes)
        if faults:
            raise InputError(faults)
        return replace(self, scenario=MappingProxyType({**self.scenario, **values}))

    def switch(self, name: str) -> str | float | bool | None:
        """A scenario switch: what the scenario says, else the default of case.toml, else the general one or None, as of
        what is no switch."""
        own = self.settings.get("scenario", {})
        general = SWITCHES[name].default or None if name in SWITCHES else None
        value: str | float | bool | None = self.scenario.get(name, own.get(name, general))
        return value


def _users(users: tuple[tuple[str, str], ...], code: str) -> tuple[tuple[str, str], ...]:
    """The industries of one state that use a good; where none is named, the same as elsewhere."""
    own = tuple(pair for pair in users if pair[0] == code)
    return own or tuple((code, sector) for sector in dict.fromkeys(sector for _, sector in users))
