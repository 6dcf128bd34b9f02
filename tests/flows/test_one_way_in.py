"""A text whose regular rows the engine takes, and the same judged line by line: the same flows, notes and faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import dense, read_flows, sources, text
from geoecon.flows.raw import Request

H = "period,exporter,importer,product,value_usd"
TEXTS = {
    "plain": H + "\n2019,CHN,KOR,281111,5\n",
    "quoted nl": H + ',name\n2019,CHN,KOR,281111,5,"a\nb"\n2019,JPN,KOR,281111,x,"c"\n',
    "doubt": H + "\n2019,CHN,KOR,281111,5\n2019,JPN,KOR,281111,1.234\n",
    "both signs": H + '\n2019,CHN,KOR,281111,1.25\n\n2019,JPN,KOR,281111,"1,25"\n',
    "notes": H + "\n2019,CHN,KOR,281111,5\nSource: x\n",
    "notes,": H + "\n2019,CHN,KOR,281111,5\nSource: x, 2020\nNote: a, b, c, d\n",
    "total": H + "\n2019,CHN,KOR,281111,5\nSubtotal,,,,5\n2019,JPN,KOR,281111,5\nTotal,,,,10\n",
    "again": H + "\n2019,CHN,KOR,281111,5\n" + H + "\n2019,JPN,KOR,281111,6\n",
    "unit row": "period,exporter,importer,product,value\n,,,,thousand USD\n2019,CHN,KOR,281111,5\n",
    "numbered": H + "\n(1),(2),(3),(4),(5)\n2019,CHN,KOR,281111,5\n",
    "row names": H + "\n1,2019,CHN,KOR,281111,5\n2,2019,JPN,KOR,281111,6\n",
    "wide": H + "\nx,2019,CHN,KOR,281111,5\ny,2019,JPN,KOR,281111,6\n",
    "short": H + "\n2019,CHN,KOR,281111\n2019,JPN,KOR,281111,6\n",
    "trailing": H + "\n2019,CHN,KOR,281111,5,\n2019,JPN,KOR,281111,6,\n",
    "some trailing": H + "\n2019,CHN,KOR,281111,5,\n2019,JPN,KOR,281111,6\n",
    "blank lines": H + "\n2019,CHN,KOR,281111,5\n\n,,,,\n2019,JPN,KOR,281111,z\n",
    "bad": H + "\n2019,CHX,KOR,281111,5\n2019,JPN,KOR,2811,-6\n20x9,JPN,KOR,28111,6\n",
    "dup": H + "\n2019,CHN,KOR,281111,5\n2019,CHN,KOR,281111,6\n",
    "titles": "Imports, thousand USD\n\n" + H.replace("_usd", "") + "\n2019,CHN,KOR,281111,5\n",
    "only header": H + "\n",
    "excel text": H + '\n2019,CHN,KOR,"=""010121""",5\n',
    "excel raw": H + '\n2019,CHN,KOR,="010121",5\n',
    "quote mid": H + '\n2019,CHN,KOR,281111,5\n2019,J"P"N,KOR,281111,6\n',
    "unclosed": H + '\n2019,CHN,KOR,281111,5\n2019,"JPN,KOR,281111,6\n',
    "cr": (H + "\n2019,CHN,KOR,281111,5\n").replace("\n", "\r"),
    "crlf": (H + "\n2019,CHN,KOR,281111,5\n2019,JPN,KOR,281111,q\n").replace("\n", "\r\n"),
    "semi": (H + "\n2019,CHN,KOR,281111,5\n").replace(",", ";"),
    "flow": H + ",flow\n2022,CHN,DEU,811292,10,M\n2022,JPN,DEU,811292,40,X\n",
    "NA": H + "\n2019,CHN,KOR,281111,NA\n2019,JPN,KOR,281111,\n",
}


def told(path):
    try:
        flows = read_flows(path, quiet=True)
    except InputError as error:
        return str(error)
    rows = flows.to_frame().sort_values(["period", "exporter", "product"]).astype(str).to_numpy().tolist()
    return rows, sorted(str(flows.coverage).split("\n"))


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_alike_by_the_engine_and_line_by_line(name, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(TEXTS[name], encoding="utf-8", newline="")
    engine = told(path)
    monkeypatch.setattr(text, "_regular", lambda *_: (None, True))
    assert told(path) == engine


def numbers(seed: int, rows: int = 400) -> pd.DataFrame:
    """A made-up year as BACI keeps it, with gaps, zeros, own trade and products that are not specified."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({
        "t": rng.choice([2021, 2022], rows), "i": rng.choice([156, 392, 842, 276, 490], rows),
        "j": rng.choice([410, 156, 251], rows), "k": rng.choice(["010121", "281111", "854231", "999999"], rows),
        "v": rng.choice([0.0, 1.5, 2.25, 1e13, np.nan], rows), "q": rng.choice([0.0, 0.5, 7.0, np.nan], rows),
    })  # fmt: skip
    return table.drop_duplicates(["t", "i", "j", "k"], ignore_index=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_pass_over_numbers_counts_what_the_engine_counts(seed, tmp_path, monkeypatch):
    path = tmp_path / "BACI_HS17_Y2022_V202501.parquet"
    numbers(seed).to_parquet(path, row_group_size=50)
    assert dense.counted(*sources.opened(str(path), Request())) is not None
    quick = read_flows(path, quiet=True)
    monkeypatch.setattr(dense, "counted", lambda _: None)
    slow = read_flows(path, quiet=True)
    assert str(quick.coverage) == str(slow.coverage) and quick.spent() == pytest.approx(slow.spent())
    pd.testing.assert_frame_equal(quick.to_frame(), slow.to_frame())


@pytest.mark.parametrize("column", ["i", "v", "twice", "k"])
def test_one_pass_over_numbers_finds_the_faults_that_the_engine_finds(column, tmp_path, monkeypatch):
    table = numbers(4)
    bad = {"i": 9998, "v": -1.0, "k": "10121"}
    table = pd.concat([table, table.iloc[[5]]]) if column == "twice" else table
    if column in bad:
        table.loc[7, column] = bad[column]
    path = tmp_path / "BACI_HS17_Y2022_V202501.parquet"
    table.to_parquet(path)
    with pytest.raises(InputError) as quick:
        read_flows(path)
    monkeypatch.setattr(dense, "counted", lambda _: None)
    with pytest.raises(InputError) as slow:
        read_flows(path)
    assert str(quick.value) == str(slow.value)
