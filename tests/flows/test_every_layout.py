"""One random table in every layout of the table of layouts, through every door: the same flows each time."""

from __future__ import annotations

import json

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from madeflows import ISO2, NUMBERS, same, tables

from geoecon.flows import headings, read_flows
from geoecon.flows.headings import pairs
from geoecon.flows.units import unit

RATE = 2.0  # USD for one of any other currency
OTHER = {"iso": ISO2, "eurostat": ISO2, "comtrade": NUMBERS, "": {code: code for code in NUMBERS}}
CELLS = {  # what else a row of a layout says, by heading
    "dataflow": "ESTAT:DS(1.0)", "indicators": "VALUE_IN_EUROS", "data type": "Customs Value", "uom": "Dollars",
    "scalar_factor": "units", "indicator": "Merchandise imports", "element": "Import value", "geo": "Canada",
    "structure_id": "ESTAT:DS(1.0)", "statistics_code": "51000", "time_label": "Jahr", "1_variable_code": "STLAH",
    "value_variable_label": "Einfuhr: Wert", "value_unit": "USD",
}  # fmt: skip
UNIT = {"fao": "1000 USD", "fao-m49": "1000 USD", "fao-codes": "1000 USD", "wto": "Million US dollar"}
ROWS = {row["name"]: row for row in headings.standard()}


def codes_of(system):
    """ISO3 -> what the office writes."""
    if system in OTHER:
        return OTHER[system]
    own = [row for row in headings.rows("numbers.csv") if row["system"] == system and not row["group"]]
    return {row["iso3"]: row["code"] for row in own}


def written(name, frame):
    """The frame as the layout has it, what to say of it, and the frame that is read back."""
    row = ROWS[name]
    fields, fixed, flows = pairs(row["fields"]), pairs(row["fixed"]), pairs(row["flows"])
    home = fixed.get("reporter", "CAN" if name == "canada-table" else "KOR")
    here = frame.assign(importer=home, exporter=frame["exporter"].where(frame["exporter"] != home, "KOR"))
    codes, sold = codes_of(row["system"]), fixed.get("flow") == "X"
    headed = unit(fields["value_usd"])  # 價值(美元千元)
    said = UNIT.get(name) or row["value_unit"] or ("EUR" if name.startswith("eurostat-") else "USD")
    money = headed if headed is not None and headed.money and not row["value_unit"] else unit(said)
    rate = 1.0 if money.code == "USD" else RATE
    own = "Canada" if name == "canada-table" else codes.get(home, home)
    cells = {
        "period": here["period"], "product": here["product"], "value_usd": here["value_usd"] / money.factor / rate,
        "partner": here["exporter"].map(codes), "exporter": here["exporter"].map(codes), "reporter": own,
        "importer": own, "flow": next((code for code, way in flows.items() if way == "M"), "Import"),
    }  # fmt: skip
    weight = unit(row["weight_unit"]) or unit("kg")
    if "weight_unit" in fields or row["weight_unit"]:
        cells |= {"tonnes": here["tonnes"] / weight.factor, "weight_unit": "KG"}
    else:
        here = here.assign(tonnes=float("nan"))
    table = {heading.partition("|")[0]: cells[field] for field, heading in fields.items() if field in cells}
    needed = [mark for mark in row["marks"].split(";") if mark not in table]
    extra = {heading: CELLS.get(heading, "") for heading in [*needed, *fields.values()] if heading in CELLS}
    extra |= {"indicators": CELLS["indicators"]} if name.startswith("eurostat-") else {}
    extra |= {"unit": UNIT[name]} if name in UNIT else {}
    options = {} if "flow" in fields or "indicator" in fields or fixed.get("flow") else {"flow": "imports"}
    options |= {"flow": "imports"} if name == "dataweb" else {}
    options |= {"unit": {money.code: RATE}} if money.code != "USD" else {}
    if sold:
        here = here.rename(columns={"exporter": "importer", "importer": "exporter"})
    return pd.DataFrame(table | extra, index=here.index), options, here


def doors(table, folder):
    table = table.reset_index(drop=True)
    table.to_csv(folder / "a.csv", index=False)
    table.to_csv(folder / "b.tsv", index=False, sep="\t")
    table.to_excel(folder / "c.xlsx", index=False)
    table.to_parquet(folder / "d.parquet", index=False)
    rows = json.loads(table.to_json(orient="records", double_precision=15))
    (folder / "e.json").write_text(json.dumps({"data": rows}))
    files = {name: folder / name for name in ("a.csv", "b.tsv", "c.xlsx", "d.parquet", "e.json")}
    return {**files, "pandas": table, "polars": pl.from_pandas(table), "arrow": pa.Table.from_pandas(table),
            "duckdb": duckdb.from_arrow(pa.Table.from_pandas(table))}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
@settings(
    max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frame=tables(least=4))
def test_a_random_table_in_every_layout_and_door(name, frame, tmp_path_factory):
    table, options, wanted = written(name, frame)
    for door, source in doors(table, tmp_path_factory.mktemp("layout")).items():
        try:
            same(read_flows(source, quiet=True, **options), wanted)
        except Exception as error:
            raise AssertionError(f"{name} by {door}: {table.head(2).to_dict('records')} {options}") from error
