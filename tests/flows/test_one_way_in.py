"""A text whose regular rows the engine takes, and the same judged line by line: the same flows, notes and faults."""

from __future__ import annotations

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows, text

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
