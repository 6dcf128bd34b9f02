"""The command line as a newcomer meets it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import geoecon as ge
from geoecon import cli

CASE = "japan-korea-2019"


def geoecon(*argv, capsys):
    """(exit code, standard output, standard error) of the command line in this process."""
    code = 0
    try:
        cli.main([str(word) for word in argv])
    except SystemExit as end:
        code = end.code or 0
    out, err = capsys.readouterr()
    return code, out, err


def verbs():
    return {name for name in cli.app if not name.startswith("-")}


def test_every_verb_is_a_public_function():
    assert {
        "run",
        "cases",
        "check",
        "licence",
        "dependence",
        "disrupt",
        "welfare",
        "bargain",
        "alliance",
        "evidence",
    } <= (verbs())
    for name in verbs() - {"case", "law", "parties"}:  # groups of verbs
        assert callable(getattr(ge, name.replace("-", "_"))), name


def test_help_of_every_verb(capsys):
    for name in verbs():
        code, out, _ = geoecon(name, "--help", capsys=capsys)
        assert code == 0, name
        assert len(out) > 80, name


def test_cases_are_listed(capsys):
    code, out, _ = geoecon("cases", capsys=capsys)
    assert code == 0
    assert CASE in out


BULK = {"bulk", "general_bulk", "special_general_bulk", "specific_bulk"}
ANSWERS = [
    ("JPN", "KOR", "hydrogen fluoride", "2019-07-03", {}, {"kind": BULK, "catch_all": {"exempt"}}),
    ("JPN", "KOR", "hydrogen fluoride", "2019-07-04", {}, {"kind": {"individual"}, "review_days": {90}}),
    ("JPN", "KOR", "photoresist", "2019-07-04", {}, {"kind": {"individual"}}),
    ("JPN", "KOR", "other list item", "2019-08-27", {}, {"kind": {"general_bulk"}, "catch_all": {"exempt"}}),
    ("JPN", "KOR", "other list item", "2019-08-28", {}, {"kind": {"special_general_bulk"}, "catch_all": {"applies"}}),
    ("JPN", "KOR", "hydrogen fluoride", "2019-12-20", {}, {"kind": {"individual"}}),
    ("JPN", "KOR", "hydrogen fluoride", "2023-03-23", {}, {"kind": {"special_general_bulk"}}),
    ("JPN", "KOR", "hydrogen fluoride", "2023-07-21", {}, {"kind": {"general_bulk"}}),
    ("KOR", "JPN", "LIST", "2019-09-17", {"exporter_icp": "no"}, {"kind": {"individual"}, "review_days": {5}}),
    ("KOR", "JPN", "LIST", "2019-09-18", {"exporter_icp": "no"}, {"kind": {"individual"}, "review_days": {15}}),
    ("KOR", "JPN", "LIST", "2023-04-24", {"exporter_icp": "no"}, {"kind": {"individual"}, "review_days": {5}}),
]


@pytest.mark.parametrize(("sender", "to", "item", "day", "facts", "expected"), ANSWERS)
def test_licence_answers(capsys, sender, to, item, day, facts, expected):
    said = [word for key, value in facts.items() for word in ("--fact", f"{key}={value}")]
    code, out, err = geoecon(
        "licence", CASE, "--from", sender, "--to", to, "--item", item, "--on", day, *said, "--json", capsys=capsys
    )
    assert code == 0, err
    answer = {row["field"]: row["value"] for row in json.loads(out, parse_constant=pytest.fail)["rows"]}
    for field, allowed in expected.items():
        assert answer[field] in allowed


BAD = [
    (("run", "no-such-case"), "no case 'no-such-case'; allowed: a folder"),
    (("run", CASE, "--scenario", "inventory_dayz=3"), "scenario key 'inventory_dayz' is unknown"),
    (("run", CASE, "--scenario", "inventory_days"), "allowed: key=value"),
    (("run", CASE, "--scenario", "inventory_days=many"), "allowed: a number"),
    (("run", CASE, "--draws", "-1"), "allowed: a whole number from 0"),
    (("run", CASE, "--draws", "lots"), "lots"),
    (("run", CASE, "--cutoff", "July"), "allowed: a day as YYYY-MM-DD"),
    (("run", CASE, "--cutoff", "2021-01-01"), "allowed for this case: 2019-07-01"),
    (("run", "../../etc"), "no case"),
    (("licence", CASE, "--from", "JPN", "--to", "KOR", "--item", "unobtainium", "--on", "2019-07-04"), "unobtainium"),
    (("licence", CASE, "--from", "JPN", "--to", "KOR", "--item", "HF", "--on", "2019-02-30"), "2019-02-30"),
    (("licence", CASE, "--from", "JPN", "--to", "Narnia", "--item", "HF", "--on", "2019-07-04"), "Narnia"),
    (("dine",), "dine"),
    (
        ("screen", "t.csv", "--columns", "item=Part", "from=Land"),
        "'from=Land': no argument is left for this",
    ),
    (("screen", "t.csv", "--colour", "red"), "allowed: what geoecon screen --help lists"),
    (("explain",), "allowed: what geoecon explain --help lists"),
]


@pytest.mark.parametrize(("argv", "message"), BAD, ids=[" ".join(argv)[:60] for argv, _ in BAD])
def test_bad_input_gives_one_message_and_exit_code_2(capsys, tmp_path, monkeypatch, argv, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = geoecon(*argv, capsys=capsys)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def broken(tmp_path, change):
    folder = tmp_path / "mine"
    shutil.copytree(ge.load_case(CASE).folder, folder)
    change(folder)
    return folder


def edit(name, old, new):
    def change(folder):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


FAULTS = {
    "missing file": (lambda folder: (folder / "trade.csv").unlink(), "trade.csv: file is missing"),
    "unknown country": (edit("trade.csv", ",JPN,KOR,", ",XQX,KOR,"), "unknown country 'XQX'"),
    "formula": (edit("claims.csv", "wrong", "=HYPERLINK(1)"), "formula '=HYPERLINK(1)'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_case_is_refused_and_nothing_written(capsys, tmp_path, name):
    change, message = FAULTS[name]
    folder = broken(tmp_path, change)
    code, _, err = geoecon("run", folder, "--draws", 0, "--out", tmp_path / "out", capsys=capsys)
    assert code == 2
    assert message in err
    assert not (tmp_path / "out").exists()


def test_run_writes_an_assessment_and_says_where(capsys, tmp_path):
    code, out, err = geoecon("run", CASE, "--draws", 4, "--out", tmp_path / "report", capsys=capsys)
    assert code == 0, err
    assert str(tmp_path / "report" / "report.html") in out
    summary = json.loads(
        (tmp_path / "report" / "assessment.json").read_text(encoding="utf-8"), parse_constant=pytest.fail
    )
    assert summary["skipped"] == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]


INTERRUPTED = """
import importlib, os, signal, time
from geoecon.cli import main
from geoecon.line import STAGES

