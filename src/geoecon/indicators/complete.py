"""From measured rows to the table of a scan: what the user brings, flags, and why something is empty."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import countries
from geoecon.indicators import brought, panel, presets, row_tests
from geoecon.indicators.kernel import COLUMNS as KERNEL
from geoecon.indicators.measure import TRIPLE, Options

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow as pa


# Indicators that are true only where the table holds the trade of the whole world, not of some importers.
WORLD_ONLY = ("exports", "mx_ratio", "world_hhi", "market_share_of_sales", "asymmetry", "spof", "replaceability",
              "world_top_share", "nir", "supply_risk", "supplier_is_world_top")  # fmt: skip
SURE = ("period", "importer", "exporter", "product", "value_usd", "imports", "import_share", "extra_share",
        "unallocated_share", "reason")  # fmt: skip  # that no row with trade lacks
SURE_OF_WORLD = ("exports", "market_share_of_sales", "asymmetry", "spof", "replaceability", "world_top_share",
                 "supplier_is_world_top")  # fmt: skip
SURE_OF_NAMED = ("top_supplier", "top_share", "cr3", "supplier_hhi", "effective_suppliers", "hhi_low",
                 "hhi_high")  # fmt: skip  # nor where every supplier is named
NO_IMPORTS, WITHHELD = "no imports", "imports not known: the value is missing"
PARTLY = "value missing: "  # before the suppliers whose value is, in a market of which others are known
EMPTY = (NO_IMPORTS, WITHHELD)
LOOSE = 0.01  # a concentration whose bounds are further apart is not shown
SOLE = "no finite value: sole supplier and no domestic share"
MEASURES: tuple[str, ...] = (
    "imports", "exports", *KERNEL[2:13], "cutoff_loss", "loss_of_access", "cutoff_cost", "rank_cost",
    "world_top_share", "supplier_is_world_top", "cr3", "unit_value", "unit_value_gap", "hhi_geo", "nir", "supply_risk",
    "fir", "cover_days", "unallocated_share", "hhi_low", "hhi_high",
)  # fmt: skip
MEASURES += tuple(name for name in KERNEL if name not in (*MEASURES, "allocated"))  # a new one stands at the end

Found = dict[str, Any]  # column -> numbers (row,), a nullable boolean array, or Words


class Words(NamedTuple):
    """A text column as numbers of a few words."""

    codes: NDArray[np.integer[Any]]
    words: Sequence[Any]

    def text(self) -> NDArray[np.object_]:
        return np.asarray(np.array([*self.words, None], dtype=object)[self.codes])  # −1 is no word


def words(column: pa.Array) -> Words:
    codes, found = pd.factorize(np.asarray(column, dtype=object))
    return Words(codes, list(found))


def completed(found: Found, options: Options) -> Found:
    """The columns of a scan, in order. `found` has the keys as Words, value_usd, tonnes and the kernel's columns."""
    rows = len(found["value_usd"])
    found = _bounded(dict(found), partly=bool(options.leftover))
    if options.sectors:
        product = found["product"]
        sector = words([brought.sector_of(code, options.sectors) for code in product.words])
        found["sector"] = Words(sector.codes[product.codes], sector.words)
    for name, table in options.given.items():
        found[name] = lookup(found, table, name)
    if "intra" in options.given:
        inside = np.nan_to_num(found.pop("intra"), nan=0.0)
        found["extra_share"] = _ratio(found["imports"], found["imports"] + inside)
    _with_production(found)
    _with_cover(found, options)
    empty = np.full(rows, np.nan)
    ordered = {name: found[name] for name in (*TRIPLE, "value_usd", "tonnes", "top_supplier")}
    ordered |= {name: found.get(name, empty) for name in MEASURES}
    if not options.world:
        ordered |= dict.fromkeys(WORLD_ONLY, empty)
    flags = presets.evaluate({**ordered, "persistence": empty} if options.years == 1 else ordered, options.preset)
    ordered |= {name: pd.arrays.BooleanArray(held, ~known) for name, (held, known) in flags.items()}
    return ordered | {"persistence": empty, "reason": _reasons(ordered)}


def frame(found: Found) -> pd.DataFrame:
    """The columns as pandas, text as plain objects."""
    return pd.DataFrame({name: c.text() if isinstance(c, Words) else c for name, c in found.items()})


