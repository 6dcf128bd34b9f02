"""Incomes of the user: gross domestic product and population by country and year, as the World Bank hands them out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.files import file_aside, own_folder, own_record

SERIES: Mapping[str, str] = {"NY.GDP.MKTP.CD": "gdp_usd", "SP.POP.TOTL": "population"}
HEADINGS = {"Country Name", "Country Code", "Indicator Code"}
EMPTY = ("", "..")
OWN_INCOMES = "World Bank, incomes and population as the user brought them (geoecon data update)"
YEAR = re.compile(r"((?:19|20)\d\d)(?: \[YR\d{4}\])?")  # as the Data Bank writes them: "2023 [YR2023]"


def is_incomes(place: Path) -> bool:
    """Whether a file is a World Bank table by country and year, as downloaded: CSV, or the zip around it."""
    text = _text(place)
    return text is not None and _header(text) is not None


def renew_incomes(place: Path) -> str:
    """Keeps a World Bank table of gross domestic product (current USD) or of population, and says what it holds.

    Years beside those kept before are added. Groups of countries are left out and counted. Raises InputError with
    every fault: another series, a cell that is no number; nothing is kept then.
    """
    made, left = _rows(place)
    old = own_incomes()
    kept = pd.concat([old, made]).groupby(["state", "year"], as_index=False).last()  # a newer cell replaces an older
    with file_aside(own_folder() / "records" / "incomes.parquet") as part:
        kept.assign(added=date.today().isoformat()).to_parquet(part, index=False)
    named = " and ".join(name for name in SERIES.values() if made[name].notna().any())
    span = f"{made['year'].min()} to {made['year'].max()}"
    return f"{named.replace('_usd', '')} of {made['state'].nunique()} countries, {span} ({left} groups left out)"


@cache
def own_incomes() -> pd.DataFrame:
    """state, year, gdp_usd, population of the user's own file; empty where there is none."""
    place = own_record("incomes")
    if place is None:
        return pd.DataFrame({"state": [], "year": [], "gdp_usd": [], "population": []})
    return pd.read_parquet(place).drop(columns="added")


def own_income(code: str, name: str, until: int) -> tuple[int, float] | None:
    """(year, value) of a country in the last year up to `until` that the user's file knows, or None."""
    rows = own_incomes()
    mine = rows[(rows["state"] == code) & (rows["year"] <= until)].dropna(subset=[name])
    if not len(mine):
        return None
    last = mine.sort_values("year").iloc[-1]
    return int(last["year"]), float(last[name])


def _text(place: Path) -> str | None:
    """The table inside a CSV or zip; None for another file."""
    if place.suffix.lower() == ".zip":
        with zipfile.ZipFile(place) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".csv") and "Metadata" not in name]
            return archive.read(inside[0]).decode("utf-8-sig") if len(inside) == 1 else None
    if place.suffix.lower() not in (".csv", ".txt"):
        return None
    return place.read_text(encoding="utf-8-sig", errors="replace")


def _header(text: str) -> int | None:
    """The line of the headings; lines about the source and its date stand above."""
    for number, line in enumerate(text.splitlines()[:8]):
        cells = {cell.strip().strip('"') for cell in line.split(",")}
        if cells >= HEADINGS or cells >= {"Country Code", "Series Code"}:
            return number
    return None


def _rows(place: Path) -> tuple[pd.DataFrame, int]:
    """(one row a country and year, how many groups of countries were left out)."""
    text = _text(place) or ""
    skipped = _header(text) or 0
    table = pd.read_csv(io.StringIO(text), skiprows=skipped, dtype=str, keep_default_na=False, skip_blank_lines=False)
    series = "Indicator Code" if "Indicator Code" in table.columns else "Series Code"
    table = table[table["Country Code"] != ""]
    strange = sorted(set(table[series]) - set(SERIES))
    faults: list[Fault | str] = [
        Fault(place.name, skipped + 2, series, name, " or ".join(SERIES)) for name in strange[:5]
    ]
    years = {column: int(found[1]) for column in table.columns if (found := YEAR.fullmatch(str(column)))}
    if not years:
        faults.append(Fault(place.name, skipped + 1, None, "no column of a year", "columns 1960, 1961, …"))
    if faults:
        raise InputError(faults)
    own = table["Country Code"].map(lambda code: countries.is_known(code) and countries.is_country(code))
    long = table[own].melt(id_vars=["Country Code", series], value_vars=list(years), ignore_index=False)
    long = long[~long["value"].isin(EMPTY)]
    number = pd.to_numeric(long["value"], errors="coerce")
    bad = long[number.isna() | (number <= 0)]
    if len(bad):
        raise InputError([
            Fault(place.name, int(line) + skipped + 2, str(column), repr(str(value)), "a number above 0")
            for line, column, value in list(zip(bad.index, bad["variable"], bad["value"], strict=True))[:20]
        ])  # fmt: skip
    made = long.assign(value=number, year=long["variable"].map(years), name=long[series].map(SERIES))
    wide = made.pivot_table(index=["Country Code", "year"], columns="name", values="value").reset_index()
    wide = wide.rename(columns={"Country Code": "state"}).reindex(columns=["state", "year", *SERIES.values()])
    return wide.rename_axis(columns=None), int(table.loc[~own, "Country Code"].nunique())
