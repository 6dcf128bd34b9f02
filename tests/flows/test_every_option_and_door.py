"""Options that are given are obeyed or refused; what a table says of itself is said on: valuation, levels, encoding."""

from __future__ import annotations

import json

import pandas as pd
import polars as pl
import pytest

from geoecon import leverage, scan
from geoecon.errors import InputError
from geoecon.flows import convert, read_flows

PLAIN = "period,exporter,importer,product,value_usd\n2020,CHN,KOR,281111,100\n2020,JPN,KOR,281111,300\n"


def write(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


# a year and the months after it (trap annual-and-monthly)


MIXED = (
    "period,exporter,importer,product,value_usd\n2020,CHL,CHN,283691,900\n2020,ARG,CHN,283691,100\n"
    "2021-01,CHL,CHN,283691,50\n2021-01,ARG,CHN,283691,70\n2021-02,CHL,CHN,283691,60\n"
)


def test_the_year_answers_before_the_months_after_it(tmp_path):
    path = write(tmp_path, "am.csv", MIXED)
    found = scan(path, "CHN", quiet=True)
    assert list(found.periods) == ["2020"]
    assert found.table["import_share"].max() == pytest.approx(0.9)
    assert any("2020 is the last of the longest" in note for note in found.notes)
    assert scan(path, "CHN", period="2021-01", quiet=True).table["import_share"].max() == pytest.approx(70 / 120)


def test_leverage_goes_over_periods_of_one_kind(tmp_path):
    found = leverage(write(tmp_path, "am.csv", MIXED), "CHN", "CHL", quiet=True)
    assert list(found.paths["period"]) == ["2020"]
    # w = 0.9 of 1,000 USD: -ln(1 - 0.9) / 3 x 900
    assert found.paths["cost_of_other"].iloc[0] == pytest.approx(690.7755, abs=1e-3)


@pytest.mark.parametrize(
    ("periods", "wanted"),
    [
        (("2020-Q3", "2020-Q4", "2021-01"), "2020-Q4"),
        (("2019-07/2019-12", "2020-01", "2020-02"), "2019-07/2019-12"),
        (("2019", "2020", "2021-Q1", "2021-04"), "2020"),
        (("2016-01/2019-12", "2019", "2020"), "2020"),
        (("2020-11", "2020-12"), "2020-12"),
    ],
)
def test_the_last_of_the_longest_up_to_a_year(periods, wanted, tmp_path):
    frame = pd.DataFrame({"period": periods, "exporter": "CHN", "importer": "KOR", "product": "281111"})
    assert read_flows(frame.assign(value_usd=[1.0 + k for k in range(len(periods))]), quiet=True).level()[-1] == wanted


# options


@pytest.mark.parametrize("limit", [2, 1])
@pytest.mark.parametrize("door", ["csv", "json", "frame", "tsv"])
def test_a_limit_is_looked_at_in_every_table(door, limit, tmp_path):
    rows = pd.DataFrame([line.split(",") for line in PLAIN.splitlines()[1:]], columns=PLAIN.splitlines()[0].split(","))
    source = {
        "csv": lambda: write(tmp_path, "t.csv", PLAIN), "frame": lambda: rows,
        "json": lambda: write(tmp_path, "t.json", json.dumps(rows.to_dict("records"))),
        "tsv": lambda: write(tmp_path, "t.tsv", PLAIN.replace(",", "\t")),
    }[door]()  # fmt: skip
    with pytest.raises(InputError, match=rf"\(2\) equals the limit \({limit}\)"):
        read_flows(source, limit=limit)
    assert read_flows(source, limit=3, quiet=True).coverage.kept_rows == 2


def test_a_limit_counts_records_of_a_wide_table(tmp_path):
    path = write(
        tmp_path, "w.csv", "exporter,importer,product,2019,2020,2021\nCHN,KOR,281111,1,2,3\nJPN,KOR,281111,4,5,6\n"
    )
    assert read_flows(path, limit=3, quiet=True).coverage.kept_rows == 6
    with pytest.raises(InputError, match="equals the limit"):
        read_flows(path, limit=2)


@pytest.mark.parametrize("option", [{"report": "exporter"}, {"report": "mirror"}, {"exports": "domestic"},
                                    {"flow": "exports"}])  # fmt: skip
def test_what_a_table_of_sides_cannot_obey_is_refused(option, tmp_path):
    with pytest.raises(InputError, match="would change nothing: the columns exporter and importer"):
        read_flows(write(tmp_path, "t.csv", PLAIN), **option)


@pytest.mark.parametrize("option", [{"digits": 6}, {"frequency": "year"}, {"only": {"exporter": "CHN"}}, {"limit": 9},
                                    {"unit": "thousand USD"}, {"decimal": ","}, {"numbers": "japan"},
                                    {"duplicates": "sum"}])  # fmt: skip
def test_what_is_read_already_takes_no_option_of_reading(option, tmp_path):
    convert(write(tmp_path, "t.csv", PLAIN), tmp_path / "own.parquet", quiet=True)
    for source in (tmp_path / "own.parquet", read_flows(tmp_path / "t.csv", quiet=True)):
        with pytest.raises(InputError, match=f"{next(iter(option))} .* would change nothing"):
            read_flows(source, **option)
    assert read_flows(tmp_path / "own.parquet", scope="world", classification="HS17", quiet=True).hs == "HS17"


# how imports are valued (trap 06, 43: the margin is explained by it)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("CO_ANO;CO_MES;CO_NCM;CO_PAIS;KG_LIQUIDO;VL_FOB\n2021;3;85423190;160;7;500\n", "importer (FOB)"),
        ("time,I_COMMODITY,CTY_CODE,GEN_VAL_MO\n2020-01,854231,5700,700\n", "importer (customs value)"),
        ("year,reporter,partner,product,flow,cif value\n2020,KOR,CHN,281111,Import,7\n", "importer (CIF)"),
        ("year,reporter,partner,product,flow,fob value\n2020,ZAF,CHN,281111,Import,7\n", "importer (FOB)"),
    ],
)
def test_imports_are_called_as_they_are_valued(text, wanted, tmp_path):
    found = read_flows(write(tmp_path, "v.csv", text), flow="imports" if "flow" not in text else None, quiet=True)
    assert set(found.to_frame()["reported_by"]) == {wanted}
    assert any("without freight and insurance" in note for note in found.coverage.said) == ("CIF" not in wanted)


