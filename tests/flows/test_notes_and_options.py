"""Every caveat reaches every door, every option of the reader is at every verb, and what is written reads back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from geoecon import convert, dependence, leverage, scan, screen
from geoecon.case import FILES
from geoecon.cli import main
from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.questions.case_files import csv_of, frame_of
from geoecon.tables import guarded, to_csv, unguarded
from geoecon.views.exports import table_csv

TRAPS = Path(__file__).parent / "traps"
MIXED, CENTS = TRAPS / "mixed-hs-levels/flows.csv", TRAPS / "threshold-in-cents"
pytestmark = pytest.mark.filterwarnings("ignore::geoecon.flows.CoverageWarning")
WORDS = "totals of longer product codes"


def test_levels_do_not_add_in_leverage_and_it_says_so():
    found = leverage(MIXED, "KOR", "JPN")
    assert found.paths["cost_of_other"].iloc[0] == pytest.approx(138.629, abs=1e-3)
    assert found.products["product"].nunique() == 1 and any(WORDS in note for note in found.caveats())


def test_notes_reach_every_door(capsys, tmp_path):
    for result in (scan(MIXED, "KOR"), leverage(MIXED, "KOR", "JPN"), dependence(MIXED, "KOR", "JPN")):
        assert any(WORDS in note for note in result.caveats())
    for verb in (["scan", str(MIXED), "--importer", "KOR"], ["leverage", str(MIXED), "KOR", "JPN"]):
        _run(verb)
        assert WORDS in " ".join(capsys.readouterr().out.split())
        _run([*verb, "--json"])
        assert any(WORDS in note for note in json.loads(capsys.readouterr().out)["notes"])
    scan(MIXED, "KOR", out=tmp_path / "scan.csv")
    assert WORDS in (tmp_path / "scan.csv.notes.txt").read_text()


def _run(verb):
    try:
        main(verb)
    except SystemExit as stop:
        assert not stop.code, stop.code


def test_options_of_the_reader_at_the_verbs(capsys, tmp_path):
    doubt = str(TRAPS / "thousands-separators/undecided.csv")
    with pytest.raises(SystemExit) as stop:
        main(["scan", doubt])
    assert stop.value.code == 2 and "--decimal" in capsys.readouterr().err
    _run(["scan", doubt, "--decimal", ",", "--json"])
    assert sum(row["value_usd"] for row in json.loads(capsys.readouterr().out)["rows"]) == 15_956
    units = str(TRAPS / "unit-column-not-read/flows.csv")
    _run(["scan", units, "--unit", "JPY=0.01", "--unit", "thousand USD=1000", "--json"])
    assert json.loads(capsys.readouterr().out)["rows"][0]["import_share"] == pytest.approx(0.98765, abs=1e-5)
    _run(["convert", str(TRAPS / "japanese-cp932/names_cp932.csv"), str(tmp_path / "a.csv"), "--encoding", "cp932"])
    assert read_flows(tmp_path / "a.csv", quiet=True).to_frame()["value_usd"].sum() == 200
    _run(["scan", str(TRAPS / "exports-only-reply/exports.csv"), "--exports", "domestic", "--json"])
    assert "domestic" in capsys.readouterr().out


def test_convert_writes_what_the_name_says(tmp_path):
    convert(TRAPS / "convert-to-csv/flows.csv", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "period,exporter,importer,product,value_usd,tonnes" and len(lines) == 3
    back = read_flows(tmp_path / "out.csv", quiet=True).to_frame()
    assert back["value_usd"].sum() == 150 and set(back["product"]) == {"281111", "010121"}
    with pytest.raises(InputError, match=r"ending in .parquet, .csv"):
        convert(TRAPS / "convert-to-csv/flows.csv", tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_numbers_written_can_be_read_back_in_one_way(tmp_path):
    frame = pd.DataFrame([("2022", "JPN", "KOR", "281111", 1.234, 5.678)],
                         columns=["period", "exporter", "importer", "product", "value_usd", "tonnes"])  # fmt: skip
    convert(frame, tmp_path / "a.csv")
    assert read_flows(tmp_path / "a.csv", quiet=True).to_frame()["value_usd"].tolist() == [1.234]


@pytest.mark.parametrize("cell", ["=1+1", "+2+2", "-3+1", "@NOW()", "+1+1", "-2+3", "\t=1", "  =A1", "-A1", "+cmd|x",
                                  "＝1+1", "＋2+2", "－3+1", "＠SUM(A1)", "\u200b=1", "\ufeff@A1", "\r=1",
                                  "\n=1"])  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_guarded_and_read_back(cell):
    assert guarded(cell) == f"'{cell}" and unguarded(guarded(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["plain", "-12.5", "+7", "－12.5", "2＝2", "1e-5", "-1,250.5", "", "a=b", "'tis", -12.5]
)
def test_plain_cells_and_numbers_stay(cell):
    assert guarded(cell) == cell


def test_no_file_is_written_over_the_one_that_is_read(tmp_path, monkeypatch):
    mine = tmp_path / "flows.csv"
    mine.write_bytes((TRAPS / "convert-to-csv/flows.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    for source, out in ((mine, "flows.csv"), ("flows.csv", mine), (str(mine), tmp_path / "x" / ".." / "flows.csv")):
        for write in (convert, scan):
            with pytest.raises(InputError, match=r"flows.csv is the file that is read; allowed: another name"):
                write(source, out=out)
    assert mine.read_bytes() == (TRAPS / "convert-to-csv/flows.csv").read_bytes()


ODD = "a\r=HYPERLINK(1)"  # a carriage return that is not quoted begins a row, and the row a formula


def test_a_carriage_return_breaks_no_row_of_any_file(tmp_path):
    frame = pd.DataFrame({"name": [ODD, "b\nc", "plain"], ODD: [1.5, 2.0, 3.0]})
    to_csv(frame, tmp_path / "a.csv")
    text = io.StringIO()
    to_csv(frame, text)
    rows = [["name", ODD], [ODD, "1.5"], ["b\nc", "2.0"], ["plain", "3.0"]]
    for written in (text.getvalue(), (tmp_path / "a.csv").read_bytes().decode(), table_csv(rows[0], rows[1:])):
        assert list(csv.reader(io.StringIO(written, newline=""))) == rows
        assert written.endswith("plain,3.0\n")
    for told in (
        csv_of("measures.csv", [[ODD]]),
        frame_of("measures.csv", pd.DataFrame({next(iter(FILES["measures.csv"])): [ODD]})),
    ):
        assert list(csv.reader(io.StringIO(told, newline="")))[1] == [ODD]


def test_a_carriage_return_in_a_shipment_stays_in_its_cell(tmp_path):
    (tmp_path / "s.csv").write_bytes(b'from,to,item,date,note\nJPN,KOR,281111,2019-08-01,"a\r=HYPERLINK(1)"\n')
    screen(tmp_path / "s.csv", out=tmp_path / "o.csv", ignore=["note"])
    head, *rows = csv.reader(io.StringIO((tmp_path / "o.csv").read_bytes().decode(), newline=""))
    assert len(rows) == 1 and len(rows[0]) == len(head) and rows[0][head.index("note")] == ODD


def test_screened_shipments_are_guarded(tmp_path):
    screen(TRAPS / "formula-cells/shipments.csv", out=tmp_path / "answers.csv")
    notes = pd.read_csv(tmp_path / "answers.csv", dtype=str)
    assert notes["note"].str.startswith("'").sum() == 4 and set(notes["change_usd"]) == {"-12.5"}


@pytest.mark.parametrize("name", ["a.csv", "b.csv"])
def test_a_flag_does_not_hang_on_the_order_of_rows(name):
    found = scan(read_flows(CENTS / name, scope="world", quiet=True), "KOR")
    assert found.table["supplier_hhi"].iloc[0] == pytest.approx(0.4, abs=1e-15)
    assert not found.table["ec2021"].fillna(False).any()
    flags = dependence(read_flows(CENTS / name, scope="world", quiet=True), "KOR").to_frame()
    row = flags[flags["indicator"] == "supplier_hhi"].iloc[0]
    assert (row["flag_at_90_percent"], row["flag"], row["flag_at_110_percent"]) == (True, False, False)


def test_the_share_says_what_it_is_of():
    found = scan(TRAPS / "share-of-what/flows.csv", "KOR")
    assert "30 % of its imports (of which 40 % name no supplier)" in found.sentence()


def test_options_of_the_reader_on_the_web():
    from geoecon.web.brought import options_of

    lines = "decimal=,\nunit=JPY=0.01\nunit=thousand EUR=1100\nonly=flow=M\ndigits=6\n"
    told = {"decimal": ",", "unit": {"JPY": 0.01, "thousand EUR": 1100.0}, "only": {"flow": "M"}, "digits": 6}
    assert options_of(lines) == told and options_of("") == {}
    with pytest.raises(InputError, match=r"aside=x.*allowed: one a line"):
        options_of("aside=x")


def test_rows_of_reports_that_were_set_aside_are_in_the_file(tmp_path):
    head = "period,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt,motCode"
    rows = ["2022,410,156,M,281111,100,5,0", "2022,410,156,M,281111,60,3,1000", "2022,410,156,M,281111,40,2,2000",
            "2022,410,156,M,TOTAL,900,9,0", "2022,410,156,X,281111,7,1,0", "2022,410,0,M,281111,100,5,0"]  # fmt: skip
    path, out = tmp_path / "a.csv", tmp_path / "aside.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    flows = read_flows(path, quiet=True, aside=out)
    assert flows.to_frame()["value_usd"].tolist() == [100]
    told = pd.read_csv(out, dtype=str).sort_values(["reason", "value_usd"])
    assert told[["exporter", "importer", "value_usd", "reason"]].to_numpy().tolist() == [
        ["WLD", "KOR", "100.0", "a group of countries"],
        ["CHN", "KOR", "40.0", "a part of a total"],
        ["CHN", "KOR", "60.0", "a part of a total"],
        ["CHN", "KOR", "900.0", "all products together"],
        ["KOR", "CHN", "7.0", "exports"],
    ]


def _sides(folder: Path) -> tuple[Path, Path]:
    """One small table as a text and as two tables of a database."""
    import duckdb

    rows = [(2022, "CHN", "KOR", "811292", 80e6), (2022, "JPN", "KOR", "811292", 20e6)]
    table = pd.DataFrame(rows, columns=["year", "exporter", "importer", "hs6", "value_usd"])
    table.to_csv(folder / "t.csv", index=False)
    with duckdb.connect(str(folder / "t.duckdb")) as base:
        base.from_df(table).create("mine")
        base.from_df(table.head(1)).create("other")
    return folder / "t.csv", folder / "t.duckdb"


def test_a_table_of_a_database_is_scanned_by_name_and_refused_where_there_is_none(capsys, tmp_path):
    text, base = _sides(tmp_path)
    _run(["scan", str(base), "--importer", "KOR", "--from-table", "mine", "--json"])
    assert '"top_share"' in capsys.readouterr().out
    for verb in (["scan", str(text), "--importer", "KOR"], ["leverage", str(text), "KOR", "CHN"]):
        for option in ("--from-table", "--sheet"):
            with pytest.raises(SystemExit) as stop:
                main([*verb, option, "x"])
            assert stop.value.code == 2 and "alone" in " ".join(capsys.readouterr().err.split())


def test_numbers_of_json_do_not_prove_the_decimal_sign_of_text(tmp_path):
    one = {"year": 2022, "importer": "KOR", "hs6": "811292"}
    rows = [
        one | {"exporter": "CHN", "value_usd": "1,234", "weight_t": 1.0},
        one | {"exporter": "JPN", "value_usd": "5,678", "weight_t": 0.5},
    ]
    (tmp_path / "t.json").write_text(json.dumps(rows))
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for file in ("t.json", "t.jsonl"):
        with pytest.raises(InputError, match="decimal comma or thousands"):
            read_flows(tmp_path / file)
        read = read_flows(tmp_path / file, decimal=".,", quiet=True).to_frame()
        assert read["value_usd"].tolist() == [1234, 5678] and read["tonnes"].tolist() == [1, 0.5]


def test_leverage_names_the_periods_of_the_table_where_another_is_asked(tmp_path):
    head = "period,exporter,importer,hs6,value_usd\n"
    (tmp_path / "m.csv").write_text(head + "2022-01,CHN,KOR,811292,8000000\n2022-02,CHN,KOR,811292,9000000\n")
    with pytest.raises(InputError, match=r"period 2022; allowed: 2022-01, 2022-02"):
        leverage(tmp_path / "m.csv", "KOR", "CHN", period="2022")
    assert len(leverage(tmp_path / "m.csv", "KOR", "CHN", period="2022-02").products)
