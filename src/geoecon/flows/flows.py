"""Flows: a lazy table of trade with its coverage, and the few things one does with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from geoecon import countries
from geoecon.errors import InputError
from geoecon.files import file_aside
from geoecon.flows import engine, products
from geoecon.flows.coverage import Coverage, Item
from geoecon.flows.periods import level

if TYPE_CHECKING:
    import altair as alt

    from geoecon.kinds import Cell, Frame


COLUMNS = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]
MARKS = ("reported_by", "estimated")  # of rows, where a source has them
GROUP_ROWS = 122_880


@dataclass(frozen=True)
class Native:
    """Rows as a file has them, not yet translated: `frame` with our column names, and code -> ISO3, code -> period.

    `scale` makes USD of its values; `domestic` says whether trade of a country with itself is among the rows.
    """

    frame: Frame
    places: Mapping[Cell, str]
    periods: Mapping[Cell, str]
    scale: float = 1.0
    domestic: bool = True
    file: tuple[str, Mapping[str, str]] | None = None  # Parquet of just these rows: path, our name -> its


@dataclass(frozen=True)
class Flows:
    """Trade by period, exporter, importer and product: value_usd (USD) and tonnes, both missing where not known.

    `frame` is a narwhals LazyFrame; countries are ISO3, products text. `scope` is "world" where the table holds
    everybody's trade, else "part": indicators that need the world's trade stay empty there. `reported` keeps what
    Comtrade reporters say about themselves (re-exports, totals, both sides of a flow).
    """

    frame: Frame
    coverage: Coverage
    hs: str = ""
    vintage: str = ""
    scope: str = "part"
    concept: str = "as in the source"  # which report or export concept stands behind the values
    sources: frozenset[str] = frozenset()
    product_names: Mapping[str, str] = field(default_factory=dict)
    reported: pd.DataFrame | None = None
    spans: tuple[str, ...] = ()  # the periods and the exporters, where a read has seen them
    exporters: tuple[str, ...] = ()
    imports: Mapping[tuple[str, str], float] = field(default_factory=dict)  # (period, importer) -> USD, likewise
    codes: Native | None = None  # the rows in the file's own codes, where a scan can begin with them
    vague: bool = True  # whether products that are not specified may be among the rows
    file: str = ""  # a Parquet file of ours behind the frame, which a cluster reads itself

    def __repr__(self) -> str:
        return f"Flows({self.label})\n{self.coverage}"

    @property
    def label(self) -> str:
        """HS revision, vintage and scope in words, as they stand under every result."""
        known = (self.hs or "HS revision not recorded", f"vintage {self.vintage or 'not recorded'}", self.concept)
        return ", ".join(part for part in known if part)

    def to_frame(self) -> pd.DataFrame:
        """All rows as pandas, sorted. For small tables."""
        order = ["period", "product", "importer", "exporter"]
        return engine.collect(self.frame).sort_values(order, ignore_index=True)

    def periods(self) -> list[str]:
        return list(self.spans) or sorted(engine.collect(self.frame.select("period").unique())["period"])

    def level(self) -> list[str]:
        """The periods of the longest kind up to a year; the last of them answers where none is named."""
        return level(self.periods())

    def sellers(self) -> list[str]:
        """Codes of every exporter in the table."""
        return list(self.exporters) or sorted(engine.collect(self.frame.select("exporter").unique())["exporter"])

    def spent(self) -> dict[tuple[str, str], float]:
        """All imports in USD by period and importer."""
        if self.imports:
            return dict(self.imports)
        total = engine.collect(self.frame.group_by("period", "importer").agg(nw.col("value_usd").sum()))
        return {(str(p), str(i)): float(usd) for p, i, usd in
                total[["period", "importer", "value_usd"]].fillna(0.0).itertuples(index=False)}  # fmt: skip

    def on(self, name: str | None) -> Flows:
        """The same flows on another engine: duckdb, pandas, polars, spark://HOST:PORT or local[N]."""
        if name in (None, "auto"):
            return self
        if self.file and engine.is_spark(str(name)) and not self.frame.implementation.is_pyspark():
            return replace(self, frame=engine.spark_file(str(name), self.file), codes=None)
        return replace(self, frame=engine.on(self.frame, name), codes=None, file="")

    def select(
        self,
        *,
        period: str | Iterable[str] | None = None,
        importer: str | Iterable[str] | None = None,
        exporter: str | Iterable[str] | None = None,
        product: str | Iterable[str] | None = None,
    ) -> Flows:
        """Rows of some periods, importers, exporters or products (codes, or their beginnings for products)."""
        frame = self.frame
        if period is not None and set(_listed(period)) == set(self.spans):
            period = None
        for column, wanted in (("period", period), ("importer", importer), ("exporter", exporter)):
            if wanted is not None:
                frame = frame.filter(nw.col(column).is_in(_listed(wanted)))
        spans = tuple(_listed(period)) if period is not None else self.spans
        if product is not None:
            starts = [nw.col("product").str.starts_with(code) for code in _listed(product)]
            frame = frame.filter(nw.any_horizontal(*starts, ignore_nulls=True))
        whole = importer is None and exporter is None and product is None
        known = {key: usd for key, usd in self.imports.items() if whole and key[0] in spans}
        return replace(self, frame=frame, spans=spans, imports=known, codes=None, file="")

    def aggregate(self, digits: int) -> Flows:
        """Products cut to so many digits and summed. Periods and countries are codes and stay as they are.

        The tonnes of a group are missing where those of any part are.
        """
        if digits not in products.DIGITS:
            raise InputError(f"digits {digits}; allowed: " + ", ".join(map(str, products.DIGITS)))
        cut = self.frame.with_columns(product=nw.col("product").str.slice(0, digits))
        return replace(self, frame=summed(cut), codes=None, file="")

    def regroup(self, correspondence: Mapping[str, Iterable[str]]) -> Flows:
        """Products of linked codes summed under the name of their group, as `products.groups` forms them."""
        groups = products.groups(correspondence)
        table = pd.DataFrame({"product": list(groups), "group": list(groups.values())})
        joined = self.frame.join(engine.beside(self.frame, table), on=["product"], how="left")
        named = nw.when(nw.col("group").is_null()).then(nw.col("product")).otherwise(nw.col("group"))
        return replace(self, frame=summed(joined.with_columns(product=named).drop("group")), codes=None, file="")

    def unit_values(self) -> pd.DataFrame:
        """USD per kg by row; empty where the quantity is missing or rounded to zero."""
        table = self.to_frame()
        return table.assign(usd_per_kg=(table["value_usd"] / table["tonnes"].where(table["tonnes"] > 0) / 1000))

    def specified(self) -> pd.DataFrame:
        """By importer and exporter: total, of it with a product that is named, and that share."""
        named = nw.when(~unspecified_product()).then(nw.col("value_usd")).otherwise(0.0)
        grouped = self.frame.with_columns(named=named).group_by("importer", "exporter")
        table = engine.collect(grouped.agg(nw.col("value_usd").sum().alias("total"), nw.col("named").sum()))
        table = table.rename(columns={"named": "specified"})
        table["share"] = table["specified"] / table["total"].where(table["total"] > 0)
        return table.sort_values(["importer", "total"], ascending=[True, False], ignore_index=True)

    def mirror(self) -> pd.DataFrame:
        """Both sides of every flow that two Comtrade reporters gave: importer (CIF), exporter (FOB), ratio, flag."""
        if self.reported is None:
            raise InputError("mirror comparison needs a Comtrade table; allowed: flows read from Comtrade")
        from geoecon.flows.mirror import both_sides

        return both_sides(self.reported)

    def write(self, path: str | Path) -> Path:
        """The flows as sorted Parquet with the coverage inside. An old file stays until all is written."""
        return write_parquet(self, Path(path))

    def chart(self, top: int = 12) -> alt.VConcatChart:
        """The largest flows of the table as bars."""
        from geoecon import charts

        pairs = self.frame.group_by("exporter", "importer").agg(nw.col("value_usd").sum())
        table = engine.collect(pairs.sort("value_usd", descending=True).head(top))
        table["pair"] = [
            f"{countries.name(e)} to {countries.name(i)}"
            for e, i in zip(table["exporter"], table["importer"], strict=True)
        ]
        title = f"{table['pair'].iloc[0]} is the largest flow" if len(table) else "No flows"
        bars = charts.bars(table, "pair", "value_usd", x_title="USD")
        return charts.finish(bars, title, f"USD, all products and periods of the table; {self.label}", self.sources)


