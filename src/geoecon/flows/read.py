"""read_flows: any source of trade flows as one type, checked, with ISO3 codes and a coverage report."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.errors import InputError
from geoecon.flows import products, systems, units
from geoecon.flows.assembled import Way, assembled, one_set
from geoecon.flows.coverage import CoverageWarning
from geoecon.flows.flows import Flows, described
from geoecon.flows.raw import Raw, Request
from geoecon.flows.sources import opened

if TYPE_CHECKING:
    from geoecon.kinds import Rows


DUPLICATES = ("stop", "sum", "drop")


def read_flows(
    source: Rows | Flows,
    *,
    report: str = "importer",
    exports: str = "gross",
    duplicates: str = "stop",
    correspondence: Mapping[str, Iterable[str]] | None = None,
    classification: str | None = None,
    vintage: str | None = None,
    scope: str | None = None,
    limit: int | None = None,
    columns: Mapping[str, str] | None = None,
    unknown: str = "stop",
    decimal: str | None = None,
    encoding: str | None = None,
    unit: str | float | Mapping[str, float] | None = None,
    only: Mapping[str, str] | None = None,
    ignore: Sequence[str] = (),
    numbers: str | None = None,
    flow: str | None = None,
    frequency: str | None = None,
    digits: int | None = None,
    table: str | None = None,
    sheet: str | None = None,
    aside: str | Path | None = None,
    on: str | None = None,
    quiet: bool = False,
) -> Flows:
    """Trade flows from CEPII BACI, UN Comtrade, Eurostat, a customs office or a tidy table, as `Flows`.

    `source` is "sample", a file (CSV, TSV, gzip, zip, Parquet, JSON, Excel, DuckDB), a folder, a glob, a list of such,
    or a pandas, Polars, Arrow, DuckDB or Spark table. Whose trade counts: `report` says whose report (importer,
    exporter, mirror: the importer's, filled up with the exporter's), `exports` whether re-exports are in (gross,
    domestic), `flow` what the rows are where no column says it (imports, exports), `scope` "world" or "part" whether
    the table holds everybody's trade, `limit` the record limit of the query behind a Comtrade reply.

    How it is written: `columns` maps our names to the file's headings, or to what every row has ({"reporter": "=GBR"}),
    `decimal` (. , or .,) and `encoding` settle what cells and bytes do not, `unit` is USD for one ("thousand USD", a
    number, or {"million JPY": USD for one}), `numbers` the system of country numbers (comtrade, iso, japan, china,
    census, fao, geonom, brazil, imf, cow), `classification` that of the products (HS17, SITC, FAO, …), `table` and
    `sheet` one of several.

    Which rows: `only` maps a heading to the value that is wanted, `ignore` lists headings that change nothing,
    `frequency` (year, quarter, month) and `digits` (of
    product codes) keep one level where a table has totals and parts; left out, what contains others of the same flow
    counts once. `duplicates` says what to do with a key that stands twice (stop, sum, drop exact copies), `unknown`
    country codes stop the read or are set "aside", `correspondence` groups products over HS revisions. `aside` is a
    file for the rows that were set aside, each with the reason.

    A CoverageWarning tells what was set aside or repaired (`quiet` leaves it to `.coverage`). Raises InputError with
    every fault, its file and line, and where a column that changes the meaning of a row cannot be understood.
    """
    given = {name: told for name, told in locals().items() if name in DEFAULTS and told and told != DEFAULTS[name]}
    if duplicates not in DUPLICATES:
        raise InputError(f"duplicates {duplicates!r}; allowed: " + ", ".join(DUPLICATES))
    if unknown not in ("stop", "aside"):
        raise InputError(f"unknown {unknown!r}; allowed: stop, aside")
    if flow not in (None, "imports", "exports"):
        raise InputError(f"flow {flow!r}; allowed: imports, exports")
    if isinstance(source, Flows):
        _untouched("flows that are read", given)
        return source.on(on)
    if isinstance(source, str) and source == "sample":
        from geoecon.flows.sample import sample

        _untouched("the bundled trade", given)
        return sample().on(on)
    request = Request(
        report, exports, limit, columns, table, sheet, decimal, encoding, units.factors(unit), only or {},
        (ignore,) if isinstance(ignore, str) else tuple(ignore), flow,
        systems.checked(numbers), unknown, products.revision(classification or ""), frequency,
    )  # fmt: skip
    raws = opened(source, request)
    one_set(raws, regrouped=correspondence is not None)
    if all(raw.meta is not None for raw in raws) and len(raws) == 1:
        _untouched(raws[0].name, {name: told for name, told in given.items() if name not in STATED})
        found = described(raws[0].rows, raws[0].meta or {})
    else:
        found = assembled(raws, Way(duplicates, scope, unknown, request.numbers, frequency, digits, aside))
    found = _stated(found, raws, classification, vintage, scope)
    if correspondence is not None:
        found = found.regroup(correspondence)
    if not quiet and found.coverage.said:
        warnings.warn(f"{', '.join(raw.name for raw in raws[:3])}: {found.coverage}", CoverageWarning, stacklevel=2)
    return found.on(on)


DEFAULTS: Mapping[str, Any] = read_flows.__kwdefaults__ or {}
STATED = ("vintage", "classification", "scope", "correspondence")  # what the user says of any table


def _untouched(name: str, given: Mapping[str, Any]) -> None:
    """Raises InputError for options of reading where all is read: they would change nothing."""
    told = [f"{option} {value!r}" for option, value in given.items() if option not in ("on", "quiet")]
    if told:
        raise InputError(f"{name}: read and checked before, so {', '.join(told)} would change nothing; allowed: the "
                         "option when the table itself is read (convert), or without it")  # fmt: skip


def _stated(found: Flows, raws: list[Raw], classification: str | None, vintage: str | None, scope: str | None) -> Flows:
    """What the user states overrules what the files say."""
    if classification is not None:
        revision = products.revision(classification)
        if not revision:
            raise InputError(
                f"classification {classification!r}; allowed: an HS revision as HS17 or H5, SITC, BEC, FAO"
            )
        if found.hs and found.hs != revision:
            told = f"classification {classification!r} against {found.hs} of {raws[0].name}"
            raise InputError(f"{told}; allowed: the file's own revision")
        found = replace(found, hs=revision)
    if scope is not None and scope not in ("world", "part"):
        raise InputError(f"scope {scope!r}; allowed: world, part")
    return replace(found, vintage=vintage or found.vintage, scope=scope or found.scope)
