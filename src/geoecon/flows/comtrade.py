"""UN Comtrade: API replies and bulk files; which side reported, re-exports, aggregates, record limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.flows import products

LIMITS = (500, 100_000, 250_000)  # records of one reply: without a key, and with one (older and newer service)
PERIODS = "a period as YYYY for annual or YYYYMM for monthly data"
CIF_MARGIN = (0.9, 1.25)  # ratio of the importer's (CIF) to the exporter's (FOB) report that is usual
KEYS = ["period", "reporter", "partner", "product", "flow"]


def records(path: Path, name: str, *, limit: int | None = None, query: str = "") -> list[dict[str, Any]]:
    """The records of an API reply in a file. Raises InputError for what the service says instead of data."""
    try:
        reply = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault(name, None, None, f"not readable as JSON ({error})", "a whole API reply")) from None
    return checked(reply, name, limit=limit, query=query)


def checked(reply: Any, name: str, *, limit: int | None = None, query: str = "") -> list[dict[str, Any]]:
    """The records of a reply. An error, no records, or exactly as many as the limit are refused."""
    asked = f" to {query}" if query else ""
    if isinstance(reply, list):
        reply = {"data": reply}
    if not isinstance(reply, Mapping):
        raise InputError(Fault(name, None, None, "no object with data", "a Comtrade API reply"))
    code = reply.get("statusCode")
    told = reply.get("message") or reply.get("error") or reply.get("errorObject")
    if code or (told and not reply.get("data")):
        raise InputError(
            Fault(name, None, None, f"error {code or ''} from the service: {told}".replace("  ", " "), "data")
        )
    data = reply.get("data")
    if not data:
        raise InputError(f"{name}: the reply{asked} has 0 records; allowed: {PERIODS} and existing codes")
    if limit is not None and len(data) >= limit:
        raise InputError(
            f"{name}: number of rows ({len(data)}) equals the limit ({limit}), answer may be incomplete; "
            "allowed: fewer rows than the limit: split the request by period or partner"
        )
    return list(data)


def table(rows: pd.DataFrame, columns: Mapping[str, str], name: str) -> tuple[pd.DataFrame, list[str]]:
    """Records as text columns period, reporter, partner, product, flow and numbers value, weight; and notes.

    Splits by second partner, transport, customs or supply that repeat a total are dropped; where no total stands
    beside them they are added up.
    """
    found = pd.DataFrame({field: rows[column] for field, column in columns.items()})
    found["flow"] = found["flow"].astype(str).str.strip().map(_flow)
    notes = []
    split = pd.Series(False, index=found.index)
    for field, total in (("partner2", "0"), ("transport", "0"), ("customs", "C00"), ("supply", "0")):
        if field in found:
            text = found[field].astype("string").fillna(total).str.replace(r"\.0$", "", regex=True)
            split |= ~text.isin([total, "", "TOTAL"])
    if split.any():
        keys = found[KEYS].astype(str).agg("|".join, axis=1)
        doubled = split & keys.isin(set(keys[~split]))
        notes.append(f"{int(doubled.sum())} rows by transport, customs or second partner repeat a total: set aside")
        found = found[~doubled]
    return found.reset_index(drop=True), notes


def _flow(text: str) -> str:
    known = {"1": "M", "2": "X", "3": "RX", "4": "RM", "IMPORT": "M", "EXPORT": "X", "RE-EXPORT": "RX",
             "RE-IMPORT": "RM",
             "IMPORTS": "M", "EXPORTS": "X"}  # fmt: skip
    return known.get(text.upper(), text.upper())


def reported(found: pd.DataFrame) -> pd.DataFrame:
    """What each reporter says: imports, exports and of them re-imports, re-exports, by partner and product (USD).

    Re-exports are part of exports and re-imports part of imports: the domestic part is the difference.
    """
    wide = found.pivot_table(index=["period", "reporter", "partner", "product"], columns="flow", values="value",
                             aggfunc="sum", observed=True)  # fmt: skip
    wide = wide.reindex(columns=list(dict.fromkeys([*wide.columns, "M", "X", "RX", "RM"])))
    names = {"M": "imports", "X": "exports", "RX": "re_exports", "RM": "re_imports"}
    out = wide.rename(columns=names)[list(names.values())].reset_index()
    out["domestic_exports"] = out["exports"] - out["re_exports"].fillna(0)
    return out


def flows(found: pd.DataFrame, report: str, exports: str) -> pd.DataFrame:
    """Rows as exporter, importer: by the importer's report, the exporter's, or the first filled up with the second."""
    if report not in ("importer", "exporter", "mirror"):
        raise InputError(f"report {report!r}; allowed: importer, exporter, mirror")
    if exports not in ("gross", "domestic"):
        raise InputError(f"exports {exports!r}; allowed: gross, domestic")
    bought = _side(found[found["flow"] == "M"], "partner", "reporter", "importer (CIF)")
    sold = found[found["flow"] == "X"]
    if exports == "domestic":
        again = found[found["flow"] == "RX"].groupby(KEYS[:4], observed=True)["value"].sum().rename("again")
        sold = sold.merge(again.reset_index(), on=KEYS[:4], how="left")
        sold["value"] = (sold["value"] - sold["again"].fillna(0)).clip(lower=0)
    side = _side(sold, "reporter", "partner", f"exporter (FOB, {exports})")
    if report == "importer":
        return bought if len(bought) else side.iloc[:0]
    if report == "exporter":
        return side
    keys = ["period", "exporter", "importer", "product"]
    have = set(map(tuple, bought[keys].to_numpy()))
    fill = side[[tuple(key) not in have for key in side[keys].to_numpy()]]
    fill = fill.assign(reported_by=f"mirror: exporter (FOB, {exports})")
    return pd.concat([bought, fill], ignore_index=True)


def _side(rows: pd.DataFrame, exporter: str, importer: str, who: str) -> pd.DataFrame:
    weight = rows["weight"] if "weight" in rows else pd.Series(np.nan, index=rows.index)
    return pd.DataFrame(
        {
            "period": rows["period"],
            "exporter": rows[exporter],
            "importer": rows[importer],
            "product": rows["product"],
            "value_usd": rows["value"],
            "tonnes": weight / 1000,
            "reported_by": who,
        }
    )


def unallocated(found: pd.DataFrame) -> pd.DataFrame:
    """World rows against the sum of the partners: period, reporter, product, flow, world, partners, difference."""
    kinds = found["partner"].map(lambda code: countries.kind(code))
    keys = ["period", "reporter", "product", "flow"]
    world = found[found["partner"] == "WLD"].groupby(keys, observed=True)["value"].sum().rename("world")
    partners = found[kinds != "aggregate"].groupby(keys, observed=True)["value"].sum().rename("partners")
    both = pd.concat([world, partners], axis=1).dropna().reset_index()
    both["difference"] = both["world"] - both["partners"]
    return both[both["flow"].isin(["M", "X"])]


def both_sides(told: pd.DataFrame) -> pd.DataFrame:
    """Importer's and exporter's report of the same flow, their ratio, and whether it leaves the usual CIF margin."""
    keys = ["period", "exporter", "importer", "product"]
    named = {"reporter": "importer", "partner": "exporter"}
    bought = told.dropna(subset=["imports"]).rename(columns=named)[[*keys, "imports"]]
    named = {"reporter": "exporter", "partner": "importer"}
    sold = told.dropna(subset=["exports"]).rename(columns=named)[[*keys, "exports"]]
    both = bought.merge(sold, on=keys, how="outer")
    both = both[(both["exporter"] != "WLD") & (both["importer"] != "WLD")]
    both["ratio"] = both["imports"] / both["exports"].where(both["exports"] > 0)
    low, high = CIF_MARGIN
    both["outside_cif_margin"] = ((both["ratio"] < low) | (both["ratio"] > high)).where(both["ratio"].notna())
    return both.reset_index(drop=True)


def gaps(told: pd.DataFrame) -> list[str]:
    """What the two sides say differently, and how many flows only the exporter reports, in words."""
    both = both_sides(told)
    wide = both[both["outside_cif_margin"].fillna(False).astype(bool)]
    notes = [
        f"{row['product']} {row['exporter']} to {row['importer']} {row['period']}: importer reports "
        f"{row['imports']:,.0f}, exporter {row['exports']:,.0f} USD, ratio {row['ratio']:.2f}: more than the CIF margin"
        for row in wide.head(10).to_dict("records")
    ]
    if len(wide) > 10:
        notes.append(f"{len(wide) - 10} more flows with reports that differ by more than the CIF margin")
    only = both[both["imports"].isna() & (both["exports"] > 0)]
    if len(only) and both["imports"].notna().any():
        notes.append(f"{len(only)} flows, {only['exports'].sum():,.0f} USD, are reported by the exporter only")
    return notes


def revisions(rows: pd.DataFrame, columns: Mapping[str, str], name: str) -> str:
    """The one HS revision of the records. Raises InputError where two stand in one table."""
    if "classification" not in columns:
        return ""
    found = {products.revision(str(text)) or str(text) for text in rows[columns["classification"]].dropna().unique()}
    if len(found) > 1:
        raise InputError(f"{name}: HS revisions {', '.join(sorted(found))} in one table; allowed: one revision")
    return found.pop() if found else ""
