"""Another state of a case as the target, with the bundled trade where the case has no rows of its imports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from geoecon.case import Case, Product, load_case
from geoecon.errors import InputError
from geoecon.figure import cite
from geoecon.flows import raw_materials
from geoecon.questions.rows import YEARS, codes_held, summed, table_of


def towards(case: Case | str | Path, code: str) -> Case:
    """The case with `code` as its target (`Case.towards`): own trade, licence rates, users, firms and outcomes.

    Imports of goods that the case has no rows of for this state are taken from the bundled trade in raw materials,
    marked as such; goods that are not in it stay without. Raises InputError for a state that the case does not have,
    and for one of whose imports nothing is recorded.
    """
    case = load_case(case)
    found = case.towards(code)
    code = found.target
    panel = found.tables["trade"]
    has = set(panel[(panel["importer"] == code) & panel["value_usd"].notna()]["product"])
    parts = [
        rows
        for product in found.products
        if product.id not in has and (rows := _bundled(case, product, code)) is not None
    ]
    if not parts:
        return _with_imports(found)
    more = pd.concat(parts, ignore_index=True).assign(line=0, source=cite("ask-baci"))
    joined = pd.concat([panel, more], ignore_index=True)[list(panel.columns)]
    return _with_imports(replace(found, tables=MappingProxyType({**found.tables, "trade": joined})))


def _with_imports(case: Case) -> Case:
    """The case, if anything is recorded of what its target imports of the goods: else no loss would be told as none."""
    if case.buyer == case.target and not (case.tables["trade"]["importer"] == case.target).any():
        goods = [product.id for product in case.products]
        raise InputError(
            f"target {case.target!r}: nothing is recorded of its imports of {', '.join(goods)}; allowed: a state that "
            "has rows in trade.csv, or goods whose HS codes are in the bundled trade"
        )
    return case


def _bundled(case: Case, product: Product, code: str) -> pd.DataFrame | None:
    """Yearly rows of what a state imports of a good, or None where the bundled trade has too few of its codes."""
    held = codes_held(product.hs)
    if not held:
        return None
    rows = raw_materials(importer=code, product=held)
    rows = rows[(rows["exporter"] != code) & (rows["period"] >= str(case.start.year - YEARS))]
    return table_of(summed(rows), product.id, held) if len(rows) else None
