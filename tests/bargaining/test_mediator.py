"""A mediator is a dated fact on the tracks, known only once it happened, and moves no forecast."""

from datetime import date

import numpy as np
import pytest

import geoecon as ge
from geoecon.bargaining import tracks_for_case

CASE = ge.load_case("gulf-qatar-2017")


def test_its_acts_are_said_once_they_are_known():
    draws = ge.sample(CASE.parameters, 3)
    first = tracks_for_case(CASE.at(date(2017, 6, 5)), draws)
    later = tracks_for_case(CASE.at(date(2017, 7, 5)), draws)
    assert first.mediated == ()
    assert [said.split(":")[0] for said in later.mediated] == [
        "Kuwait mediates, 2017-06-22",
        "Kuwait mediates, 2017-07-03",
    ]
    assert set(later.mediated) <= set(later.sentences())
    np.testing.assert_array_equal(first.probability, later.probability)


def test_a_case_dates_its_own_steps(tmp_path):
    folder = tmp_path / "own"
    from shutil import copytree

    copytree(CASE.folder, folder)
    toml = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(toml.replace('id = "gulf-qatar-2017"', 'id = "own"'), encoding="utf-8")
    with (folder / "timeline.csv").open("a", encoding="utf-8") as table:
        table.write("2017-08-01,Qatar,A case is brought,negotiation,qa-mem,memory,case_filed\n")
    case = ge.load_case(folder)
    (event,) = tracks_for_case(case, ge.sample(case.parameters, 3)).events.to_dict("records")
    assert event == {"step": "case_filed", "months": pytest.approx(2 - 4 / 30.4)}
    with (folder / "timeline.csv").open("a", encoding="utf-8") as table:
        table.write("2017-08-02,Qatar,Something,negotiation,qa-mem,memory,case_fled\n")
    with pytest.raises(ge.InputError, match="step: 'case_fled'; allowed: one of case_filed"):
        ge.load_case(folder)
