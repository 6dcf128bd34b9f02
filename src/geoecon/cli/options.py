"""Options that many verbs share, and arguments written as key=value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import CycloptsError, Parameter, Token, UnusedCliTokensError, convert

import geoecon as ge
from geoecon.errors import InputError
from geoecon.files import check_place

if TYPE_CHECKING:
    from geoecon.case import Case
    from geoecon.flows import Flows

Json = Annotated[bool, Parameter(name="--json", negative="", help="print strict JSON instead of words")]

DrawCount = Annotated[int, Parameter(name="--draws", help="samples of the uncertain parameters, 0 for none")]
Seed = Annotated[int, Parameter(name="--seed", help="seed of the samples")]
Words = list[str] | None
DRAWS = 200  # as `geoecon.line.DRAWS`, which is not loaded for --help; a test holds the two together


@Parameter(name="*")
@dataclass(frozen=True)
class Assumptions:
    """What a verb takes for granted about a case."""

    scenario: Annotated[Words, Parameter(negative="", help="an assumption as key=value; repeat it")] = None
    cutoff: Annotated[str | None, Parameter(help="facts known by this day (YYYY-MM-DD)")] = None
    target: Annotated[str | None, Parameter(help="another state of the case as the target (its code)")] = None

    def of(self, name: str) -> Case:
        """The case as known by the cut-off, under the scenario."""
        return self.known(name).with_scenario(**self.changes)

    def known(self, name: str) -> Case:
        """The case as known by the cut-off. Raises InputError where it has no such cut-off."""
        case: Case = ge.load_case(name)
        if self.target is not None:
            case = ge.towards(case, self.target)
        if self.cutoff is None:
            return case
        day = a_day("--cutoff", self.cutoff)
        if day not in case.cutoffs:
            allowed = ", ".join(str(known) for known in case.cutoffs)
            raise InputError(f"--cutoff {self.cutoff}; allowed for this case: {allowed}")
        return case.at(day)

    @property
    def given(self) -> dict[str, bool]:
        """Which of them were given."""
        return {field.name: getattr(self, field.name) is not None for field in fields(self)}

    @property
    def changes(self) -> dict[str, str]:
        return pairs("--scenario", self.scenario)


NOTHING = Assumptions()


def idle(where: str, **given: bool) -> None:
    """Raises InputError for options that were given and that change nothing there."""
    names = ", ".join(f"--{name}" for name, one in given.items() if one)
    if names:
        raise InputError(f"{names} {'change' if ',' in names else 'changes'} nothing {where}; allowed: to leave it out")


def sampled(draws: int | None, seed: int) -> None:
    """Raises InputError for a seed beside no draws at all: central values alone are the same under every seed."""
    idle("beside --draws 0", seed=draws == 0 and seed != 0)


def refused(error: CycloptsError) -> str:
    """What the parser of the command line refuses, in the form of all other faults: what is wrong, what is allowed."""
    told = re.sub(r"(?<!\.)\.$", "", str(error))
    if "allowed: " in told:
        return told
    more = ""
    if isinstance(error, UnusedCliTokensError):
        told = f"{', '.join(map(repr, error.unused_tokens or ()))}: no argument is left for this"
        more = "; an option takes one value, and is repeated for more"
    verb = " ".join(["geoecon", *(error.command_chain or ())])
    return f"{told}; allowed: what {verb} --help lists{more}"


def strictly(kind: type, tokens: Sequence[Token]) -> str | int | float | bool | date | Path | None:
    """A value of its type; a fraction is no whole number and is refused, never rounded."""
    if kind is int and not re.fullmatch(r"[+-]?\d+", tokens[0].value):
        raise ValueError(f"{tokens[0].value!r}; allowed: a whole number")
    value: str | int | float | bool | date | Path | None = convert(kind, tokens)
    return value


def writes_file(help: str, *endings: str) -> Parameter:
    """An option that names the file to write, with one of the endings; tried before anything is read or solved."""

    def check(_: object, path: Path) -> None:
        if path is not None:
            check_place(path)
            if path.is_dir():
                raise InputError(f"{path} is a folder; allowed: a file")
            if endings and path.suffix.lower() not in endings:
                raise InputError(f"{path.name}; allowed: a file ending in {' or '.join(endings)}")

    return Parameter(help=help, validator=check)


def writes_folder(help: str, new: bool = False) -> Parameter:
    """An option that names the folder to write, tried before anything is read or solved; `new`: none is there yet."""

    def check(_: object, path: Path) -> None:
        if path is not None:
            check_place(path)
            if path.is_file() or (new and path.exists()):
                raise InputError(f"{path} exists; allowed: a new folder")

    return Parameter(help=help, validator=check)


@Parameter(name="*")
@dataclass(frozen=True)
class Reading:
    """How a file of trade flows is read; what the file settles by itself needs none of these."""

    report: Annotated[str | None, Parameter(help="whose report: importer, exporter or mirror")] = None
    exports: Annotated[str | None, Parameter(help="gross, or domestic (without re-exports)")] = None
    flow: Annotated[str | None, Parameter(help="imports or exports, where no column says which")] = None
    scope: Annotated[str | None, Parameter(help="world or part: whether all trade is in the file")] = None
    columns: Annotated[
        Words, Parameter(negative="", help="our name=the file's heading, or ==what every row has; repeat it")
    ] = None
    decimal: Annotated[str | None, Parameter(help="the decimal sign: . or , or ., (commas between thousands)")] = None
    encoding: Annotated[str | None, Parameter(help="of a text file, such as cp932")] = None
    unit: Annotated[Words, Parameter(negative="", help="'thousand USD', or unit=USD for one; repeat it")] = None
    numbers: Annotated[str | None, Parameter(help="countries: comtrade, iso, japan, china, census, geonom, fao")] = None
    classification: Annotated[str | None, Parameter(help="of the products: HS17, SITC and so on")] = None
    only: Annotated[Words, Parameter(negative="", help="heading=value of the rows to read; repeat it")] = None
    ignore: Annotated[Words, Parameter(negative="", help="a heading that changes nothing; repeat it")] = None
    frequency: Annotated[str | None, Parameter(help="year, quarter or month, where a file has several")] = None
    digits: Annotated[int | None, Parameter(help="length of the product codes, where a file has several")] = None
    duplicates: Annotated[str | None, Parameter(help="a flow that stands twice: stop, sum or drop")] = None
    unknown: Annotated[str | None, Parameter(help="unknown country codes: stop or aside")] = None
    sheet: Annotated[str | None, Parameter(help="of a workbook")] = None
    from_table: Annotated[str | None, Parameter(help="of a database")] = None
    limit: Annotated[int | None, Parameter(help="record limit of the query behind a reply")] = None
    aside: Annotated[Path | None, writes_file("CSV for rows set aside, each with the reason")] = None

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of `read_flows` that were given."""
        found: dict[str, Any] = {
            field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name) is not None
        }
        for name in ("columns", "only"):
            if name in found:
                found[name] = pairs(f"--{name}", found[name])
        if "unit" in found:
            words = found["unit"]
            found["unit"] = words[0] if len(words) == 1 and "=" not in words[0] else pairs("--unit", words)
        if "from_table" in found:
            found["table"] = found.pop("from_table")
        return found

    def beside(self, flows: str | Path | None, file: str = "with --flows") -> dict[str, Any]:
        """What was given, for a user's file. Raises InputError for what was given beside the bundled trade, or none."""
        given = self.given
        if given and (flows is None or str(flows) == "sample"):
            names = ", ".join(f"--{'from-table' if name == 'table' else name}" for name in given)
            raise InputError(f"{names} without a file; allowed: {file}")
        return given

    def of(self, flows: str | Path | None) -> Flows | str | Path | None:
        """A user's file read as was asked for; the bundled trade, or none, as it is."""
        given = self.beside(flows)
        if flows is None or str(flows) == "sample":
            return flows
        from geoecon.flows import read_flows

        return read_flows(str(flows), quiet=True, **given)


