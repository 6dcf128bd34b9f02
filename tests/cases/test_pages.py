"""The page on cases tells of the cases that there are, with their days and goods."""

from pathlib import Path

import pytest

import geoecon as ge

PAGE = (Path(__file__).parents[2] / "docs" / "cases.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ge.cases())
def test_every_case_has_its_row(name):
    case = ge.load_case(name)
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| [`{name}`](cases/{name}.md) |")]
    assert f"{case.name_of(case.sender)} → {case.name_of(case.target)}" in row
    for product in case.products:
        assert product.name.split(" powders")[0] in row
    for day in case.cutoffs:
        assert f"{day.day} {day:%B}" in row
        assert str(day.year) in row
