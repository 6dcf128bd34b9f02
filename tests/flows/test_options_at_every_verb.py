"""Every option of a reader at every verb that reads such a file: it works where it means something, else it stops."""

from __future__ import annotations

import inspect
import json

import pandas as pd
import pytest

import geoecon as ge
from geoecon.cli import ask_verbs, data_verbs, episode_verbs, main
from geoecon.cli.options import Reading
from geoecon.errors import InputError
from geoecon.production.tidy import FIELDS, VALUE

pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")


def run(capsys, *words):
    """(exit code, what was printed, what was refused) of a command line."""
    code = 0
    try:
        main([str(word) for word in words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, " ".join(err.split())


VERBS = (data_verbs.scan, data_verbs.leverage, data_verbs.convert, episode_verbs.cut_offs, episode_verbs.precedents,
         ask_verbs.ask, ask_verbs.exposure, ask_verbs.levers, ask_verbs.hedge, ask_verbs.add,
         ask_verbs.update)  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_reads_trade_has_all_options_of_its_reader(verb):
    assert inspect.signature(verb).parameters["reading"].default == Reading()


def test_the_web_has_all_options_that_write_nothing():
    from dataclasses import fields

    from geoecon.web.brought import READING, options_of

    assert {field.name for field in fields(Reading)} - {"aside", "from_table"} == set(READING)
    assert options_of("limit=7\ndigits=6") == {"limit": 7, "digits": 6}


CELLS = ("intermediate,CHN,A,KOR,B,40", "intermediate,KOR,B,KOR,B,10", "final,CHN,A,CHN,h,100", "final,KOR,B,KOR,h,90")
HEAD = ",".join((*FIELDS, VALUE))


@pytest.fixture
def files(tmp_path):
    """Trade in one good, the sector that makes it, and an industry table in several forms."""
    (tmp_path / "f.csv").write_text("period,exporter,importer,product,value_usd\n2019,CHN,KOR,281111,100\n")
    (tmp_path / "c.csv").write_text("product,sector\n28,A\n")
    rows = pd.DataFrame([cell.split(",") for cell in CELLS], columns=HEAD.split(",")).astype({VALUE: float})
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        rows.to_excel(book, sheet_name="2018", index=False)
        rows.assign(**{VALUE: [20.0, 10.0, 100.0, 90.0]}).to_excel(book, sheet_name="2019", index=False)
    told = [HEAD, *(cell.replace("A", "化学") for cell in CELLS)]
    (tmp_path / "t.csv").write_bytes("\n".join(told).encode("cp932"))
    (tmp_path / "bare.csv").write_text("\n".join([HEAD.replace(VALUE, "value"), *CELLS]) + "\n")
    return tmp_path


def fir(capsys, files, *words):
    code, out, err = run(capsys, "scan", files / "f.csv", "--importer", "KOR", "--concordance", files / "c.csv", *words,
                         "--json")  # fmt: skip
    return json.loads(out)["rows"][0]["fir"] if not code else err


def test_a_scan_takes_every_option_of_the_table_of_industries(files, capsys):
    """It had the year alone: a workbook of two sheets, a text of another encoding was a dead end."""
    assert "sheet= one of them" in fir(capsys, files, "--table", files / "t.xlsx")
    for sheet, wanted in (("2018", 0.4 / 0.9), ("2019", 0.2 / 0.9)):
        found = fir(capsys, files, "--table", files / "t.xlsx", "--table-as", f"sheet={sheet}")
        assert found == pytest.approx(wanted)
    (files / "c.csv").write_text("product,sector\n28,化学\n")
    assert fir(capsys, files, "--table", files / "t.csv", "--table-as", "encoding=cp932") == pytest.approx(0.4 / 0.9)
    (files / "c.csv").write_text("product,sector\n28,A\n")
    assert "no unit is said" in fir(capsys, files, "--table", files / "bare.csv")
    found = fir(
        capsys, files, "--table", files / "bare.csv", "--table-as", "unit=million EUR", "--table-as", "kind=economy"
    )
    assert found == pytest.approx(0.4 / 0.9)


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--table-as", "sheet=x"], "without --table"), (["--table", "t.xlsx", "--table-as", "colour=x"], "allowed: kind"),
     (["--table", "t.xlsx", "--table-as", "year=x"], "allowed: kind"),
     (["--table", "t.xlsx", "--year", "2018", "--table-as", "year=2019"], "allowed: one of them"),
     (["--table", "bare.csv", "--table-as", "sheet=2018"], "no workbook"),
     (["--table", "bare.csv", "--table-as", "unit=tonnes"], "one of money")],
)  # fmt: skip
def test_an_option_of_the_table_that_cannot_be_obeyed_is_refused(words, told, files, capsys):
    words = [str(files / word) if word.endswith((".xlsx", ".csv")) else word for word in words]
    assert told in fir(capsys, files, *words)


