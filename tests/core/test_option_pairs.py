"""Options in pairs: one that changes nothing beside another is refused, at every verb, before anything is solved.

IDLE is the table: for each verb, arguments that go together, with the option among them that would have no effect.
A verb without such a pair stands there empty: whoever adds a verb or an option has to say.
"""

from __future__ import annotations

import pytest

from geoecon.cli import app, main

CASE = "japan-korea-2019"
ASK = "China stops graphite to Korea"
LICENCE = ("--from", "JPN", "--to", "KOR", "--item", "photoresist")
NO_DRAWS = ("--draws", "0", "--seed", "3")
TRIAD = ("--supplier", "CHN", "--importer", "KOR")
USD = ("--unit", "USD")

IDLE = {
    "ask": [((ASK, "--duty", "0.3", "--measure", "ban"), "duty"),
            ((ASK, "--cut", "0.5", "--measure", "licence"), "cut"),
            ((ASK, *USD), "--unit")],
    "exposure": [(("--all", "--sender", "CHN"), "--all"), (("--all", "Korea"), "--all"),
                 (("--all", "--product", "gallium"), "--all"), (("Korea", *USD), "--unit")],
    "levers": [(("CHN", *USD), "--unit")],
    "hedge": [((ASK, *USD), "--unit"), ((ASK, *NO_DRAWS), "--seed")],
    "data": [], "data add": [],
    "data update": [(("t.csv", "--list", "EU"), "--list"), (("t.csv", "--day", "2024-01-01", *USD), "--unit")],
    "watch": [(("--question", ASK, "--licence", "JPN,KOR,photoresist"), "--licence"),
              (("--question", ASK, "--parts", "b.csv"), "--parts"),
              (("--licence", "JPN,KOR,photoresist", "--parts", "b.csv"), "--parts"),
              (("--question", ASK, "--start", "2024-01-01"), "--start"),
              (("--question", ASK, "--stopped", "a=1"), "--stopped"),
              (("--licence", "JPN,KOR,photoresist", "--start", "2024-01-01"), "--start"),
              (("--name", "mine"), "--name")],
    "run": [((CASE, *NO_DRAWS), "--seed")],
    "cases": [], "check": [],
    "new": [(("mine", ASK, "--sender", "CHN"), "sender"), (("mine", ASK, "--target", "KOR"), "target"),
            (("mine", ASK, "--product", "gallium"), "product")],
    "compare": [((CASE, *NO_DRAWS), "--seed")],
    "dependence": [],
    "disrupt": [((CASE, *NO_DRAWS), "--seed"), ((CASE, "--days", "30"), "--days"),
                ((CASE, "--parity", "boario"), "--parity"),
                ((CASE, "--repair"), "--repair"), ((CASE, "--rank", "--seed", "3"), "--seed"),
                ((CASE, "--rank", "--draws", "9"), "--draws"), ((CASE, "--rank", "--days", "30"), "--days"),
                *(((CASE, shock, "c.csv", *more), more[0]) for shock in ("--events", "--caps", "--demand") for more in (
                    ("--rank",), ("--draws", "9"), ("--seed", "3"), ("--scenario", "a=1"), ("--cutoff", "2019-07-01"),
                    ("--target", "KOR")))],
    "buffers": [((CASE, *NO_DRAWS), "--seed")],
    "welfare": [((CASE, *NO_DRAWS), "--seed")],
    "bargain": [((CASE, *NO_DRAWS), "--seed"), ((CASE, "--issue-map", "--draws", "20"), "--draws"),
                ((CASE, "--issue-map", "--seed", "3"), "--seed"),
                ((CASE, "--what-matters", "--draws", "20"), "--draws"),
                ((CASE, "--what-if", *NO_DRAWS), "--seed")],
    "evidence": [(("--quarterly", "--rolling"), "--rolling"), (("--quarterly", "--record"), "--record"),
                 (("--rolling", "--record"), "--record"), (("--book", "mine.csv"), "--book"),
                 (("--rolling", "--book", "mine.csv"), "--book"),
                 *(((way, *more), more[0]) for way in ("--rolling", "--record") for more in (
                     ("--draws", "9"), ("--seed", "3"), ("--out", "page.md"))),
                 ((CASE, "--rolling"), "--case"), ((CASE, "--record"), "--case"), ((CASE, *NO_DRAWS), "--seed")],
    "explain": [], "sensitivity": [],
    "uncertainty": [((CASE, *NO_DRAWS), "--seed")],
    "precedents": [(("250410", *TRIAD, "--share", "0.5", "--flows", "t.csv"), "--flows"),
                   (("250410", *TRIAD, "--share", "0.5", *USD), "--unit")],
    "cut-offs": [(("sample", "--out", "r.parquet", *USD), "--unit")],
    "record": [(("--outcomes", "o.csv", "--name", "mine"), "--name")],
    "licence": [((*LICENCE, "--history", "--memo"), "--memo"), ((*LICENCE, "--history", "--strict"), "--strict"),
                ((*LICENCE, "--history", "--on", "2020-01-01"), "--on"), ((*LICENCE, "--json", "--memo"), "--memo")],
    "screen": [(("t.csv", "--sheet", "one"), "sheet")],
    "parties update": [], "parties diff": [],
    "law diff": [(("2023-01-01", "2024-01-01", "--ignore", "memo"), "--ignore")],
    "law watch": [], "law plain": [],
    "shortage-clock": [(("b.csv", "--start", "2024-01-01", "--sheet", "one"), "sheet")],
    "alliance": [],
    "scan": [(("sample", "--importer", "KOR", "--year", "2022"), "--year"),
             (("sample", "--importer", "KOR", "--concordance", "c.csv"), "--concordance"),
             (("sample", "--importer", "KOR", *USD), "--unit"),
             (("t.csv", "--importer", "KOR", "--sheet", "one"), "sheet"),
             (("t.csv", "--importer", "KOR", "--from-table", "one"), "table")],
    "leverage": [(("sample", "JPN", "KOR", *USD), "--unit"), (("t.csv", "JPN", "KOR", "--sheet", "one"), "sheet")],
    "reliance": [(("t.csv", "--user", "KOR", "--supplier", "CHN", "--sheet", "one"), "sheet")],
    "convert": [(("t.csv", "new.csv", "--sheet", "one"), "sheet"),
                (("t.csv", "new.csv", "--from-table", "one"), "table")],
    "fetch": [(("baci", "--choice", "hs=HS17", "--choice", "vintage=202501", "--query", "reporterCode=410"), "query"),
              (("baci", "--choice", "hs=HS17", "--choice", "vintage=202501", "--choice", "edition=x"), "edition"),
              (("comtrade", "--choice", "frequency=A", "--choice", "hs=HS17"), "hs")],
    "diff": [], "serve": [],
    "fit disputes": [(NO_DRAWS, "--seed")],
    "fit scores": [], "fit agreement": [], "fit game": [], "fit tracks": [],
    "case pack": [], "case to-xlsx": [], "case from-xlsx": [],
}  # fmt: skip
PAIRS = [(verb, *pair) for verb, pairs in IDLE.items() for pair in pairs]

TRADE = "period,exporter,importer,product,value_usd\n2022,CHN,KOR,250410,100\n2022,JPN,KOR,250410,300\n"
BILL = "part,stock,use_per_day,supplier,lead_time_days\na,10,1,ACME,5\n"


def verbs(of=app, before=""):
    """Every verb, those of a group with the group's name before."""
    for name in of:
        if not name.startswith("-"):
            below = list(verbs(of[name], f"{before}{name} "))
            yield from below
            if of[name].default_command is not None:
                yield before + name


def test_every_verb_stands_in_the_table():
    assert set(verbs()) == set(IDLE)


@pytest.mark.parametrize(
    ("verb", "argv", "idle"), PAIRS, ids=[f"{verb} {idle} {k}" for k, (verb, _, idle) in enumerate(PAIRS)]
)
def test_an_option_without_effect_beside_another_is_refused(verb, argv, idle, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "data"))
    (tmp_path / "t.csv").write_text(TRADE, "utf-8")
    (tmp_path / "b.csv").write_text(BILL, "utf-8")
    with pytest.raises(SystemExit) as ended:
        main([*verb.split(), *argv])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert idle in err and "allowed: " in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv", "t.csv"]
