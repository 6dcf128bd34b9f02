"""What remains of a file, what its notes say of it, and how to read what does not remain."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.flows.coverage import dollars


@pytest.fixture
def reply(tmp_path):
    """A reply with exports of Hong Kong, their re-exports, and its imports from the World row alone."""
    rows = [("X", 0, 500e6), ("X", 410, 120e6), ("RX", 0, 470e6), ("RX", 410, 118e6), ("M", 0, 600e6)]
    data = [{"period": "2018", "reporterCode": 344, "flowCode": f, "partnerCode": p, "cmdCode": "854231",
             "primaryValue": v, "netWgt": None} for f, p, v in rows]  # fmt: skip
    path = tmp_path / "reply.json"
    path.write_text(json.dumps({"count": len(data), "data": data}), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_file_from_which_nothing_remains_writes_nothing_and_says_the_way_out(reply, ending):
    out = reply.with_name(f"out{ending}")
    with pytest.raises(InputError, match=r"reply\.json: no row.*(?s:.*)exports of HKG .*--report exporter"):
        ge.convert(reply, out, quiet=True)
    assert not out.exists()
    assert len(ge.convert(reply, out, report="exporter", quiet=True).to_frame()) == 1


def test_a_scan_of_an_exporter_says_where_its_exports_stand(reply):
    assert "--report exporter" in ge.scan(reply, exporter="HKG", quiet=True).sentence()
    assert "--report" not in ge.scan(reply, exporter="HKG", report="exporter", quiet=True).sentence()


@pytest.mark.parametrize(("exports", "told"), [
    ("gross", "X: 380,000,000 USD of the World row is unallocated (76.00%)"),
    ("domestic", "X (domestic exports): 28,000,000 USD of the World row is unallocated (93.33%)"),
])  # fmt: skip
def test_what_is_unallocated_is_of_the_concept_asked_for(reply, exports, told):
    assert told in str(read_flows(reply, report="exporter", exports=exports, quiet=True).coverage)


@pytest.mark.parametrize(("usd", "told"), [(2_003_606.25, "2 003 606"), (1427, "1 427"), (13.25, "13.2"), (31, "31"),
                                           (12_345_678, "about 12 300 000"), (6e8, "600 000 000")])  # fmt: skip
def test_sums_in_notes_are_exact_or_say_that_they_are_not(usd, told):
    assert dollars(usd).replace("\u2009", " ") == told


def test_what_was_added_up_has_its_sum(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("period,exporter,importer,product,value_usd\n2022,GB,KOR,271019,4\n2022,XI,KOR,271019,8\n")
    assert "flows added up under one code: 2 rows, 12 USD" in str(read_flows(path, quiet=True).coverage)


def test_leverage_over_a_country_without_imports_in_the_table_is_unknown_not_nothing():
    rows = pd.DataFrame([("2020", "JPN", "KOR", "811292", 1e8), ("2020", "CHN", "KOR", "811292", 1e8)],
                        columns=["period", "exporter", "importer", "product", "value_usd"])  # fmt: skip
    found = ge.leverage(rows, "KOR", "JPN", quiet=True)
    assert "over the one product" in found.sentence()
    assert "the reverse is unknown: the table holds no imports of Japan" in found.sentence()
    assert found.figures()["balance"].value is None and found.figures()["power.KOR"].value is None
    assert found.figures()["power.JPN"].value == pytest.approx(1e8 * np.log(2) / 3)  # −ln(1 − w)/(σ − 1), half of it
