"""UN Comtrade: API replies and bulk files; which side reported, re-exports, aggregates, record limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import countries, tables
from geoecon.errors import InputError
from geoecon.flows import checks, mirror, products, spellings, systems, world_row
from geoecon.flows.coverage import UNREAD
from geoecon.flows.engine import embedded
from geoecon.flows.meaning import DIRECTIONS, PART
from geoecon.flows.raw import COLUMNS, Raw, Request

if TYPE_CHECKING:
    import pyarrow as pa

    from geoecon.kinds import Frame


LIMITS = (500, 100_000, 250_000)  # records of one reply: without a key, and with one (older and newer service)
KEYS = ["period", "reporter", "partner", "product", "flow"]


def of_reports(
    raw: Raw, frame: pd.DataFrame, request: Request, *, broken: bool = False, domestic: bool = False,
    valued: str = "CIF",
) -> Raw:  # fmt: skip
    """Rows by the report that was asked for, from a table of reporters and partners (`typed` has read its cells).

    `broken` says that a number is none, `domestic` that the exports are without re-exports as the file has them,
    `valued` how its imports are valued (CIF, FOB, customs value).
    Raises InputError where nothing says whether the rows are imports or exports, and with every bad cell.
    """
    from geoecon.flows import splits
    from geoecon.flows.layouts import SPLITS

    assert raw.layout is not None
    notes: list[str] = []
    if request.limit is None and len(frame) in LIMITS:
        notes.append(f"exactly {len(frame):,} records, a record limit of the service: the answer may be incomplete")
    found = frame.rename(columns={"exporter": "partner", "importer": "reporter"})
    found["flow"] = _directions(found, raw.name, request)
    found, told = _placed(found, raw, request, broken)
    joined = len(frame) - len(found)
    aside: list[tuple[str, pd.DataFrame]] = []
    whole = found["product"].map(products.is_total).astype(bool)
    if whole.any() and not whole.all():
        aside.append(("all products together", found[whole]))
        found = found[~whole].reset_index(drop=True)
    headings = {c: str(raw.layout.role(c)) for c in SPLITS if c in found}
    once, parts = splits.whole(found, KEYS, headings, raw.name, known=raw.layout.name != "tidy")
    kept = once.attrs.get("kept", found.index)
    aside.append(("a part of a total", found[~found.index.isin(kept)]))
    found, notes, joined = once, [*notes, *told, *parts], joined + len(kept) - len(once)
    by_report = reported(_leaves(found))
    notes += mirror.gaps(by_report)
    exports = "domestic" if domestic else request.exports
    rows, more = flows(found, request.report, exports, domestic=domestic, valued=valued)
    notes += more
    notes += _unseen(found, rows, request.report)
    notes += _leftovers(found, request.exports) + _priced(rows, valued)
    side = set(rows["reported_by"])
    if domestic and request.exports == "gross" and any("exporter" in who for who in side):
        notes.append("the exports of the file are domestic exports: re-exports are not in it")
    fob = f"exporter reports (FOB, {exports} exports)"
    concept = {"importer": f"importer reports ({valued})", "exporter": fob}
    concept["mirror"] = f"{concept['importer']}, else {fob}"
    alone = request.report == "importer" and bool(side) and not any(who.startswith("importer") for who in side)
    counted = ("M", "X") if request.report == "mirror" else ("X",) if alone or request.report == "exporter" else ("M",)
    for flow, what in DIRECTIONS.items():
        aside.append((f"{what}{PART.get(flow, '')}", found[(found["flow"] == flow) & (flow not in counted)]))
    if request.report == "mirror":
        aside.append(("exports that the importer reports itself", mirrored(found)))
    if request.report != "importer":
        notes.append(f"values are {concept[request.report]}{mirror.filled(rows)}")
    extra = tuple(c for c in ("reported_by", "estimated") if c in rows)
    lazy = nw.from_native(embedded().from_arrow(arrow(rows[[*COLUMNS, *extra]])))
    return replace(
        raw, rows=lazy, notes=(*raw.notes, *notes), reported=by_report, extra=extra,
        concept=fob if alone else concept[request.report],
        aside=(*raw.aside, *((why, _as_flows(part)) for why, part in aside if len(part))),
        joined=raw.joined + joined,
    )  # fmt: skip


def _as_flows(rows: pd.DataFrame) -> Frame:
    """Reports as exporter and importer: who reports imports buys."""
    buys = rows["flow"].isin(["M", "RM"])
    sides = {"exporter": rows["partner"].where(buys, rows["reporter"]),
             "importer": rows["reporter"].where(buys, rows["partner"])}  # fmt: skip
    return nw.from_native(embedded().from_arrow(arrow(rows.assign(**sides)[list(COLUMNS)])))


def _directions(found: pd.DataFrame, name: str, request: Request) -> pd.Series:
    """M, X, RM or RX of every row: as the file says, else as the user says."""
    words = {"imports": "M", "exports": "X"}
    if (found["flow"] != "").all():
        if request.flow and set(found["flow"]) != {words[request.flow]}:
            told = " and ".join(DIRECTIONS[flow] for flow in sorted(set(found["flow"])))
            raise InputError(f"{name}: flow={request.flow!r}, and the table says itself that its rows are {told}; "
                             "allowed: flow left out; report='exporter' (--report exporter) reads exports")  # fmt: skip
        return found["flow"]
    if request.flow not in words:
        told = "no column says whether these are imports or exports of the reporter"
        raise InputError(f"{name}: {told}; allowed: flow='imports' or flow='exports' (--flow)")
    return found["flow"].where(found["flow"] != "", words[request.flow])


def _placed(found: pd.DataFrame, raw: Raw, request: Request, broken: bool) -> tuple[pd.DataFrame, list[str]]:
    """The rows with ISO3 codes. Raises InputError with every cell that cannot be used."""
    assert raw.layout is not None
    notes: list[str] = []
    system = request.numbers or raw.layout.system
    if not system:
        years = {int(period[:4]) for period in found["period"].dropna() if str(period)[:4].isdigit()}
        system, guess = systems.guessed(set(found["partner"]), set(found["reporter"]), years)
        notes += [guess] if guess else []
    elif raw.layout.name not in ("comtrade", "comtrade-older") and system != "eurostat":
        numbers = sorted(code for code in set(found["partner"]) if systems.is_number(code))
        notes += [f"numbers read as {system}: {systems.examples(numbers, system)}"] if numbers else []
    known: dict[str, countries.Place] = {}
    bad: dict[str, str] = {}
    for text in sorted({*found["partner"].fillna(""), *found["reporter"].fillna("")}):
        try:
            known[text] = systems.place(text, system)
        except InputError as error:
            bad[text] = str(error) if text else "empty"
    places = {text: place.iso3 for text, place in known.items()}
    if bad and system not in systems.OFFICES:
        bad |= systems.doubted(set(found["partner"].fillna("")) & set(places), bad)
    if request.unknown == "aside":
        places |= {text: text or "(empty)" for text in bad}
        bad = {}
    home = {places.get(text) for text in found["reporter"].fillna("")}
    national = products.STATISTICAL.get(str(home.pop()), 0) if len(home) == 1 else 0
    wrong = {text: code.problem for text in found["product"].fillna("").unique()
             if (code := products.normalise(str(text), raw.classified, national=national)).problem}  # fmt: skip
    if bad or wrong or broken or found["period"].isna().any():
        checks.raise_faults(raw.name, raw.lines() if raw.lines else (), raw.decimal, bad, wrong, {}, raw.headings)
    written = found["partner"]
    found["partner"], found["reporter"] = written.map(places), found["reporter"].map(places)
    found, told = spellings.joined(found, written, known)
    return found, [*notes, *told]


def _leaves(found: pd.DataFrame) -> pd.DataFrame:
    """The rows at the longest codes of each flow: a code above others of the same flow repeats them."""
    sizes = sorted(found["product"].str.len().unique())
    if len(sizes) < 2 or not found["product"].str.isdigit().all():
        return found
    above = pd.Series(False, index=found.index)
    key = found[["period", "reporter", "partner", "flow"]].agg("|".join, axis=1)
    for size in sizes[:-1]:
        longer = found["product"].str.len() > size
        parents = set(key[longer] + "|" + found["product"][longer].str[:size])
        above |= (found["product"].str.len() == size) & (key + "|" + found["product"]).isin(parents)
    return found[~above]


def _unseen(found: pd.DataFrame, rows: pd.DataFrame, report: str) -> list[str]:
    """Who reports exports to partners and stands in no row that is kept, and how to read these."""
    if report != "importer":
        return []
    sold = found[(found["flow"] == "X") & (found["value_usd"] > 0)]
    groups = {code for code in set(sold["partner"]) if countries.is_known(code) and countries.kind(code) == "aggregate"}
    lacking = sorted(set(sold["reporter"][~sold["partner"].isin(groups)]) - set(rows["exporter"]))
    return [f"exports of {', '.join(lacking[:12])} {UNREAD}"] if lacking else []


def _leftovers(found: pd.DataFrame, exports: str) -> list[str]:
    """The World rows against their partners in the concept that was asked for: gross, or without re-exports."""
    if exports == "domestic":
        found = pd.concat([found[found["flow"] == "M"], _sold(found, exports)[0]], ignore_index=True)
    whole = tables.records(world_row.unallocated(_leaves(found)))
    return [world_row.leftover(row, exports) for row in whole if abs(row["difference"]) > 0.5]


def _priced(rows: pd.DataFrame, valued: str) -> list[str]:
    """What to say where imports are not valued CIF."""
    told = f"imports are valued {'at ' * (valued != 'FOB')}{valued}, without freight and insurance"
    return [told] if valued != "CIF" and rows["reported_by"].str.startswith("importer").any() else []


def reported(found: pd.DataFrame) -> pd.DataFrame:
    """What each reporter says: imports, exports and of them re-imports, re-exports, by partner and product (USD).

    Re-exports are part of exports and re-imports part of imports: the domestic part is the difference.
    """
    wide = found.pivot_table(index=["period", "reporter", "partner", "product"], columns="flow", values="value_usd",
                             aggfunc="sum", observed=True)  # fmt: skip
    wide = wide.reindex(columns=list(dict.fromkeys([*wide.columns, "M", "X", "RX", "RM"])))
    names = {"M": "imports", "X": "exports", "RX": "re_exports", "RM": "re_imports"}
    out = wide.rename(columns=names)[list(names.values())].reset_index()
    out["domestic_exports"] = out["exports"] - out["re_exports"].fillna(0)
    return out


def flows(
    found: pd.DataFrame, report: str, exports: str, *, domestic: bool = False, valued: str = "CIF"
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """Rows as exporter, importer: by the importer's report, the exporter's, or the first filled up with the second.

    Where no importer reports at all, exporters' reports stand in. Notes say so, and whose re-exports are not known.
    """
    if report not in ("importer", "exporter", "mirror"):
        raise InputError(f"report {report!r}; allowed: importer, exporter, mirror")
    if exports not in ("gross", "domestic"):
        raise InputError(f"exports {exports!r}; allowed: gross, domestic")
    bought = _side(found[found["flow"] == "M"], "partner", "reporter", f"importer ({valued})")
    sold, notes = _sold(found, "gross" if domestic else exports)
    side = _side(sold, "reporter", "partner", f"exporter (FOB, {exports})")
    if exports == "domestic" and "known" in sold:
        side.loc[~sold["known"].to_numpy(bool), "reported_by"] = "exporter (FOB, gross: re-exports unknown)"
    if not len(side if report == "exporter" else found[found["flow"].isin(["M", "X"])]):
        what = " and ".join(DIRECTIONS.get(str(flow), str(flow)) for flow in sorted(set(found["flow"])))
        parts = "" if {"M", "X"} & set(found["flow"]) else ": parts of imports or exports"
        wanted = (
            "exports (X), or report='importer' (--report importer)"
            if report == "exporter"
            else "imports (M) or exports (X)"
        )
        raise InputError(f"only {what or 'all products together'}{parts}; allowed: rows of {wanted}")
    if report == "exporter":
        return side, notes
    if report == "importer":
        if len(bought):
            return bought, []
        return side, [f"no importer's report in the file: exporters' reports (FOB, {exports} exports)", *notes]
    keys = ["period", "exporter", "importer", "product"]
    have = set(map(tuple, bought[keys].to_numpy()))
    fill = side[[tuple(key) not in have for key in side[keys].to_numpy()]]
    fill = fill.assign(reported_by=f"mirror: exporter (FOB, {exports})")
    return pd.concat([bought, fill], ignore_index=True), notes


def mirrored(found: pd.DataFrame) -> pd.DataFrame:
    """Exports of which the buyer's own report stands in the table."""
    bought = set(map(tuple, found.loc[found["flow"] == "M", ["period", "partner", "reporter", "product"]].to_numpy()))
    sold = found[found["flow"] == "X"]
    keys = sold[["period", "reporter", "partner", "product"]].to_numpy()
    return sold[[tuple(key) in bought for key in keys]]


