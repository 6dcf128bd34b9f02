"""What was read is what was kept and what was set aside, row by row; the file of the rest has them all."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.flows.coverage import LOST

HEAD = "period,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt,motCode"


def balanced(path, folder, **options):
    """The coverage of a read: every row is kept or has a reason, and those stand in the file of the rest."""
    rest = folder / "rest.csv"
    told = read_flows(path, quiet=True, aside=rest, **options).coverage
    assert told.item(LOST) is None, told
    assert told.rows == told.kept_rows + told.set_aside
    assert len(pd.read_csv(rest, dtype=str)) == told.set_aside, told
    return told


reports = st.tuples(
    st.sampled_from(["2022", "202201", "202202"]), st.sampled_from(["410", "392", "156"]),
    st.sampled_from(["0", "156", "392", "410", "842", "899", "777"]), st.sampled_from(["M", "X", "RM", "RX"]),
    st.sampled_from(["28", "2811", "281111", "281122", "TOTAL"]), st.sampled_from(["10", "4", "0", ""]),
    st.sampled_from(["5", "0", ""]), st.sampled_from(["0", "1000", "2100"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(reports, min_size=1, max_size=9),
    report=st.sampled_from(["importer", "exporter", "mirror"]),
    exports=st.sampled_from(["gross", "domestic"]),
    duplicates=st.sampled_from(["sum", "drop"]),
)
def test_no_row_of_a_report_vanishes(rows, report, exports, duplicates, tmp_path):
    path = tmp_path / "reply.csv"
    path.write_text("\n".join([HEAD, *map(",".join, rows)]) + "\n", encoding="utf-8")
    try:
        told = balanced(
            path, tmp_path, report=report, exports=exports, duplicates=duplicates, unknown="aside", digits=None
        )
    except InputError:
        return
    assert told.rows == len(rows)


TABLES = {
    "a total below": ("period,exporter,importer,product,value\n2022,CHN,KOR,281111,5\n2022,JPN,KOR,281111,7\n"
                      "Total,,,,12\nSource: made up\n", {}, 3, 2),
    "weights below values": ("period,reporter,partner,flow,product,indicator,unit,value\n"
                             "2022,KOR,CHN,import,281111,value,USD,5\n2022,KOR,CHN,import,281111,weight,kg,9\n"
                             "2022,KOR,JPN,import,281111,weight,kg,9\n2022,KOR,JPN,import,281111,number,pieces,3\n"
                             "2022,KOR,JPN,export,281111,value,USD,4\n", {}, 5, 2),
    "parts without a total": ("period,reporter,partner,flow,product,transport,value\n2022,KOR,CHN,M,281111,sea,5\n"
                              "2022,KOR,CHN,M,281111,air,2\n2022,KOR,CHN,RM,281111,air,1\n", {}, 3, 2),
    "asked for": ("period,exporter,importer,product,grade,value\n2022,CHN,KOR,281111,A,5\n2022,CHN,KOR,281111,B,7\n",
                  {"only": {"grade": "A"}}, 2, 1),
    "two directions": ("period,exporter,importer,product,flow,value\n2022,CHN,KOR,281111,import,5\n"
                       "2022,CHN,KOR,281111,re-import,1\n2022,CHN,KOR,281111,export,7\n", {}, 3, 1),
    "wide": ("exporter,importer,product,2021,2022\nCHN,KOR,281111,5,6\nWorld,KOR,281111,5,6\n", {}, 4, 2),
    "months beside a year": ("period,exporter,importer,product,value\n2022,CHN,KOR,281111,5\n2022-01,CHN,KOR,281111,2\n"
                             "2022-02,CHN,KOR,281111,3\nEU,CHN,KOR,281111,3\n".replace("EU,", "2022-03,"), {}, 4, 1),
    "two spellings": ("period,exporter,importer,product,value\n2022,CHN,KOR,281111,5\n2022,China,KOR,281111,6\n"
                      "2022,KOR,KOR,281111,1\n2022,XQX,KOR,281111,1\n2022,EU27,DEU,281111,1\n2022,FRA,DEU,281111,1\n",
                      {"unknown": "aside", "duplicates": "sum"}, 6, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_way_of_setting_aside_is_counted(name, tmp_path):
    text, options, rows, kept = TABLES[name]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    told = balanced(path, tmp_path, **options)
    assert (told.rows, told.kept_rows) == (rows, kept), told
