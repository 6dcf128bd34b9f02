"""Every layout of an office through every door: the same flows and the same notes as from its text."""

import csv
import json
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from geoecon.flows import read_flows

FOLDER = Path(__file__).parents[2] / "docs" / "layouts"
with (FOLDER / "samples.csv").open(encoding="utf-8") as lines:
    SAMPLES = {row["file"]: row["options"] for row in csv.DictReader(lines)}
TITLED = ("trade_map.txt", "tidy_sides.csv", "eurostat.tsv")  # titles, packed headings: of texts and sheets alone


def given(options):
    found = {}
    for option in options.split():
        key, _, value = option.partition("=")
        pairs = [part.partition("=") for part in value.split(",")]
        found[key] = {n: v if key == "columns" else float(v) for n, _, v in pairs} if "=" in value else value
    return found


def table_of(path):
    """The sample as a table of texts."""
    if path.suffix == ".json":
        told = json.loads(path.read_text())
        return pd.DataFrame(told[1:], columns=told[0]) if isinstance(told, list) else pd.DataFrame(told["data"])
    text = path.read_text(encoding="utf-8-sig").splitlines()
    mark = max("\t;,", key=text[0].count)
    return pd.read_csv(path, sep=mark, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def doors(table, folder):
    yield "polars", pl.from_pandas(table)
    table.to_parquet(folder / "t.parquet")
    yield "parquet", folder / "t.parquet"
    table.to_excel(folder / "t.xlsx", index=False)
    yield "xlsx", folder / "t.xlsx"
    (folder / "t.json").write_text(json.dumps(table.to_dict("records"), ensure_ascii=False))
    yield "json", folder / "t.json"


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in TITLED])
def test_a_layout_reads_alike_by_every_door(name, tmp_path):
    options = given(SAMPLES[name])
    first = read_flows(FOLDER / name, quiet=True, **options).to_frame()
    first = first.sort_values(list(first)[:4], ignore_index=True)
    assert len(first) and first["value_usd"].notna().any()
    for door, source in doors(table_of(FOLDER / name), tmp_path):
        found = read_flows(source, quiet=True, **options).to_frame().sort_values(list(first)[:4], ignore_index=True)
        pd.testing.assert_frame_equal(found[list(first)], first, check_dtype=False, obj=f"{name} by {door}")
