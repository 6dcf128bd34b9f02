"""ge.precedents: the question checked, what it leaves open taken from the trade table, and the class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geoecon import countries, lexicon
from geoecon.episodes import build
from geoecon.episodes import record as records
from geoecon.episodes.nearest import Array, K
from geoecon.episodes.outcome import shown
from geoecon.episodes.precedents import ENOUGH, Precedents
from geoecon.episodes.record import Record, a_day, last_year
from geoecon.errors import InputError, MissingData

if TYPE_CHECKING:
    from geoecon.kinds import Rows


CHAPTERS = [chapter for chapter in range(1, 98) if chapter != 77]  # of the Harmonized System; 77 is left free
READING = (
    "A fall of 98 % stands for 98 % and more. Replaced: below 0 others delivered less than before, above 1 they "
    "delivered more than was lost."
)
MISSING = 0.1  # of the value without tonnes: a share in tonnes would mislead


def precedents(
    product: str,
    supplier: str | None = None,
    importer: str | None = None,
    cut: float | Iterable[float] | None = None,
    known_by: str | date | None = None,
    k: int = K,
    *,
    share: float | None = None,
    episodes: str | Path | Record | None = None,
    flows: Rows | None = None,
    label: str = "",
) -> Precedents:
    """The `k` most similar of all cut-offs known by a day, and what followed them.

    `product` is an HS code, `supplier` and `importer` are ISO3. `cut` is the fall of the supplier's deliveries in the
    year of the cut, above 0 to 1, or draws of it (of how deep announced controls have cut: `depth().draws()`); left
    out, all of it is cut, as `exposure` assumes.
    `share` (of the importer's tonnes in the two years before) is read from `flows`, or the bundled trade, where it is
    not given. `known_by` is the day of the question: only outcomes that were over by then are seen. Where the record
    holds the cut-off itself, in the year that then began or the next, what came stands beside what is told. `episodes`
    is a record of the user's own (see `cut_offs`); otherwise the one of raw materials that ships.

    Raises InputError for an unknown code, a cut of 0 or above 1, MissingData where fewer than 40 cut-offs are known.
    """
    code, day = _product(product), a_day(known_by)
    supplier = lexicon.code(supplier) if supplier is not None else None
    importer = lexicon.code(importer) if importer is not None else None
    for side, state in (("supplier", supplier), ("importer", importer)):
        if state is not None and not countries.is_known(state):
            raise InputError(f"{side} {state!r}; allowed: the ISO 3166 code {countries.resolve(state).iso3}")
    cuts = _cuts(cut)
    if not isinstance(k, int) or isinstance(k, bool) or k < ENOUGH:
        raise InputError(f"k {k}; allowed: a whole number from {ENOUGH}, for fewer cannot tell the ends of a band")
    counted = ""
    said: tuple[str, ...] = ()
    if share is None:
        share, counted, said = _share(code, supplier, importer, day, flows)
    if not 0 < share <= 1:
        raise InputError(f"share {share:g}; allowed: a share above 0 up to 1")
    record = episodes if isinstance(episodes, Record) else records.read(episodes) if episodes else records.shipped()
    known = record.known("imports", 2, last_year(day))
    if len(known) < ENOUGH:
        raise MissingData(
            f"cut-offs known by {day}: {len(known)} in the record, {ENOUGH} are needed for a band; allowed: a later day"
        )
    when, came = _came(record, code, supplier, importer, day)
    told = (*notes(record, code, supplier, day), READING, *when, *record.notes, *said)
    label = label or f"HS {code}"
    return Precedents(code, supplier, importer, float(share), cuts, day, k, record, told, label, counted, came)


def _came(
    record: Record, product: str, supplier: str | None, importer: str | None, day: date | None
) -> tuple[tuple[str, ...], dict[str, float]]:
    """The cut-off itself, where the record holds it after the day of the question: a note, and outcome_years."""
    if day is None:
        return (), {}
    table, first = record.table, (day + timedelta(days=1)).year
    mine = table[
        (table["product"] == product) & (table["supplier"] == supplier) & (table["importer"] == importer)
        & (table["kind"] != "no cut-off") & table["year"].between(first, first + 1)
    ]  # fmt: skip
    if mine.empty:
        return (), {}
    row = mine.iloc[0]
    told = {"back", *build.OUTCOMES.values()}
    found = {
        column: float(np.round(shown(np.asarray(row[column], float), column.rpartition("_")[0]), 3))
        for column in table.columns
        if column.rpartition("_")[0] in told and np.isfinite(row[column])
    }
    return (f"What came is on record: in {row['year']} {100 * row['cut']:.0f} % stopped.",), found


def _product(product: str) -> str:
    code = str(product).strip()
    if not code.isdigit():
        named = lexicon.good(code).hs
        if len(named) != 1:
            raise InputError(f"product {product!r} has several codes; allowed: one of {', '.join(named)}")
        code = named[0]
    if not code.isdigit() or len(code) not in (2, 4, 6):
        raise InputError(f"product {product!r}; allowed: a name, or an HS code of 6, 4 or 2 digits")
    if int(code[:2]) not in CHAPTERS:
        raise InputError(f"product {product!r}: the Harmonized System has no chapter {code[:2]}; allowed: 01 to 97")
    return code


def _cuts(cut: float | Iterable[float] | None) -> Array:
    if cut is None:
        return np.ones(1)
    values = np.atleast_1d(np.asarray(cut if isinstance(cut, int | float) else list(cut), float))
    least = values > 0 if len(values) == 1 else values >= 0  # among draws some may cut nothing
    if not len(values) or not (least & (values <= 1)).all():
        bad = values[~(least & (values <= 1))]
        raise InputError(f"cut {bad[0] if len(bad) else cut}; allowed: a fall above 0 up to 1, or draws from 0 to 1")
    return values


def _share(
    product: str, supplier: str | None, importer: str | None, day: date | None, flows: Rows | None
) -> tuple[float, str, tuple[str, ...]]:
    """The supplier's share of the importer's tonnes, two years before; of its value where a tenth has no tonnes;
    which of the two it is; and what the reader of `flows` says."""
    from geoecon import flows as trade

    sides = ("supplier", supplier, "who cuts off, as IDN"), ("importer", importer, "who is cut off, as JPN")
    if missing := [f"{name} is missing; allowed: {example}" for name, given, example in sides if given is None]:
        raise InputError([*missing, "share is missing; allowed: the supplier's share of the imports, as 0.85, instead"])
    assert supplier is not None and importer is not None
    table = trade.thirty_years() if flows is None else trade.read_flows(flows)
    whole, table = table, table.select(importer=importer, product=product)
    years = [period for period in table.periods() if len(period) == 4 and (day is None or int(period) < day.year)]
    frame = table.select(period=years[-2:]).to_frame() if years else None
    if frame is None or frame.empty:
        if whole.select(product=product).to_frame().empty:
            held = f"HS {product}: the trade table holds no row of this code, of any pair"
            raise MissingData(f"{held}; allowed: share=, or flows= with a file that has it")
        where = f"{countries.name(str(importer))} of {product}" + (f" before {day.year}" if day else "")
        raise MissingData(f"imports by {where} in the trade table; allowed: share=, or flows= with them")
    unknown = frame.loc[frame["tonnes"].isna(), "value_usd"].sum() / frame["value_usd"].sum()
    by = "tonnes" if unknown < MISSING else "value_usd"
    share = float(frame.loc[frame["exporter"] == supplier, by].sum() / frame[by].sum())
    if share <= 0:
        bought = f"{countries.name(importer)} bought no HS {product} from {countries.name(supplier)}"
        raise InputError(f"{bought} in {' and '.join(years[-2:])}; allowed: a pair with trade, or share=")
    return share, by.removesuffix("_usd"), whole.coverage.said if flows is not None else ()


def notes(record: Record, product: str, supplier: str | None, day: date | None) -> tuple[str, ...]:
    """What the class is made of: how many of the product and its kin, and the class above that was used."""
    table = record.table[(record.table["kind"] != "no cut-off") & (record.table["year"] + 1 < last_year(day))]
    codes = table["product"]
    same = int((codes.str.startswith(product)).sum())
    chapter = int(codes.str.startswith(product[:2]).sum())
    kinds = f"{same} of them are of HS {product}, {chapter} of its chapter"
    told = [f"The class is all raw materials: {kinds}, too few to stand alone."]
    if chapter == 0:
        told = [
            f"None is of HS chapter {product[:2]}: the class is all raw materials, and on others nothing is known yet."
        ]
    if supplier is not None:
        mine = int((table["supplier"] == supplier).sum())
        if mine == 0:
            told.append(f"None is by {countries.name(supplier) if countries.is_known(supplier) else supplier}.")
    return tuple(told)