def test_reliance_and_disrupt_take_them_and_say_what_the_table_says(files, capsys):
    code, out, _ = run(
        capsys, "reliance", files / "bare.csv", "--user", "KOR", "--supplier", "CHN", "--unit", "million EUR"
    )
    assert not code and "buy 40 %" in " ".join(out.split())
    events = files / "e.csv"
    events.write_text("event,region,sector,start_day,duration_days,capacity_loss,recovery,recovery_days\n"
                      "fire,CHN,A,10,10,0.5,none,0\n")  # fmt: skip
    asked = ("disrupt", files / "t.xlsx", "--events", events, "--days", "20")
    assert run(capsys, *asked)[0] == 2
    code, out, err = run(capsys, *asked, "--table-as", "sheet=2018", "--json")
    assert not code, err
    rows = [*CELLS, "final,KOR,B,KOR,stocks,-5"]
    (files / "n.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    code, out, err = run(capsys, "disrupt", files / "n.csv", "--events", events, "--days", "20", "--json")
    assert not code, err
    assert any("KOR stocks is -5 (sign kept)" in note for note in json.loads(out)["notes"])
    assert "go with a table" in run(capsys, "disrupt", "pta-korea", "--table-as", "sheet=x")[2]


def test_shipments_of_law_diff_and_parts_that_are_watched_are_read_as_asked(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "own"))
    text = "出荷国,to,item,date,備考\nJPN,KOR,photoresist,2019-08-01,急ぎ\n"
    (tmp_path / "s.csv").write_bytes(text.encode("cp932"))
    asked = ("law", "diff", "2019-06-01", "2019-08-01", "--shipments", tmp_path / "s.csv", "--encoding", "cp932",
             "--columns", "from=出荷国", "--ignore", "備考")  # fmt: skip
    code, _, err = run(capsys, *asked)
    assert not code, err
    assert "without --shipments" in run(capsys, "law", "diff", "2019-06-01", "2019-08-01", "--encoding", "cp932")[2]
    (tmp_path / "p.csv").write_bytes("部品,在庫,日使用量,仕入先\nウエハー,100,10,X\n".encode("cp932"))
    how = ("--encoding", "cp932", "--columns", "part=部品", "--columns", "stock=在庫", "--columns",
           "use_per_day=日使用量", "--columns", "supplier=仕入先")  # fmt: skip
    code, _, err = run(capsys, "watch", "--parts", tmp_path / "p.csv", "--start", "2026-01-01", *how)
    assert not code, err
    assert run(capsys, "watch", "--json")[0] == 0
    assert "start is missing" in run(capsys, "watch", "--parts", tmp_path / "p.csv", *how)[2]
    with pytest.raises(InputError, match="encoding"):
        ge.shortage_clock(tmp_path / "p.csv", start="2026-01-01", encoding="no such")


def test_a_party_list_of_another_encoding_is_updated(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "own"))
    (tmp_path / "l.csv").write_bytes("name,note\n東京商会,要注意\n".encode("cp932"))
    code, _, err = run(capsys, "data", "update", tmp_path / "l.csv", "--day", "2024-01-01", "--list",
                         "jp-end-user-list", "--encoding", "cp932")  # fmt: skip
    assert not code, err
    assert (
        "changes nothing"
        in run(capsys, "data", "update", tmp_path / "l.csv", "--day", "2024-01-01", "--decimal", ".")[2]
    )
