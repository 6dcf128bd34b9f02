"""A user's own record: kept, scored, and not to be bettered."""

import contextlib
import json
from datetime import UTC, datetime

import pytest

import geoecon as ge
from geoecon.cli import main
from geoecon.errors import InputError

FORECAST = {
    "case": "mine", "cutoff": "2020-01-01", "seed": 0,
    "figures": {
        "disruption": {"loss": {"value": 5.0, "low": 1.0, "high": 9.0, "unit": "USD million", "period": "2020"},
                       "none": {"value": None, "low": None, "high": None, "unit": "x", "period": ""}},
        "welfare": {"first": {"value": -0.1, "low": -0.2, "high": 0.0, "unit": "percent", "period": "2020"}},
    },
}  # fmt: skip
OUTCOMES = "forecast,figure,date,value,source\n1,disruption.loss,2020-06,8,a count\n1,welfare.first,2020,0.3,them\n"


@pytest.fixture
def book(tmp_path, monkeypatch):
    (tmp_path / "assessment.json").write_text(json.dumps(FORECAST))
    with monkeypatch.context() as then:
        then.setattr("geoecon.questions.book.now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
        ge.record(tmp_path, name="first", book=tmp_path / "b.jsonl")
    (tmp_path / "came.csv").write_text(OUTCOMES)
    ge.record(outcomes=tmp_path / "came.csv", book=tmp_path / "b.jsonl")
    return tmp_path / "b.jsonl"


def test_a_forecast_is_kept_with_date_and_inputs_and_scored_when_outcomes_come(book):
    kept = ge.forecast_book(book)
    first = kept.entries[0]
    assert (
        first["recorded"][:2] == "20"
        and first["inputs"]["cutoff"] == "2020-01-01"
        and len(first["inputs"]["sha256"]) == 64
    )
    table = kept.to_frame().set_index("figure")
    assert table["inside"].to_dict() == {"disruption.loss": 1.0, "welfare.first": 0.0}
    assert table.loc["welfare.first", "interval_score"] == pytest.approx(0.2 + 10 * 0.3)
    assert table.loc["disruption.loss", "error"] == -3
    assert kept.sentence().startswith("1 of 2 outcomes lie in the 80 % band that was given before")
    assert kept.figures()["inside"].value == 0.5
    assert kept.chart().to_dict()


@pytest.mark.parametrize("place", range(0, 900, 37))
def test_no_letter_of_an_old_forecast_can_be_changed(book, place):
    text = book.read_text()
    at = place % len(text.splitlines()[0])
    book.write_text(text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :])
    with pytest.raises(InputError, match=r"b.jsonl line [12]"):
        ge.forecast_book(book)


def test_lines_can_be_neither_removed_nor_moved(book):
    lines = book.read_text().splitlines()
    for changed in (lines[1:], [lines[1], lines[0]], [lines[0], lines[0]]):
        book.write_text("\n".join(changed) + "\n")
        with pytest.raises(InputError, match="altered after it was written; allowed: lines as they were written"):
            ge.forecast_book(book)


def test_a_later_entry_goes_on_from_the_chain(book, tmp_path):
    again = ge.record(tmp_path / "assessment.json", book=book)
    assert [entry["number"] for entry in again.entries] == [1, 2, 3]
    assert again.entries[2]["previous"] == again.entries[1]["hash"]
    assert ge.forecast_book(book).seal == again.seal


def test_an_outcome_written_again_is_said_and_the_first_counts(book, tmp_path):
    (tmp_path / "again.csv").write_text("forecast,figure,date,value,source\n1,welfare.first,2020,-0.1,me\n")
    kept = ge.record(outcomes=tmp_path / "again.csv", book=book)
    assert kept.to_frame().set_index("figure").loc["welfare.first", "observed"] == 0.3
    assert "1 outcome written again with another value, the first counts" in kept.sentence()
    assert kept.entries[-1]["rows"][0]["again"] == "0.3 in line 2 counts"


def test_the_same_forecast_under_the_same_name_is_refused(book, tmp_path):
    with pytest.raises(InputError, match="'first' stands in line 1 already"):
        ge.record(tmp_path, name="first", book=book)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forecast,figure,date,value,source\n1,disruption.loss,2019-12-31,5,x\n", "date: 2019-12-31"),
        ("forecast,figure,date,value,source\n1,disruption.loss,2099,5,x\n", "date: 2099; allowed: a day after"),
        ("forecast,figure,date,value,source\n1,disruption.loss,2020-06,8,x\n", "stands in line 2 of the book"),
        ("forecast,figure,date,value,source\n9,disruption.loss,2099,1,x\n", "forecast: 9; allowed: a forecast: 1"),
        ("forecast,figure,date,value,source\n1,nothing,2099,1,x\n", "'nothing'; allowed: disruption.loss"),
        ("forecast,figure,date,value,source\n1,disruption.loss,soon,1,x\n", "date: 'soon'"),
        ("forecast,figure\n1,x\n", "column is missing"),
    ],
)
def test_bad_outcomes_change_nothing(book, tmp_path, text, said):
    before = book.read_bytes()
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        ge.record(outcomes=tmp_path / "bad.csv", book=book)
    assert book.read_bytes() == before


def test_what_is_no_forecast(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(InputError, match="no forecast in it"):
        ge.record(tmp_path / "x.json", book=tmp_path / "b.jsonl")
    with pytest.raises(InputError, match="nothing to record"):
        ge.record(book=tmp_path / "b.jsonl")
    with pytest.raises(InputError, match="is not there"):
        ge.forecast_book(tmp_path / "b.jsonl")
    assert not (tmp_path / "b.jsonl").exists()


def test_the_verbs(tmp_path, capsys):
    question = ["precedents", "260400", "--supplier", "IDN", "--cut", "0.8", "--share", "0.5", "--json"]
    with contextlib.suppress(SystemExit):
        main(question)
    (tmp_path / "nickel.json").write_text(capsys.readouterr().out)
    book = str(tmp_path / "b.jsonl")
    with contextlib.suppress(SystemExit):
        main(["record", str(tmp_path / "nickel.json"), "--name", "nickel", "--book", book])
    assert "1 forecast kept" in capsys.readouterr().out
    with contextlib.suppress(SystemExit):
        main(["evidence", "--record", "--book", book])
    assert "No outcome has been added yet" in capsys.readouterr().out
    (tmp_path / "b.jsonl").write_text("{}\n")
    with pytest.raises(SystemExit) as stop:
        main(["evidence", "--record", "--book", book])
    assert stop.value.code == 2 and "line 1" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["evidence", "--record", "--rolling"])
    assert stop.value.code == 2