def _sold(found: pd.DataFrame, exports: str) -> tuple[pd.DataFrame, list[str]]:
    """Exports as they were asked for: gross, or without re-exports where these are reported."""
    sold = found[found["flow"] == "X"]
    if exports == "gross" or not len(sold):
        return sold, []
    again = found[found["flow"] == "RX"]
    total = again.groupby(KEYS[:4], observed=True)[["value_usd", "tonnes"]].sum(min_count=1)
    total = total.rename(columns={"value_usd": "again", "tonnes": "mass"}).reset_index()
    sold = sold.merge(total, on=KEYS[:4], how="left")
    reporters = set(again["reporter"])
    sold["known"] = sold["reporter"].isin(reporters)
    more = sold["again"] > sold["value_usd"] * (1 + 1e-9) + 0.5
    odd = sold[more]
    sold["value_usd"] = (sold["value_usd"] - sold["again"].fillna(0)).clip(lower=0).mask(more)
    left = sold["tonnes"] - sold["mass"]  # not known where the re-exports' weight is not, or is all of it and more
    sold["tonnes"] = sold["tonnes"].where(sold["again"].isna(), left.where(left > 0)).mask(more)
    lacking = sorted(set(sold["reporter"]) - reporters)
    told = f"re-exports unknown for {', '.join(lacking[:20])}: gross exports stand in"
    notes = [told] if lacking else []
    for row in tables.records(odd.head(5)):
        notes.append(
            f"re-exports ({row['again']:,.0f} USD) exceed exports ({row['value_usd']:,.0f} USD) of {row['reporter']} "
            f"to {row['partner']} of {row['product']} in {row['period']}: domestic exports are not known"
        )
    return sold, [*notes, *([f"and in {len(odd) - 5} more flows"] if len(odd) > 5 else [])]


def _side(rows: pd.DataFrame, exporter: str, importer: str, who: str) -> pd.DataFrame:
    found = {"period": rows["period"], "exporter": rows[exporter], "importer": rows[importer],
             "product": rows["product"], "value_usd": rows["value_usd"], "tonnes": rows["tonnes"],
             "reported_by": who}  # fmt: skip
    return pd.DataFrame(found | ({"estimated": rows["estimated"]} if "estimated" in rows else {}))


def arrow(rows: pd.DataFrame) -> pa.Table:
    """The rows as Arrow with the types of flows."""
    import pyarrow as pa

    kinds = {"value_usd": pa.float64(), "tonnes": pa.float64(), "estimated": pa.bool_()}
    names = [str(column) for column in rows]
    return pa.table({c: pa.array(rows[c], kinds.get(c, pa.string()), from_pandas=True) for c in names})
