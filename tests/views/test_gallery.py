"""The gallery: every built-in case has its line, and the line says what the case's own tables say."""

import csv
import io

import pytest

import geoecon as ge
from geoecon.case import cases
from geoecon.views import gallery


@pytest.mark.parametrize("name", cases())
def test_every_case_stands_in_the_gallery_as_its_tables_have_it(name):
    case, told = ge.load_case(name), gallery.answers()[name]
    assert told["asked_on"] == case.cutoffs[0]
    assert told["status"] == gallery.status(case)
    assert str(told["updated"]) == gallery.updated(case)
    assert told["answer"].endswith(".")
    picture = gallery.thumbnail(case.settings)
    assert case.name_of(case.target) in picture.said and picture.file().startswith("<svg")


@pytest.mark.nightly
def test_the_lines_are_those_of_today(tmp_path):
    gallery.write(tmp_path)
    rows = csv.DictReader(io.StringIO((tmp_path / gallery.NAME).read_text(encoding="utf-8")))
    assert {row["case"]: row["answer"] for row in rows} == {
        name: told["answer"] for name, told in gallery.answers().items()
    }