def unspecified_product() -> nw.Expr:
    """Whether the product is not specified: 9999 and what stands below it, 2804SSSS and 99YY."""
    return nw.col("product").str.contains(f"^9999|^99$|{products.SUPPRESSED}")


def _listed(wanted: str | Iterable[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)


def summed(frame: Frame) -> Frame:
    """Rows of the same key added up; tonnes are missing where a part with a value has none."""
    keys = ["period", "exporter", "importer", "product"]
    lacking = nw.when(nw.col("tonnes").is_null() & (nw.col("value_usd") > 0)).then(1).otherwise(0)
    grouped = frame.with_columns(lacking=lacking).group_by(*keys)
    total = grouped.agg(
        nw.col("value_usd").sum(),
        nw.col("value_usd").count().alias("valued"),
        nw.col("tonnes").sum(),
        nw.col("tonnes").count().alias("weighed"),
        nw.col("lacking").sum(),
    )
    return total.with_columns(
        value_usd=nw.when(nw.col("valued") > 0).then(nw.col("value_usd")),
        tonnes=nw.when((nw.col("lacking") == 0) & (nw.col("weighed") > 0)).then(nw.col("tonnes")),
    ).select(*COLUMNS)


def write_parquet(flows: Flows, path: Path) -> Path:
    """Sorted by period, product, importer and exporter; written beside the target and moved over it at the end."""
    with file_aside(path) as part:
        frame = engine.on(flows.frame, "duckdb")
        marks = [name for name in MARKS if name in frame.collect_schema().names()]
        frame = frame.select(*COLUMNS, *marks)
        frame = frame.sort(*COLUMNS[len(flows.spans) == 1 : 1], "product", "importer", "exporter")
        flows = replace(flows, frame=frame)
        meta = json.dumps(describe(flows)).replace("'", "''")
        view = nw.to_native(frame)
        target = str(part).replace("'", "''")
        view.query(
            "flows_to_write",
            f"COPY flows_to_write TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {GROUP_ROWS}, "
            f"KV_METADATA {{geoecon: '{meta}'}})",
        )
    return path


def describe(flows: Flows) -> dict[str, Any]:
    """What a file of ours says about itself."""
    return {
        "version": 1,
        "hs": flows.hs,
        "vintage": flows.vintage,
        "scope": flows.scope,
        "concept": flows.concept,
        "sources": sorted(flows.sources),
        "coverage": asdict(flows.coverage),
        "product_names": dict(flows.product_names),
        "spans": flows.periods(),
        "exporters": flows.sellers(),
        "imports": [[*key, usd] for key, usd in sorted(flows.spent().items())],
        "vague": flows.vague,
    }


def described(frame: Frame, meta: Mapping[str, Any]) -> Flows:
    """Flows over a file of ours: its coverage was measured when it was written."""
    told = dict(meta["coverage"])
    told["items"] = tuple(Item(**item) for item in told["items"])
    told["sources"] = tuple(told["sources"])
    return Flows(
        frame,
        Coverage(**told),
        meta["hs"],
        meta["vintage"],
        meta["scope"],
        meta["concept"],
        frozenset(meta["sources"]),
        meta["product_names"],
        spans=tuple(meta["spans"]),
        exporters=tuple(meta["exporters"]),
        imports={(period, importer): usd for period, importer, usd in meta.get("imports", [])},
        vague=bool(meta.get("vague", True)),
        file=meta.get("file", ""),
    )
