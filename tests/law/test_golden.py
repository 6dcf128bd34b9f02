"""The law as dated answers: every entry of golden.yaml, and the rules rebuilt at every date of change."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from geoecon.errors import InputError
from geoecon.law import check_golden, check_regime, due, licence, licence_history
from geoecon.law.decision import to_day
from geoecon.law.golden import differences
from geoecon.law.over_time import change_days
from geoecon.law.read_regimes import BUILT_IN

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden.yaml").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in GOLDEN["cases"]}
SEVERAL = {
    "T27",
    "T28",
    "T29",
    "T30",
    "T48",
    "T49",
    "T50",
    "T51",
    "W80",
}  # words for several items: no single step function
DEADLINES = {entry["id"]: entry for entry in GOLDEN["deadlines"]}


def test_every_answer_is_there():
    assert len(CASES) == 372


@pytest.mark.parametrize("name", CASES)
def test_dated_answer(regimes, name):
    case = CASES[name]
    answer = licence(regimes, exporter=case["from"], destination=case["to"], item=case["item"], on=case["date"],
                     facts=case.get("attributes"))  # fmt: skip
    assert differences(answer, case["expect"]) == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["expect"]["known"] == "no"])
def test_what_is_not_known_is_an_error_under_strict(regimes, name):
    case = CASES[name]
    with pytest.raises(InputError, match=r"not known|[Pp]resumed"):
        licence(regimes, exporter=case["from"], destination=case["to"], item=case["item"], on=case["date"],
                facts=case.get("attributes"), strict=True)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in CASES if name not in SEVERAL])
def test_a_day_is_a_slice_of_the_step_function(regimes, name):
    case = CASES[name]
    asked = {"exporter": case["from"], "destination": case["to"], "item": case["item"],
             "facts": case.get("attributes")}  # fmt: skip
    states = licence_history(regimes, **asked)
    sliced, asked_for = states.at(to_day(case["date"])), licence(regimes, on=case["date"], **asked)
    for field in ("kind", "ground", "code", "fallback", "review_days", "missing", "catch_all", "suspended", "groups"):
        assert getattr(sliced, field) == getattr(asked_for, field), field


@pytest.mark.parametrize("name", CASES)
def test_what_was_known_on_the_day_gives_the_same_answer(regimes, name):
    """Nothing that holds on a day was made public later: a blind run on that day sees the law of that day."""
    case = CASES[name]
    answer = licence(regimes, exporter=case["from"], destination=case["to"], item=case["item"], on=case["date"],
                     known_on=case["date"], facts=case.get("attributes"))  # fmt: skip
    assert differences(answer, case["expect"]) == []


@pytest.mark.parametrize("name", DEADLINES)
def test_deadline(name):
    entry = DEADLINES[name]
    day = due(entry["place"], to_day(entry["filed"]), int(entry["days"]), entry["day_kind"])
    assert day.isoformat() == entry["due"]


def test_the_file_as_a_whole_passes_the_check_that_lawyers_run():
    assert check_golden(Path(__file__).parent / "golden.yaml") == (len(CASES) + len(DEADLINES), [])


@pytest.mark.parametrize("name", BUILT_IN)
def test_rebuilt_at_every_date_of_change_and_the_day_before(name):
    found = check_regime(name)
    assert found.ok, found.to_frame().to_string()
    assert found.rebuilt > 90


@pytest.mark.parametrize(
    ("exporter", "destination", "item"),
    [("JPN", "KOR", "HF"), ("JPN", "KOR", "LIST"), ("KOR", "JPN", "LIST"), ("CHN", "USA", "GALLIUM"),
     ("CHN", "DEU", "HOLMIUM"), ("USA", "ARE", "3A090.a"), ("NLD", "CHN", "NL-DUV")],
)  # fmt: skip
def test_the_answer_changes_on_no_day_but_those(regimes, exporter, destination, item):
    """Between two dates of change the state is one and the same."""
    states = licence_history(regimes, exporter=exporter, destination=destination, item=item)
    regime = regimes["EU" if exporter == "NLD" else exporter]
    edges = change_days(regime, item, destination, exporter, {})
    for first, last in pairwise(edges):
        days = {first, first + (last - first) / 2, last - timedelta(days=1)}
        kinds = {licence(regimes, exporter=exporter, destination=destination, item=item, on=day).kind for day in days}
        assert kinds == {states.at(first).kind}
