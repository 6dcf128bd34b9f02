"""From labelled blocks of a file to a table: one grid of regions and sectors, nothing lost without a word."""

from __future__ import annotations

import gzip
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.production.findings import Array, Finding
from geoecon.production.table import IOTable

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.kinds import Ints
    from geoecon.production.table import About


Pair = tuple[str, str]


class TableWarning(UserWarning):
    """What the checks of a table found on reading; `IOTable.findings` has the same, one by one."""


def assemble(
    pairs: Sequence[Pair], Z: Array, users: Sequence[Pair], final: Array, value_added: Array | None = None,
    taxes: Array | None = None, x: Array | None = None, **about: Unpack[About],
) -> IOTable:  # fmt: skip
    """A table from blocks in the file's order: industries `pairs` (n), sales Z (n, n), final users (region, category).

    Missing combinations of region and sector become zero and are noted; a pair that stands twice is refused. Output
    is the row sum unless given. Warns with what the checks find.
    """
    _once(pairs, about.get("name", "table"))
    regions = tuple(dict.fromkeys(region for region, _ in pairs))
    sectors = tuple(dict.fromkeys(sector for _, sector in pairs))
    regions += tuple(region for region in dict.fromkeys(r for r, _ in users) if region not in regions)
    kinds = tuple(dict.fromkeys(kind for _, kind in users)) or ("final demand",)
    place = np.array([regions.index(r) * len(sectors) + sectors.index(s) for r, s in pairs])
    n = len(regions) * len(sectors)
    big = np.zeros((n, n))
    big[np.ix_(place, place)] = Z
    wide = np.zeros((n, len(regions), len(kinds)))
    for column, (region, kind) in enumerate(users):
        wide[place, regions.index(region), kinds.index(kind)] += final[:, column]
    absent = sorted(set(range(n)) - set(place.tolist()))
    names = [f"{regions[k // len(sectors)]}/{sectors[k % len(sectors)]}" for k in absent]
    noted = [Finding("absent", name, "not in the file; its cells are zero", 0.0) for name in names]
    made = IOTable(
        big, wide, _spread(x, place, n) if x is not None else big.sum(axis=1) + wide.sum(axis=(1, 2)),
        regions, sectors, kinds,
        value_added=np.zeros(0) if value_added is None else _spread(value_added, place, n),
        taxes=np.zeros(0) if taxes is None else _spread(taxes, place, n),
        **(about | {"noted": (*noted, *about.get("noted", ()))}),
    )  # fmt: skip
    warn(made)
    return made


def _spread(values: Array, place: Ints, n: int) -> Array:
    out = np.zeros(n)
    out[place] = values
    return out


def _once(pairs: Sequence[Pair], name: str) -> None:
    twice = [pair for pair, times in Counter(pairs).items() if times > 1]
    if twice:
        raise InputError(
            Fault(name, None, None, f"{'/'.join(pair)} stands twice", "each industry once") for pair in twice
        )


def warn(table: IOTable, kinds: Iterable[str] = ("balance", "negative", "value added", "discrepancy", "unit")) -> None:
    """One warning with the findings of these kinds, at most twenty lines."""
    found = [str(finding) for finding in table.findings if finding.kind in set(kinds)]
    if found:
        more = [f"and {len(found) - 20} more in .findings"] if len(found) > 20 else []
        warnings.warn(f"{table.name}:\n" + "\n".join(found[:20] + more), TableWarning, stacklevel=4)


def split(label: str) -> Pair:
    """Region and sector of a label such as KOR_C10_12: the first underscore only."""
    if label.startswith("WRL_REST_"):  # FIGARO's rest of the world in its later editions
        return "FIGW1", label.removeprefix("WRL_REST_")
    region, _, sector = label.partition("_")
    return region, sector


def region_name(code: str, groups: Mapping[str, str] | None = None) -> str:
    """ISO 3166 alpha-3 of a region's code, the rest of the world as ROW; groups of a data base first.

    EXIOBASE calls the rest of Africa WF, which is Wallis in ISO: its groups keep names of their own.
    """
    if groups and code in groups:
        return groups[code]
    if code.upper() in ("ROW", "FIGW1", "WWW", "ROTW"):
        return "ROW"
    try:
        return countries.resolve(code).iso3
    except InputError:
        return code