# records of JSON, lines of headers, words of cells


RECORD = {"period": "2020", "exporter": "CHN", "importer": "DEU", "product": "281111", "value_usd": 5}


@pytest.mark.parametrize("name", ["one.json", "one.jsonl", "one.ndjson"])
def test_one_record_is_a_table(name, tmp_path):
    found = read_flows(write(tmp_path, name, json.dumps(RECORD) + "\n"), quiet=True).to_frame()
    assert found[["exporter", "importer", "value_usd"]].to_numpy().tolist() == [["CHN", "DEU", 5.0]]


@pytest.mark.parametrize("text", ['{"message": "no", "code": 7, "requestId": "a"}', '{"a": 1, "b": 2, "c": 3}'])
def test_what_a_service_says_is_no_record(text, tmp_path):
    with pytest.raises(InputError):
        read_flows(write(tmp_path, "s.json", text))


def test_columns_of_other_lengths_are_named(tmp_path):
    with pytest.raises(InputError, match="columns of other lengths than the first"):
        read_flows(write(tmp_path, "c.json", '{"period": ["2020"], "exporter": ["CHN", "JPN"]}'))


def test_a_header_is_named_by_its_line(tmp_path):
    path = write(
        tmp_path, "t.csv", "Außenhandel\nStand: 2024\n\nJahr,Ursprung?,Importeur,Ware,Wert\n2020,CHN,DEU,281111,5\n"
    )
    with pytest.raises(InputError, match=r"t\.csv line 4: no column for exporter"):
        read_flows(path)


@pytest.mark.parametrize(
    "header",
    ["Jahr;Exporteur;Importeur;Ware;Wert", "jaar;exporteur;importeur;goederen;waarde",
     "anno;esportatore;importatore;merce;valore", "год;экспортёр;импортёр;товар;стоимость",
     "rok;eksporter;importer;towar;wartość", "år;eksportør;importør;varekode;verdi"],
)  # fmt: skip
@pytest.mark.parametrize("total", ["Gesamt", "Totaal", "Итого", "Razem", "Toplam", "I alt"])
def test_headings_and_totals_of_more_languages(header, total, tmp_path):
    text = (
        f"{header.replace(';vare;', ';produkt;')}\n2020;CHN;KOR;281111;100\n2020;JPN;KOR;281111;300\n{total};;;;400\n"
    )
    found = read_flows(write(tmp_path, "l.csv", text), quiet=True)
    assert found.to_frame()["value_usd"].sum() == 400
    assert any("is a total and set aside" in note or "World" in note for note in found.coverage.said)


