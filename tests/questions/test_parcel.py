"""A case by somebody else: packed and run, opened as a workbook, edited and read back; bad parcels write nothing."""

import csv
import hashlib
import zipfile
from pathlib import Path

import openpyxl
import pytest

import geoecon as ge
from geoecon.cli import main
from geoecon.errors import InputError


@pytest.fixture
def folder(tmp_path):
    """A case folder of one's own: that of a small shipped case."""
    import shutil

    shutil.copytree(ge.load_case("gulf-qatar-2017").folder, tmp_path / "mine")
    return tmp_path / "mine"


def tables_of(case):
    return {name: frame.drop(columns="line").to_csv() for name, frame in case.tables.items()}


def test_packed_and_loaded_it_is_the_same_case_and_the_same_bytes(folder, tmp_path):
    first, again = ge.pack(folder, tmp_path / "a.zip"), ge.pack(folder, tmp_path / "b.zip")
    assert first.read_bytes() == again.read_bytes()
    assert tables_of(ge.load_case(first)) == tables_of(ge.load_case(folder))


def test_a_workbook_read_back_is_the_same_case(folder, tmp_path):
    book = ge.to_xlsx(folder, tmp_path / "case.xlsx")
    back = ge.from_xlsx(book, tmp_path / "back")
    assert tables_of(ge.load_case(back)) == tables_of(ge.load_case(folder))
    assert (back / "outcomes.csv").is_file()


def test_an_edited_workbook_becomes_a_new_case(folder, tmp_path):
    book = openpyxl.load_workbook(ge.to_xlsx(folder, tmp_path / "case.xlsx"))
    sheet = book["parameters"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("high") + 1).value = 120  # typed as a number, as people do
    book.save(tmp_path / "edited.xlsx")
    case = ge.load_case(ge.from_xlsx(tmp_path / "edited.xlsx", tmp_path / "edited"))
    assert float(case.table("parameters")["high"].iloc[0]) == 120


def test_what_the_checker_says_stands_beside_the_cell(folder, tmp_path):
    path = folder / "trade.csv"
    rows = list(csv.reader(path.open(encoding="utf-8")))
    rows[3][rows[0].index("value_usd")] = "many"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    book = openpyxl.load_workbook(ge.to_xlsx(folder, tmp_path / "case.xlsx"))
    cell = book["trade"].cell(4, rows[0].index("value_usd") + 1)
    assert "a finite number" in cell.comment.text
    assert book["checks"].cell(2, 1).value == "trade.csv"


def test_a_formula_in_a_workbook_is_refused_and_nothing_is_written(folder, tmp_path):
    book = openpyxl.load_workbook(ge.to_xlsx(folder, tmp_path / "case.xlsx"))
    book["trade"].cell(3, 1).value = "=1+1"
    book.save(tmp_path / "formula.xlsx")
    with pytest.raises(InputError, match="formula"):
        ge.from_xlsx(tmp_path / "formula.xlsx", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def parcel(path, entries, sums=None):
    told = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in entries.items())
    with zipfile.ZipFile(path, "w") as out:
        for name, data in entries.items():
            out.writestr(name, data)
        out.writestr("SHA256SUMS", told if sums is None else sums)
    return path


@pytest.mark.parametrize(
    ("entries", "sums", "said"),
    [
        ({"inner/case.toml": b"x"}, None, "without folders"),
        ({"notes.txt": b"x"}, None, "files of a case"),
        ({"case.toml": b"x"}, "0" * 64 + "  case.toml\n", "was changed after packing"),
        ({"case.toml": b"x"}, "", "was changed after packing"),
        ({}, "0" * 64 + "  case.toml\n", "file is missing"),
    ],
)
def test_bad_parcels_say_what_is_wrong(tmp_path, entries, sums, said):
    with pytest.raises(InputError, match=said):
        ge.load_case(parcel(tmp_path / "bad.zip", entries, sums))


def test_a_file_that_is_no_zip(tmp_path):
    (tmp_path / "bad.zip").write_text("no zip")
    with pytest.raises(InputError, match="case pack"):
        ge.load_case(tmp_path / "bad.zip")


def test_on_the_command_line(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (
        ["case", "pack", str(folder)],
        ["check", "mine.zip"],
        ["case", "to-xlsx", str(folder)],
        ["case", "from-xlsx", "mine.xlsx", "--out", "back"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
    assert "stages run" in capsys.readouterr().out
    assert Path("back/case.toml").is_file()
