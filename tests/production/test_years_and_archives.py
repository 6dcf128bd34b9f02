"""Which year a table is of: by its name, its title, a column; archives as downloaded; the bank's table as text."""

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest

from geoecon.errors import InputError
from geoecon.production import read_table

FIGARO = (
    "icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue\nDE_A01,DE_A01,DE,A01,DE,A01,10\n"
    "DE_A01,DE_P3_S14,DE,A01,DE,P3_S14,30\n"
)
ICIO = "V1,KOR_C20,JPN_C20,KOR_HFCE,JPN_HFCE,OUT\nKOR_C20,20,10,40,10,80\nJPN_C20,8,12,60,20,100\n"


def file(folder, name, text):
    path = Path(folder, name)
    path.write_text(text)
    return path


def archive(folder, name, members):
    with zipfile.ZipFile(folder / name, "w") as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    return folder / name


def bank(folder, title="ADB MRIO 2021"):
    """Two regions with one industry: PRC sells 5 to itself, 5 to KOR and 10 + 0 to its buyers; KOR 4, 6, 0 + 20."""
    rows = [["Multiregional Input-Output Table, 2021"], [], [None] * 4 + ["PRC", "KOR", "PRC", "KOR", "ToT"],
            [None] * 4 + ["c1", "c1", "F1", "F1", None], [None, "a", "PRC", "c1", 5, 5, 10, 0, 20],
            [None, "a", "KOR", "c1", 4, 6, 0, 20, 30], [None, "va", "ToT", "r64", 11, 19]]  # fmt: skip
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(folder / "ADB-MRIO.xlsx")
    return folder / "ADB-MRIO.xlsx", rows


@pytest.mark.parametrize(
    ("name", "text"), [("2019_SML.csv", ICIO), ("ICIO2021_2019.csv", ICIO), ("flatfile_eu-ic-io_25ed_2019.csv", FIGARO)]
)
def test_another_year_than_the_name_says_is_refused(name, text, tmp_path):
    path = file(tmp_path, name, text)
    assert read_table(path).year == read_table(path, year=2019).year == 2019
    with pytest.raises(InputError, match="year 2018 of a table of 2019"):
        read_table(path, year=2018)
    assert (
        read_table(file(tmp_path, "mine_2021.csv", text), year=2018).year == 2018
    )  # a name of one's own proves nothing


def test_the_title_of_the_banks_table_says_its_year(tmp_path):
    path, _ = bank(tmp_path)
    assert read_table(path).year == 2021
    with pytest.raises(InputError, match="year 2019 of a table of 2021"):
        read_table(path, year=2019)


def test_a_flat_file_of_several_years(tmp_path):
    head, *rows = FIGARO.splitlines()
    text = "\n".join([f"{head},timePeriod", *(f"{row},2023" for row in rows), *(f"{row}0,2024" for row in rows)]) + "\n"
    path = file(tmp_path, "figaro.csv", text)
    assert [read_table(path, year=year).x.tolist() for year in (2023, 2024)] == [[40], [400]]
    assert read_table(path, year=2024).year == 2024
    with pytest.raises(InputError, match=r"timeperiod: several years; allowed: year= one of 2023, 2024"):
        read_table(path)
    one = file(tmp_path, "one.csv", "\n".join([f"{head},timePeriod", *(f"{row},2023" for row in rows)]) + "\n")
    assert read_table(one).year == 2023


def test_what_a_mac_adds_to_an_archive_is_no_table(tmp_path):
    members = {"2018_SML.csv": ICIO, "2019_SML.csv": ICIO, "__MACOSX/._2019_SML.csv": "x", "ReadMe.txt": "x"}
    assert read_table(archive(tmp_path, "2016-2022_SML.zip", members), year=2019).x.tolist() == [80, 100]


def test_the_banks_workbook_in_an_archive_and_as_text(tmp_path):
    path, rows = bank(tmp_path)
    wanted = read_table(path)
    assert wanted.x.tolist() == [20, 30] and wanted.regions == ("CHN", "KOR")
    packed = archive(tmp_path, "ADB-MRIO.zip", {"ADB-MRIO.xlsx": path.read_bytes()})
    with (tmp_path / "ADB-MRIO.csv").open("w", newline="") as text:
        csv.writer(text).writerows(rows)
    for other in (packed, tmp_path / "ADB-MRIO.csv"):
        found = read_table(other)
        assert found.x.tolist() == [20, 30] and found.labels == wanted.labels and found.year == 2021