def numbers(frame: pd.DataFrame, name: str) -> Array:
    """A block as numbers. Raises InputError naming every cell that is empty, not a number or not finite."""
    block = frame.to_numpy() if all(kind.kind == "f" for kind in frame.dtypes) else _convert(frame)
    block = np.asarray(block, float)
    bad = np.argwhere(~np.isfinite(block))
    if len(bad):
        raise InputError(
            Fault(name, None, f"{frame.columns[j]}", f"row {frame.index[i]}: {(cell := _cell(frame.iat[i, j]))}",
                  NUMBER if SEPARATED.search(cell) else "a finite number, 0 where nothing is sold")
            for i, j in bad
        )  # fmt: skip
    return block


NUMBER = "a finite number; decimal= says its sign (--decimal)"
SEPARATED = re.compile(r"\d[.,]\d")


def _cell(cell: object) -> str:
    return "empty" if cell is None or cell != cell else repr(str(cell))


def _convert(frame: pd.DataFrame) -> Array:
    columns = [np.asarray(pd.to_numeric(frame.iloc[:, k], errors="coerce"), float) for k in range(frame.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((len(frame), 0))


def opened(path: Path, year: int | None = None) -> IO[bytes]:
    """A CSV file, gzipped, or the one CSV of a zip (that of the year where it holds several)."""
    if not path.is_file():
        raise InputError(Fault(path.name, None, None, "file is missing", "an input-output table"))
    if path.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    if not zipfile.is_zipfile(path):
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    texts = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    members = [name for name in texts if "__MACOSX" not in name and not Path(name).name.startswith(".")]
    mine = [name for name in members if year is None or year_in(Path(name).stem) == year]
    if len(mine) != 1:
        found = ", ".join(members[:20]) or "no CSV"
        raise InputError(
            Fault(path.name, None, None, found, f"one CSV file{f' of {year}' if year else '; name a year'}")
        )
    return archive.open(mine[0])


def read_grid(path: Path, year: int | None = None) -> pd.DataFrame:
    """A matrix file with labels in its first column and line. Empty cells are missing, NA is text.

    Raises InputError for a file that is missing, empty, not UTF-8, truncated, or that has a label twice.
    """
    try:
        with opened(path, year) as content:
            frame = pd.read_csv(content, index_col=0, keep_default_na=False, na_values=[""], encoding="utf-8-sig",
                                low_memory=False)  # fmt: skip
    except pd.errors.EmptyDataError:
        raise InputError(Fault(path.name, 1, None, "file is empty", "a table with a header line")) from None
    except (pd.errors.ParserError, UnicodeDecodeError, EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
        raise InputError(Fault(path.name, None, None, str(error), "a complete CSV file in UTF-8")) from None
    frame.index = pd.Index([str(label).strip() for label in frame.index])
    frame.columns = pd.Index([str(label).strip() for label in frame.columns])
    nameless = [k for k, label in enumerate(frame.columns) if re.match(r"Unnamed: \d+$", str(label))]
    if nameless and frame.iloc[:, nameless].isna().to_numpy().all():  # a comma at the end of each line
        frame = frame.iloc[:, [k for k in range(frame.shape[1]) if k not in nameless]]
    twice = [*frame.index[frame.index.duplicated()], *_repeated(frame.columns)]
    if twice:
        raise InputError(Fault(path.name, None, None, f"{label} stands twice", "each industry once") for label in twice)
    if not frame.shape[1]:
        raise InputError(Fault(path.name, 1, None, f"one column: {frame.index.name!r}", "columns set apart by commas"))
    return frame


def _repeated(columns: pd.Index[Any]) -> list[str]:
    """Headings that stood twice: the reader calls the second one X.1."""
    known = set(columns)
    return [str(c) for c in columns if str(c).endswith(".1") and str(c)[:-2] in known]


PUBLISHED = re.compile(r"(?:(\d{4})_SML|ICIO\d{4}_(\d{4})|.*_\d\ded_(\d{4}))(?:\.csv)?")  # names that offices give


def year_of(asked: int | None, file: Path, *said: str) -> int | None:
    """The year that is asked for, or that the texts of a table or the name of its file say.

    Raises InputError where another is asked for than the table or the name that its office gave it says.
    """
    own = next((year for text in said if (year := year_in(text)) is not None), None)
    if own is None and file.is_file() and not zipfile.is_zipfile(file):
        own = year_in(file.stem) if PUBLISHED.fullmatch(file.stem) else None
    if None not in (asked, own) and asked != own:
        raise InputError(Fault(file.name, None, None, f"year {asked} of a table of {own}", f"year={own}, or none"))
    return asked or own or year_in(file.stem)


def year_in(name: str) -> int | None:
    """The last four-digit year in a file's name, so that ICIO2021_2018 is 2018; editions such as 24ed do not count."""
    found = re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", name)
    return int(found[-1]) if found else None