AS_IT_IS = Reading()
TableWords = Annotated[
    Words,
    Parameter(negative="", help="how the table is read, as sheet=2019: kind, year, sheet, encoding, decimal, unit"),
]


def table_reading(items: Words) -> dict[str, Any]:
    """The options of an input-output table, written as name=value. Raises InputError for another name, or no year."""
    found: dict[str, Any] = dict(pairs("--table-as", items))
    known = ("kind", "year", "sheet", "encoding", "decimal", "unit")
    faults = [f"--table-as {name}={told}; allowed: {', '.join(known)}" for name, told in found.items()
              if name not in known or (name == "year" and not told.isdecimal())]  # fmt: skip
    if faults:
        raise InputError(faults)
    return found | ({"year": int(found["year"])} if "year" in found else {})


def a_day(option: str, text: str) -> date:
    """A day as YYYY-MM-DD, or with dots as DD.MM.YYYY, where the day always comes first."""
    dotted = re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", text.strip())
    try:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r}; allowed: a day as YYYY-MM-DD or DD.MM.YYYY") from None


def shares(option: str, items: Words) -> dict[str, float] | None:
    """Arguments written as supplier=share, from 0 to 1 or in per cent; None without any. Raises InputError naming each
    that is neither."""
    found, faults = {}, []
    for key, text in pairs(option, items).items():
        number = text.removesuffix("%").strip()
        try:
            share = float(number) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = float("nan")
        if not 0 <= share <= 1:
            faults.append(f"{option} {key}={text}; allowed: supplier=the share that still comes, as 0.5 or 50%")
        found[key] = share
    if faults:
        raise InputError(faults)
    return found or None


def pairs(option: str, items: Words) -> dict[str, str]:
    """Arguments written as key=value. Raises InputError that names each one that is not, and each repeated key."""
    split = [(item, *item.partition("=")) for item in items or []]
    faults = [
        f"{option} {item!r}; allowed: key=value"
        for item, key, equals, value in split
        if not equals or not key.strip() or not value.strip()
    ]
    keys = Counter(key.strip() for _, key, _, _ in split)
    faults += [f"{option} {key} is given {times} times; allowed: once" for key, times in keys.items() if times > 1]
    if faults:
        raise InputError(faults)
    return {key.strip(): value.strip() for _, key, _, value in split}
