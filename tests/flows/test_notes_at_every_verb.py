"""Every note of the reader at every verb that reads a file of trade: words, --json, the files it writes, Python."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

import geoecon as ge
from geoecon.cli import main
from geoecon.flows import read_flows

HEAD = "Imports of raw materials;;;;;\n\nYear;Exporter;Importer;Product;Value (thousand USD);Net weight (t)\n"
SHARES = {"CHN": 800.5, "JPN": 120.25, "USA": 60.75, "DEU": 30.5}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A table that needs notes of all kinds, and what its reader says: some twenty lines."""
    rows = []
    for year in range(2017, 2023):
        kept = SHARES if year < 2021 else {"JPN": 120.25, "USA": 60.75, "DEU": 30.5}
        rows += [f"{year};{seller};KOR;250410;{1000 * value:.2f};{0 if seller == 'DEU' else value / 7:.3f}"
                 for seller, value in kept.items()]  # fmt: skip
        rows += [f"{year};EU27;KOR;250410;30500.25;1.5", f"{year};CHN;KOR;2504;800500.5;100.25",
                 f"{year};Areas, nes;KOR;811292;7000.25;0.5"]  # fmt: skip
    rows += ["2022;CHN;KOR;253090;c;0.5", "2022;JPN;KOR;253090;5000.25 e;0.5", "Total;;;;99999999.5;"]
    path = tmp_path_factory.mktemp("notes") / "f.csv"
    path.write_text(HEAD + "\n".join(rows).replace(".", ",") + "\nSource: made for this test;;;;;\n")
    said = read_flows(path, quiet=True).coverage.said
    assert len(said) > 15
    return path, said


@pytest.fixture
def trade(table, tmp_path, monkeypatch):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "own"))
    monkeypatch.setenv("COLUMNS", "9999")
    return table


def run(capsys, *words):
    try:
        main([str(word) for word in words])
    except SystemExit as stop:
        assert not stop.code, (words, capsys.readouterr().err)
    return capsys.readouterr().out


def missing(said, text):
    text = " ".join(text.replace("\u2009", ",").split())
    return [note for note in said if " ".join(note.replace("\u2009", ",").split()) not in text]


def in_file(path):
    """All that a file and what lies beside it say."""
    beside = path.with_name(path.name + ".notes.txt")
    if path.suffix != ".parquet":
        return beside.read_text(encoding="utf-8")
    return "\n".join(json.loads(pq.read_schema(path).metadata[b"geoecon"])["notes"])


ASKED = ("China stops 250410 to Korea", "--from", "2021-06-01", "--draws", "20")
VERBS = {
    "scan": ["scan", "FILE", "--importer", "KOR"], "leverage": ["leverage", "FILE", "KOR", "CHN", "--period", "2020"],
    "exposure": ["exposure", "KOR", "--flows", "FILE"], "levers": ["levers", "JPN", "--flows", "FILE"],
    "precedents": ["precedents", "250410", "--supplier", "JPN", "--importer", "KOR", "--flows", "FILE"],
    "ask": ["ask", *ASKED, "--flows", "FILE"], "hedge": ["hedge", *ASKED[:3], "--draws", "0", "--flows", "FILE"],
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_them_in_json_and_in_words(verb, trade, capsys):
    path, said = trade
    words = [str(path) if word == "FILE" else word for word in VERBS[verb]]
    assert missing(said, "\n".join(json.loads(run(capsys, *words, "--json"))["notes"])) == []
    if verb in ("ask", "precedents"):  # the others print what --json has by the same function
        assert missing(said, run(capsys, *words)) == []


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_exposure_writes_says_them(ending, trade, tmp_path, capsys):
    path, said = trade
    rows, ties, picture = tmp_path / f"rows{ending}", tmp_path / f"ties{ending}", tmp_path / "world.svg"
    run(capsys, "exposure", "KOR", "--flows", path, "--out", rows, "--network", ties, "--map", picture)
    for out in (rows, ties, picture):
        assert missing(said, in_file(out)) == []


def test_a_record_of_cut_offs_keeps_them(trade, tmp_path, capsys):
    path, said = trade
    out = tmp_path / "record.parquet"
    assert missing(said, run(capsys, "cut-offs", path, "--out", out)) == []
    assert missing(said, in_file(out)) == []
    from geoecon.episodes import record

    assert record.read(out).notes == said


@pytest.mark.parametrize("how", ["add", "update"])
def test_a_remembered_file_says_them_when_it_is_added_and_when_it_answers(how, trade, capsys):
    path, said = trade
    aside = path.with_name("aside.csv")
    assert missing(said, run(capsys, "data", how, path, "--aside", aside)) == []
    assert set(pd.read_csv(aside)["reason"]) >= {"a group of countries", "totals of longer product codes, set aside"}
    assert missing(said, "\n".join(ge.ask("China stops 253090 to Korea", start="2024-06-01", draws=20).notes)) == []
    assert missing(said, "\n".join(ge.hedge("China stops 250410 to Korea", start="2021-06-01", draws=0).notes)) == [
        *(said if how == "add" else ())  # where rows ship, a file goes on from them with `update` alone
    ]


def test_a_frame_of_exposure_is_read_like_its_file(trade):
    """Rows of pandas went past the reader: the EU counted beside its members, thousands of USD as USD."""
    path, _ = trade
    cells = [line.split(";") for line in path.read_text().splitlines()[2:-2]]
    frame = pd.DataFrame(cells[1:], columns=cells[0])
    of_file, of_frame = ge.exposure(path, year=2020), ge.exposure(frame, year=2020)
    pd.testing.assert_frame_equal(of_file.table, of_frame.table)
    known = of_file.table[of_file.table["product"] == "250410"].set_index("sender")["value_usd"]
    assert known.to_dict() == pytest.approx({seller: 1e6 * value for seller, value in SHARES.items()})
