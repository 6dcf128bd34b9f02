"""One year of trade as every question about all flows reads it: shares of purchases and sales, worth of access."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geoecon.case import default_parameters
from geoecon.errors import InputError
from geoecon.flows import ATTRIBUTION, Flows, raw_materials, read_flows
from geoecon.indicators import FLOOR, loss

MISSING = 0.1  # of the value without tonnes: a share in tonnes would mislead


def not_held(what: str, origin: str, year: str) -> str:
    """What is said of a good that a table of trade does not hold, which is not the same as no trade."""
    known = "the trade of raw materials that ships" if origin == ATTRIBUTION else "this trade"
    return (
        f"{known} holds no row of {what} in {year}, of any pair: whether it is traded is unknown; allowed: a file of "
        "your own that has it (--flows FILE, as a year of BACI), or a good that it holds (geoecon data)"
    )


def year_of_trade(
    flows: str | Path | pd.DataFrame | Flows, year: str | int | None
) -> tuple[pd.DataFrame, str, tuple[str, ...]]:
    """Rows of one year, where they come from, and what their reader says of them."""
    if isinstance(flows, str) and flows == "sample":
        rows = raw_materials(str(year) if year else "2024")
        if not len(rows):
            raise InputError(f"year {year}; allowed: 1995 to 2024")
        return rows, ATTRIBUTION, ()
    read = read_flows(flows, quiet=True)
    years = [period for period in read.periods() if len(period) == 4]
    chosen = str(year) if year else (years[-1] if years else "")
    if chosen not in years:
        raise InputError(f"year {chosen or 'none'} of {read.label}; allowed: {', '.join(years) or 'yearly rows'}")
    return read.select(period=chosen).to_frame(), "; ".join(sorted(read.sources)), read.coverage.said


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares of the buyer's imports and of the seller's sales, and what access is worth."""
    rows = rows[rows["value_usd"] > 0].rename(columns={"exporter": "sender", "importer": "target"})
    bought = rows.groupby(["target", "product"])["value_usd"].transform("sum")
    sold = rows.groupby(["sender", "product"])["value_usd"].transform("sum")
    share = rows["value_usd"] / bought
    sigma = default_parameters()["supplier_elasticity"].central
    worth = loss(share, sigma, floor=FLOOR) * bought
    kept = rows[["sender", "target", "product", "value_usd"]]
    return kept.assign(import_share=share, sales_share=rows["value_usd"] / sold, access_cost_usd=worth)


def year_before(flows: str | Path | pd.DataFrame | Flows, year: str) -> pd.DataFrame:
    """Rows of the year before, where the trade has it: none of rows that were given."""
    if not year.isdigit():
        return pd.DataFrame()
    try:
        return year_of_trade(flows, year)[0]
    except InputError:
        return pd.DataFrame()


def of_tonnes(rows: pd.DataFrame) -> pd.Series[float]:
    """Each seller's share of the tonnes that a buyer bought of a product in all rows; of their value where more than
    a tenth has no tonnes. By target, product and sender."""
    known = rows[rows["value_usd"] > 0].assign(
        blank=rows["value_usd"].where(rows["tonnes"].isna(), 0.0), tonnes=rows["tonnes"].fillna(0.0)
    )
    keys = ["importer", "product"]
    whole = known.groupby(keys)[["value_usd", "tonnes", "blank"]].transform("sum")
    by_tonnes = (whole["blank"] < MISSING * whole["value_usd"]) & (whole["tonnes"] > 0)
    part = (known["tonnes"] / whole["tonnes"]).where(by_tonnes, known["value_usd"] / whole["value_usd"])
    named = [known["importer"].rename("target"), known["product"], known["exporter"].rename("sender")]
    return part.groupby(named).sum().rename("asked_share")