def sure(options: Options) -> frozenset[str]:
    """Columns that no row with trade lacks, so that a file needs no mark of it."""
    known = {*SURE, *(SURE_OF_WORLD if options.world else ()), *(() if options.leftover else SURE_OF_NAMED)}
    tested = known | ({"mx_ratio"} if options.world else set())  # as a test it needs imports and exports alone
    flags = [name for name in options.preset if all(c.indicator in tested for c in presets.criteria(name))]
    return frozenset(known | {name + shift for name in flags for shift in presets.SHIFTS})


def batch(found: Found, sure: Collection[str] = ()) -> pa.RecordBatch:
    """The columns as an Arrow record batch, text as dictionaries; what is not known is null.

    Nothing is looked for in the `sure` columns, and their fields say that they lack nothing.
    """
    import pyarrow as pa

    arrays: dict[tuple[int, bool], pa.Array] = {}  # several names may stand for one array
    for name, column in found.items():
        key = id(column), name in sure
        if key not in arrays:
            arrays[key] = _arrow(pa, column, whole=name in sure)
    columns = [arrays[id(column), name in sure] for name, column in found.items()]
    fields = [pa.field(name, one.type, name not in sure) for name, one in zip(found, columns, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def again(table: pd.DataFrame) -> Found:
    """The columns of `frame` as they were."""
    text = (*TRIPLE, "top_supplier", "reason")
    plain = {
        str(name): column.array if column.dtype == "boolean" else column.to_numpy() for name, column in table.items()
    }
    return plain | {name: words(table[name]) for name in text}


def _arrow(pa: ModuleType, column: NDArray[np.float64] | pd.arrays.BooleanArray | Words, *, whole: bool) -> pa.Array:
    if isinstance(column, Words):
        codes = np.asarray(column.codes, np.int32)
        held = None if whole or codes.min(initial=0) >= 0 else _bits(pa, codes >= 0)
        numbers = pa.py_buffer(np.ascontiguousarray(codes if held is None else np.maximum(codes, 0)))
        codes = pa.Array.from_buffers(pa.int32(), len(codes), [held, numbers])
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(column.words), pa.string()), safe=False)
    if isinstance(column, pd.arrays.BooleanArray):
        lacking = np.asarray(column.isna())
        bits = _bits(pa, column.to_numpy(dtype=bool, na_value=False))
        return pa.Array.from_buffers(pa.bool_(), len(column), [_bits(pa, ~lacking) if lacking.any() else None, bits])
    column = np.ascontiguousarray(column, np.float64)
    bits = np.empty(0 if whole else -(-len(column) // 8), dtype=np.uint8)
    gaps = 0 if whole else len(column) - row_tests.known(column, bits)
    there = pa.py_buffer(bits) if gaps else None
    return pa.Array.from_buffers(pa.float64(), len(column), [there, pa.py_buffer(column)], gaps)


def _bits(pa: ModuleType, told: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(told, bitorder="little"))


def lookup(found: Mapping[str, Any], table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column of a small table by the keys that it has (period, importer, exporter, product); NaN where it lacks."""
    keys = [key for key in (*TRIPLE, "sector") if key in table.columns]
    place = np.zeros(len(found["value_usd"]), dtype=np.int64)
    for key in keys:  # no word (−1) comes last
        place = place * (len(found[key].words) + 1) + found[key].codes % (len(found[key].words) + 1)
    wanted, inverse = np.unique(place, return_inverse=True)
    parts, left = {}, wanted
    for key in reversed(keys):
        left, code = np.divmod(left, len(found[key].words) + 1)
        parts[key] = Words(code, found[key].words).text()
    small = pd.DataFrame({key: parts[key] for key in keys})
    told = small.merge(table[[*keys, name]].drop_duplicates(keys), on=keys, how="left")[name]
    return np.asarray(told.to_numpy(float)[inverse])


def unnamed(exporters: Iterable[str]) -> tuple[str, ...]:
    """Exporters that name no supplier."""
    vague = ("unspecified", "aggregate")
    return tuple(sorted(c for c in exporters if countries.is_known(c) and countries.kind(c) in vague))


def persistent(table: pd.DataFrame, options: Options) -> pd.DataFrame:
    """Persistence over the periods of the table, and the flags of the presets that ask for it."""
    table = table.assign(persistence=np.nan)
    for name in options.preset:
        if any(c.indicator == "persistence" for c in presets.criteria(name)) and options.years > 1:
            held = table.groupby(["importer", "exporter", "product"])[name].transform("sum").astype(float)
            table["persistence"] = held / options.years
            for flag, (holds, known) in presets.evaluate({str(c): table[c] for c in table}, [name]).items():
                table[flag] = pd.arrays.BooleanArray(holds, ~known)
    return table


def partly(table: pd.DataFrame, valueless: pd.DataFrame) -> pd.DataFrame:
    """The table with the reason, and no bounds of the concentration, where other suppliers' values are missing.

    What a total of the market says of them is in its unallocated share, and bounds it.
    """
    keys = ["period", "importer", "product"]
    lacking = valueless.sort_values("exporter").groupby(keys)["exporter"].agg(lambda codes: list(dict.fromkeys(codes)))
    more = {key: f" and {len(codes) - 8} more" if len(codes) > 8 else "" for key, codes in lacking.items()}
    told = {key: PARTLY + ", ".join(map(countries.name, codes[:8])) + more[key] for key, codes in lacking.items()}
    reasons = [told.get(key, "") for key in table[keys].itertuples(index=False, name=None)]
    there = np.array([bool(reason) for reason in reasons], dtype=bool) & ~(table["unallocated_share"] > 0).to_numpy()
    if there.any():
        table = table.copy()
        table.loc[there, "reason"] = np.array(reasons, dtype=object)[there]
        table.loc[there, ["supplier_hhi", "effective_suppliers", "hhi_low", "hhi_high"]] = np.nan
    return table


def _bounded(found: Found, partly: bool) -> Found:
    """Bounds of the concentration where part of the imports names no supplier; the index itself only if they are close.

    The leftover adds between nothing (many small suppliers) and its square (one supplier). The main supplier is
    not known where the leftover is larger than the largest that is named.
    """
    hhi, allocated = found["supplier_hhi"], found.pop("allocated")
    if not partly:
        return found | {"unallocated_share": np.zeros(len(hhi)), "hhi_low": hhi, "hhi_high": hhi}
    left = np.maximum(_ratio(found["imports"] - allocated, found["imports"]), 0.0)
    found |= {"unallocated_share": left, "hhi_low": hhi, "hhi_high": hhi + left**2}
    for hidden, names in ((left**2 > LOOSE, ("supplier_hhi", "effective_suppliers")),
                          (left > found["top_share"], ("top_share", "cr3"))):  # fmt: skip
        if hidden.any():
            found |= {name: np.where(hidden, np.nan, found[name]) for name in names}
            if "cr3" in names:
                codes, known = found["top_supplier"]
                found["top_supplier"] = Words(np.where(hidden, -1, codes), known)
    return found


def _with_production(found: Found) -> None:
    """nir = (M − X)/(Y + M − X); supply risk of the critical-raw-materials method (risk.py) where all is given."""
    if "production" not in found:
        return
    net = found["imports"] - found["exports"]
    found["nir"] = _ratio(net, found["production"] + net)
    if "world_risk" in found and "recycling" in found:
        from geoecon.indicators import risk

        found["supply_risk"] = risk.supply_risk(found["world_risk"], found["hhi_geo"], found["nir"], found["recycling"])


def _with_cover(found: Found, options: Options) -> None:
    """Days that a stock lasts: as given, or stock over a year's use (given, else production + imports − exports)."""
    if "stock_usd" in found:
        use = found.get("production", 0.0)
        months = [len(panel.month_list(str(period))) for period in found["period"].words]
        yearly = np.array(months, dtype=float)[found["period"].codes] / 12
        apparent = (use + found["imports"] - found["exports"]) / yearly
        asked = found["use_usd"] if "use_usd" in found else np.full(len(apparent), np.nan)
        days = 365.0 * _ratio(
            found["stock_usd"], np.where(np.isnan(asked), apparent if options.world else np.nan, asked)
        )
        told = found["cover_days"] if "cover_days" in found else np.full(len(days), np.nan)
        found["cover_days"] = np.where(np.isnan(told), days, told)


def _reasons(found: Found) -> Words:
    """Why an indicator of the row is empty."""
    codes = (np.isnan(found["cutoff_loss"]) & (found["value_usd"] > 0)).astype(np.int32)
    told = ["", SOLE, NO_IMPORTS]
    loose = found["unallocated_share"] ** 2 > LOOSE
    if loose.any():
        bounds = zip(found["hhi_low"][loose], found["hhi_high"][loose], strict=True)
        text = words(
            [f"suppliers known in part: concentration between {low:.3f} and {high:.3f}" for low, high in bounds]
        )
        codes[loose] = text.codes + len(told)
        told += text.words
    codes[~(found["imports"] > 0)] = 2
    return Words(codes, told)


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)
