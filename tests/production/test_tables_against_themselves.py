"""Tables of industries under a name whose layout they do not have, and tables that contradict their own totals."""

import pytest
from openpyxl import Workbook

import geoecon as ge
from geoecon.errors import InputError


def adb(path, cells, total):
    """A workbook in the layout of the bank: two regions with one industry each; `total` is what DNK states it sells."""
    book = Workbook()
    sheet = book.active
    sheet.title = "ADB MRIO 2018"
    sheet.append([None, None, None, None, "DEN", "POR", "DEN", "POR", "ToT"])
    sheet.append([None, None, None, None, "c1", "c1", "F1", "F1", None])
    for region, row, whole in zip(("DEN", "POR"), cells, (total, sum(cells[1])), strict=True):
        sheet.append([None, "Agriculture", region, "c1", *row, whole])
    made = [sum(row) for row in cells]
    bought = [sum(row[k] for row in cells) for k in range(2)]
    for code, values in (("r60", bought), ("r99", [0, 0]), ("r64", [a - b for a, b in zip(made, bought, strict=True)]),
                         ("r69", made)):  # fmt: skip
        sheet.append([None, code, "ToT", code, *values])
    book.save(path)
    return path


CELLS = ((10, 20, 60, 10), (5, 30, 15, 50))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_stated_total_that_no_row_adds_up_to_is_told(tmp_path):
    good = ge.read_table(adb(tmp_path / "ADB-MRIO-2018.xlsx", CELLS, 100))
    assert not [f for f in good.findings if f.kind == "balance"]
    bad = ge.read_table(adb(tmp_path / "ADB-MRIO-2019.xlsx", CELLS, 125))
    told = [f for f in bad.findings if f.kind == "balance"]
    assert len(told) == 1 and "DNK" in str(told[0]) and "says 125, row sum 100" in str(told[0])


@pytest.mark.parametrize("name", ["wiot05_row_apr12.xlsx", "wiot06_row_apr12.xlsx", "IOT_2019_ixi.zip"])
@pytest.mark.parametrize("content", ["adb", "text", "empty"])
def test_a_name_with_another_content_is_a_fault_of_the_file(tmp_path, name, content):
    place = tmp_path / name
    if content == "adb":
        adb(tmp_path / "a.xlsx", CELLS, 100).rename(place)
    elif content == "text":
        place.write_text("a,b\n1,2\n")
    else:
        Workbook().save(tmp_path / "b.xlsx")
        (tmp_path / "b.xlsx").rename(place)
    with pytest.raises(InputError, match=name):
        ge.read_table(place)