def test_codes_in_small_letters(tmp_path):
    found = read_flows(write(tmp_path, "s.csv", PLAIN.replace("CHN", "chn").replace("KOR", "kor")), quiet=True)
    assert set(found.to_frame()["exporter"]) == {"CHN", "JPN"}


def test_flags_of_other_offices_and_marks_of_footnotes(tmp_path):
    rows = "2020,CHN,KOR,281111,1200E\n2020,JPN,KOR,281111,F\n2020,USA,KOR,281111,200*\n"
    found = read_flows(write(tmp_path, "f.csv", PLAIN.splitlines()[0] + "\n" + rows), quiet=True)
    values = found.to_frame().set_index("exporter")["value_usd"]
    assert (values["CHN"], values["USA"]) == (1200, 200)
    assert values.isna()["JPN"]
    assert any("flag E" in note and "no number: F" in note for note in found.coverage.said)
    with pytest.raises(InputError, match="'<' may be a flag"):
        read_flows(write(tmp_path, "g.csv", PLAIN + "2020,DEU,KOR,281111,<1\n"))


def test_numbers_of_an_office_are_hinted_at(tmp_path):
    text = PLAIN.splitlines()[0] + "\n2020,351,41,281111,5\n"
    with pytest.raises(InputError, match="numbers='fao'"):
        read_flows(write(tmp_path, "n.csv", text))


@pytest.mark.parametrize(
    ("page", "word"),
    [("cp932", "感光材"), ("gb18030", "硅片电池"), ("big5", "半導體設備"), ("cp949", "불화수소"), ("euc_jp", "感光材"),
     ("koi8-r", "насосы"), ("cp1251", "насосы"), ("cp1250", "łódź"), ("cp1253", "Κίνα"), ("cp1255", "ישראל"),
     ("cp1256", "الصين"), ("tis-620", "จีน")],
)  # fmt: skip
def test_an_unknown_encoding_is_shown_by_its_words(page, word, tmp_path):
    text = PLAIN.splitlines()[0] + f",text\n2020,CHN,KOR,281111,100,{word}\n"
    with pytest.raises(InputError, match=f"{page} '{word}'"):
        read_flows(write(tmp_path, "e.csv", text, page))


@pytest.mark.parametrize("page", ["koi8-r", "cp1251"])
def test_a_country_by_name_proves_an_encoding(page, tmp_path):
    text = PLAIN.splitlines()[0] + "\n2020,Китай,KOR,281111,100\n"
    flows = read_flows(write(tmp_path, "e.csv", text, page), quiet=True)
    assert flows.to_frame()["exporter"].tolist() == ["CHN"] and page.removeprefix("cp").upper() in str(flows.coverage)


@pytest.mark.parametrize("cells", [("A1", "B2"), ("2019 revision", "2020 revision"), ("v1", "v2")])
def test_a_column_of_editions_may_decide(cells, tmp_path):
    one, two = cells
    rows = f"2020,CHN,KOR,281111,1,{one}\n2020,CHN,KOR,281112,1,{two}\n2020,JPN,KOR,281111,7,{two}\n"
    with pytest.raises(InputError, match="may change what a row means"):
        read_flows(write(tmp_path, "b.csv", f"{PLAIN.splitlines()[0]},x\n{rows}"))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("door", ["pandas", "parquet", "polars"])
def test_an_instant_with_a_zone_is_no_period(zone, door, tmp_path):
    """23:30 of 31 January in Tokyo and 01:00 of 1 February there are one day in London."""
    stamps = pd.to_datetime(["2020-01-31 23:30", "2020-02-01 01:00"]).tz_localize(zone)
    table = pd.DataFrame({"period": stamps, "exporter": ["CHN", "JPN"], "importer": "KOR", "product": "281111"})
    table["value_usd"] = [1.0, 2.0]
    table.to_parquet(tmp_path / "t.parquet")
    source = {"pandas": table, "parquet": tmp_path / "t.parquet", "polars": pl.from_pandas(table)}[door]
    with pytest.raises(InputError, match="instants with a time zone"):
        read_flows(source)
