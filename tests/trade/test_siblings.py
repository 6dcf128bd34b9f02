"""Siblings of the traps: other ways in which the same kinds of input go wrong, each read by its rule or refused."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows

HEAD = "period,exporter,importer,product,value_usd,tonnes\n"
ROWS = "2022,JPN,KOR,010121,100,1\n2022,CHN,KOR,010121,300,2\n"


@pytest.fixture
def put(tmp_path):
    def write(name: str, content: str | bytes, encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def told(flows) -> str:
    return str(flows.coverage)


def archive(members: dict[str, str | bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-16-le", "UTF-16-LE without a mark"), ("utf-16-be", "UTF-16-BE without a mark"), ("utf-16", "UTF-16"),
     ("utf-32", "UTF-32"), ("utf-8-sig", "byte order mark")],
)  # fmt: skip
def test_every_unicode_encoding_is_read_and_named(put, encoding, words):
    flows = read_flows(put("a.csv", HEAD + ROWS, encoding), quiet=True)
    assert flows.to_frame()["value_usd"].tolist() == [300.0, 100.0] and words in told(flows)
    assert set(flows.to_frame()["product"]) == {"010121"}


@pytest.mark.parametrize(
    ("encoding", "heading", "words"),
    [("shift_jis", "年,輸出国,輸入国,品目,価額,トン", "Shift JIS"),
     ("cp949", "기간,수출국,수입국,품목,금액,톤", "cp949"),
     ("gb18030", "年份,出口国,进口国,商品编码,金额,吨", "GB 18030"),
     ("cp1252", "Jahr,Ausfuhrland,Einfuhrland,Warennummer,Wert,Tonnen,Größe", "Windows-1252"),
     ("cp1252", "Año,País exportador,País importador,Código,Valor USD,Toneladas", "Windows-1252"),
     ("cp1252", "Année,Pays exportateur,Pays importateur,Produit,Valeur (USD),Tonnes", "Windows-1252"),
     ("utf-8", "年份,出口国,进口国,商品编码,金额,吨", "read as value_usd")],
)  # fmt: skip
def test_headings_of_other_languages_in_their_code_pages(put, encoding, heading, words):
    rows = ROWS if heading.count(",") == 5 else ROWS.replace("\n", ",0\n")
    flows = read_flows(put("a.csv", heading + "\n" + rows, encoding), quiet=True)
    assert flows.to_frame()["tonnes"].tolist() == [2.0, 1.0] and words in told(flows)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1'234'567.5", 1234567.5), ("1’234’567.5", 1234567.5), ("1\u202f234", 1234.0), ("1\u2009234.5", 1234.5),
     ("1.5E+3", 1500.0), ("+7", 7.0), ("１００", 100.0)],
)  # fmt: skip
def test_numbers_as_people_write_them(put, cell, value):
    flows = read_flows(put("a.csv", HEAD + f"2022,JPN,KOR,010121,{cell},1\n"), quiet=True)
    assert flows.to_frame()["value_usd"].tolist() == [value]


@pytest.mark.parametrize("cell", ["~100", "(100)", "−100", "-1", "inf", "1e400", "#DIV/0!"])
def test_what_is_no_number_stops_with_its_line(put, cell):
    with pytest.raises(InputError, match="line 2, value_usd"):
        read_flows(put("a.csv", HEAD + f'2022,JPN,KOR,010121,"{cell}",1\n2022,CHN,KOR,010121,2.5,1\n'))


def test_the_separator_line_of_excel(put):
    flows = read_flows(put("a.csv", "sep=;\r\n" + (HEAD + ROWS).replace(",", ";")), quiet=True)
    assert flows.to_frame()["value_usd"].sum() == 400 and "delimiter ;" in told(flows)
    bom = read_flows(put("b.csv", "\ufeffsep=;\n" + (HEAD + ROWS).replace(",", ";")), quiet=True)
    assert bom.to_frame()["value_usd"].sum() == 400


def test_a_weight_in_another_unit_is_made_tonnes_and_told(put):
    flows = read_flows(put("a.csv", HEAD.replace("tonnes", "kg") + ROWS), quiet=True)
    assert flows.to_frame()["tonnes"].tolist() == [0.002, 0.001] and "kg made tonnes: times 0.001" in told(flows)
    with pytest.raises(InputError, match="no column for value_usd: value_eur is in EUR"):
        read_flows(put("b.csv", HEAD.replace("value_usd", "value_eur") + ROWS))


def test_two_spellings_of_one_flow_are_added_up_and_told(put):
    flows = read_flows(put("a.csv", HEAD + ROWS + "2022,JPN,KOR,0101.21,50,1\n"), quiet=True)
    assert flows.to_frame()["value_usd"].sum() == 450
    assert "flows added up under one code: 2 rows" in told(flows) and "2022 JPN KOR 010121" in told(flows)


def test_archives_with_equal_names_hidden_files_and_paths(put, tmp_path):
    older = ROWS.replace("2022", "2021")
    members = {"a/x.csv": HEAD + ROWS, "b/x.csv": HEAD + older, "__MACOSX/._x.csv": b"\0\1", ".hidden.csv": "x"}
    flows = read_flows(put("a.zip", archive(members)), quiet=True)
    assert flows.periods() == ["2021", "2022"] and len(flows.to_frame()) == 4
    assert read_flows(put("b.zip", archive({"../../out.csv": HEAD + ROWS})), quiet=True).coverage.rows == 2
    assert not list(tmp_path.parent.glob("out.csv"))


packed, zipped = gzip.compress((HEAD + ROWS).encode()), archive({"x.csv": HEAD + ROWS})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.csv.gz", packed[:-6], "ends early"), ("a.csv.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:], "damaged"),
     ("a.csv.gz", packed[: len(packed) // 2], "ends early"), ("a.zip", zipped[: len(zipped) // 2], "damaged"),
     ("a.zip", zipped[:45] + bytes([zipped[45] ^ 255]) + zipped[46:], "damaged"),
     ("a.zip", archive({}), "no data file"),
     ("a.parquet", (HEAD + ROWS).encode(), "a whole Parquet file"), ("a.parquet", b"PAR1", "a whole Parquet file"),
     ("a.xlsx", b"PK\x03\x04junk", "not readable as XLSX"), ("a.csv", b"", "file is empty"),
     ("a.csv", b"\xef\xbb\xbf", "file is empty"), ("a.csv", b"\n \n", "file is empty"),
     ("a.csv", HEAD.encode(), "no data rows"), ("a.csv", ROWS.encode(), "no column for"),
     ("a.csv", b"<html>403 Forbidden</html>\n", "no column for"),
     ("a.csv", (HEAD + "Source: x\n" + ROWS).encode(), "line 2")],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else None,  # packed files hold the time
)  # fmt: skip
def test_half_files_and_no_files(put, name, content, words):
    with pytest.raises(InputError, match=words):
        read_flows(put(name, content))


@pytest.mark.parametrize(
    ("reply", "words"),
    [({"statusCode": 401, "message": "Access denied"}, "401"),
     ({"error": "limit exceeded", "data": []}, "limit exceeded"),
     ({"count": 0, "data": [], "error": ""}, "0 records"), ({"data": None, "error": "Calculation failed"}, "failed"),
     (5, "no object"), (["a"], "no column"), ({"data": {"period": "2022"}}, "no column")],
)  # fmt: skip
def test_what_the_service_says_instead_of_data(put, reply, words):
    with pytest.raises(InputError, match=words):
        read_flows(put("a.json", json.dumps(reply)))


@pytest.mark.parametrize("code", ["10121", "2.81111E+05", "281111.5", "", "28-1111-1"])
def test_codes_that_lost_digits_are_never_padded(put, code):
    with pytest.raises(InputError, match="line 2, product"):
        read_flows(put("a.csv", HEAD + f"2022,JPN,KOR,{code},100,1\n"))
    frame = pd.DataFrame([("2022", "JPN", "KOR", 10121, 1.0, 1.0)], columns=HEAD.strip().split(","))
    with pytest.raises(InputError, match="5 digits"):
        read_flows(frame)


@pytest.mark.parametrize("period", ["2022-13", "22-Jan", "22", "２０２２", "2022-Q5"])
def test_periods_that_are_none(put, period):
    with pytest.raises(InputError, match="line 2, period"):
        read_flows(put("a.csv", HEAD + f"{period},JPN,KOR,010121,100,1\n"))


@pytest.mark.parametrize(
    ("year", "code", "iso3", "outside"),
    [("2005", "891", "SCG", False), ("2022", "891", "SCG", True),
     ("2022", "728", "SSD", False), ("2010", "736", "SDN2011", False),
     ("2022", "344", "HKG", False), ("2022", "490", "TWN", False), ("2005", "688", "SRB", True),
     ("1980", "280", "DEU1990", False)],
)  # fmt: skip
def test_codes_of_states_by_date(put, year, code, iso3, outside):
    flows = read_flows(put("a.csv", HEAD + f"{year},{code},KOR,281111,10,1\n"), quiet=True)
    assert flows.to_frame()["exporter"].tolist() == [iso3]
    assert (flows.coverage.item("code outside its years") is not None) == outside


@pytest.mark.parametrize(
    ("year", "code", "iso3", "other"),
    [("2010", "728", "SSD", "Korea"), ("2022", "736", "SDN2011", "Taiwan"), ("2022", "280", "DEU1990", "Togo")],
)
def test_a_number_of_a_state_that_was_none_and_of_another_elsewhere_is_asked_for(put, year, code, iso3, other):
    """One row proves no system: both readings are named; told which, the state and its years are said."""
    file = put("a.csv", HEAD + f"{year},{code},KOR,281111,10,1\n")
    with pytest.raises(InputError, match=f"{code} is .*none in these years, {other} to Eurostat; allowed: numbers="):
        read_flows(file)
    flows = read_flows(file, numbers="comtrade", quiet=True)
    assert flows.to_frame()["exporter"].tolist() == [iso3]
    assert flows.coverage.item("code outside its years") is not None


def test_aggregates_count_once_and_self_trade_is_set_aside(put):
    extra = "".join(f"2022,{who},KOR,010121,50,1\n" for who in ("World", "EU27", "Germany", "ASEAN", "South Korea"))
    flows = read_flows(put("a.csv", HEAD + ROWS + extra), quiet=True)
    # the world holds the others, the Union its member: neither counts; ASEAN, of which no member stands, is a supplier
    assert flows.to_frame()["value_usd"].sum() == 500 and flows.spent() == {("2022", "KOR"): 500.0}
    assert "aggregates set aside" in told(flows) and "with itself" in told(flows)
