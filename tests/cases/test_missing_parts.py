"""Every file and every column of a case taken away in turn: a clear word or a shorter answer, never a traceback."""

import csv
import shutil

import pytest

import geoecon as ge
from geoecon.errors import InputError, MissingData, NotConverged
from geoecon.line import Memo

CLEAR = (InputError, MissingData, NotConverged)
QUICK = "gulf-qatar-2017"
NAMES = [
    pytest.param(name, marks=[] if name == QUICK else pytest.mark.nightly) for name in ge.cases()
]  # the others take an hour


def copied(name, tmp_path):
    return shutil.copytree(ge.load_case(name).folder, tmp_path / "case")


def answered(folder, until, memo=None):
    """Loads and runs what is left; True where it ran. A `memo` keeps the stages that do not read what is missing."""
    try:
        done = ge.run(ge.load_case(folder), draws=0, until=until, memo=memo)
    except CLEAR as error:
        assert str(error).strip(), folder
        return False
    assert all(reason.strip() for reason in done.skipped.values())
    return True


@pytest.mark.parametrize("name", NAMES)
def test_each_file_in_turn(name, tmp_path):
    folder = copied(name, tmp_path)
    ran = 0
    for path in sorted(folder.glob("*")):
        content = path.read_bytes()
        path.unlink()
        ran += answered(folder, "controls")
        path.write_bytes(content)
    assert answered(folder, "controls")
    assert ran >= 3  # claims, forecasts, outcomes and the like are not needed for the controls


@pytest.mark.parametrize("name", NAMES)
def test_each_column_in_turn(name, tmp_path):
    folder = copied(name, tmp_path)
    refused, memo = 0, Memo()  # the two files of what came are read by the last stage alone
    for path in sorted(folder.glob("*.csv")):
        content = path.read_text(encoding="utf-8")
        rows = list(csv.reader(content.splitlines()))
        for column in range(len(rows[0])):
            with path.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([cell for k, cell in enumerate(row) if k != column] for row in rows)
            try:
                case = ge.load_case(folder)
            except InputError as error:
                assert rows[0][column] in str(error) or path.name in str(error)
                refused += 1
                continue
            if path.name in ("outcomes.csv", "demands.csv") and name != QUICK:
                for place in [place for place in memo.answers if place[-1] == "evidence"]:
                    del memo.answers[place]
                answered(folder, "evidence", memo)
            assert case.id == name
        path.write_text(content, encoding="utf-8")
    assert refused > 20