def stopped(case, draws):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

first = next(iter(STAGES.values()))
setattr(importlib.import_module(f"geoecon.{first.room}"), first.function, stopped)
main(["run", "japan-korea-2019", "--draws", "2", "--out", "report"])
"""


def test_an_interrupted_run_leaves_nothing(tmp_path):
    """The interrupt of a terminal, sent to the process itself while its first stage computes."""
    environment = os.environ | {"PYTHONPATH": str(Path(ge.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 130, done.stderr[-2000:]
    assert "interrupted; nothing was written" in done.stderr and list(tmp_path.iterdir()) == []


SHORT = {
    "scan": ("sample", "--importer", "KOR", "--exporter", "JPN", "--top", "3"),
    "dependence": (CASE,),
    "alliance": ("USA", "JPN", "KOR"),
    "check": (CASE,),
    "leverage": ("sample", "JPN", "KOR"),
}


@pytest.mark.parametrize("width", ["60", "200"])
@pytest.mark.parametrize("verb", SHORT)
def test_words_fit_narrow_and_wide_terminals(capsys, monkeypatch, verb, width):
    monkeypatch.setenv("COLUMNS", width)
    code, out, err = geoecon(verb, *SHORT[verb], capsys=capsys)
    assert code == 0, err
    assert max(map(len, out.splitlines())) <= int(width)
    assert len(out.splitlines()) >= 3


def test_a_column_that_says_the_same_in_all_rows_is_said_once(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    _, out, _ = geoecon("scan", *SHORT["scan"], capsys=capsys)
    assert "In each row shown: supplier Japan; importer Korea" in out
    assert out.count("Korea") == 2  # the sentence and the line above the table


def test_thousands_are_not_torn_apart(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = geoecon("scan", "sample", "--importer", "DEU", "--exporter", "RUS", "--period", "2021", capsys=capsys)
    assert re.search(r"270900 .* 10,300 ", out)
    assert "\u2009" not in out


def test_names_from_right_to_left_stand_in_isolates(capsys, monkeypatch, tmp_path):
    """T92, also where a cell is folded; and a value of a hundred dollars is not shown as zero millions."""
    rows = ["2022,IRN,KOR,271112,شركة نموذج للغاز,100,1", '2022,USA,KOR,854231,"Sample \u202e)drawkcab( Ltd",300,3']
    file = tmp_path / "names.csv"
    file.write_text("\n".join(["period,exporter,importer,product,product_name,value_usd,tonnes", *rows]), "utf-8")
    for columns in ("60", "90", "140"):
        monkeypatch.setenv("COLUMNS", columns)
        code, out, err = geoecon("scan", file, "--importer", "KOR", capsys=capsys)
        assert code == 0, err
        lines = [line for line in out.splitlines() if re.search("[\u0600-\u06ff]", line)]
        assert lines and all(re.sub("\u2068[^\u2069]*\u2069", "", line).isascii() for line in lines)
        assert "\u202e" not in out and "U+202E" in " ".join(out.split())
        assert "0.0001" in out


TABLE = """use,from_region,from_sector,to_region,to_sector,value_usd_million
intermediate,KOR,C26,KOR,C26,40
final,KOR,C26,KOR,households,60
"""
STRIKE = """event,region,sector,start_day,duration_days,capacity_loss,recovery,recovery_days
strike,KOR,C26,10,5,0.6,none,0
"""


def test_a_table_under_events_from_two_files(capsys, tmp_path):
    """Losing 60 per cent of the only industry for five days: its worst day is 40 per cent of the base."""
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    (tmp_path / "events.csv").write_text(STRIKE, "utf-8")
    code, out, err = geoecon("disrupt", tmp_path / "table.csv", "--events", tmp_path / "events.csv", "--json",
                             capsys=capsys)  # fmt: skip
    assert code == 0, err
    found = json.loads(out, parse_constant=pytest.fail)
    outputs = [row["output"] for row in found["rows"] if row["region"] == "KOR"]
    assert min(outputs) == pytest.approx(0.4)


def test_notes_are_for_people_and_go_to_standard_error(capsys, tmp_path):
    text = TABLE.replace("final,KOR,C26,KOR,households,60", "final,KOR,C26,KOR,households,60\nfinal,JPN,C20,JPN,h,5")
    (tmp_path / "table.csv").write_text(text, "utf-8")
    (tmp_path / "events.csv").write_text(STRIKE, "utf-8")
    code, _, err = geoecon("disrupt", tmp_path / "table.csv", "--events", tmp_path / "events.csv", capsys=capsys)
    assert code == 0
    assert err.startswith("geoecon: note: table.csv")
    assert ".py" not in err


@pytest.mark.parametrize("word", [("--parity", "boario"), ("--repair",)])
def test_options_of_a_table_need_a_shock(capsys, word):
    code, _, err = geoecon("disrupt", CASE, *word, capsys=capsys)
    assert code == 2
    assert "besides --events, --caps or --demand" in err


def test_what_trade_cannot_tell_is_brought(capsys, tmp_path):
    """Stocks of thirty days for one product; a table in which Korea takes a tenth of its inputs from Japan."""
    (tmp_path / "stocks.csv").write_text("country,product,days\nKOR,711021,30\n", "utf-8")
    (tmp_path / "table.csv").write_text(
        "use,from_region,from_sector,to_region,to_sector,value_usd_million\n"
        "intermediate,JPN,S,KOR,S,10\nintermediate,KOR,S,KOR,S,20\nfinal,KOR,S,KOR,h,80\nfinal,JPN,S,JPN,h,90\n",
        "utf-8",
    )
    words = ("scan", "sample", "--importer", "KOR", "--exporter", "JPN", "--top", "3", "--json")
    brought = ("--stocks", tmp_path / "stocks.csv", "--table", tmp_path / "table.csv")
    code, out, err = geoecon(*words, *brought, capsys=capsys)
    assert code == 0, err
    rows = {row["product"]: row for row in json.loads(out, parse_constant=pytest.fail)["rows"]}
    assert {name: row["cover_days"] for name, row in rows.items()} == {"710812": None, "711021": 30, "711029": None}
    assert all(row["fir"] == pytest.approx(10 / 100 / (1 - 20 / 100)) for row in rows.values())
    code, _, err = geoecon(*words, "--stocks", tmp_path / "none.csv", capsys=capsys)
    assert code == 2 and "none.csv" in err


def test_an_assumption_given_twice_is_refused(capsys):
    code, out, err = geoecon(
        "run", CASE, "--scenario", "inventory_days=30", "--scenario", "inventory_days=60", capsys=capsys
    )
    assert (code, out) == (2, "")
    assert "--scenario inventory_days is given 2 times; allowed: once" in err
