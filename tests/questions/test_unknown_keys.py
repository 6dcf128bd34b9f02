"""A scenario key that is none: the few nearest first, then where all stand with their meanings, at every door."""

from importlib import import_module
from inspect import signature
from pathlib import Path
from threading import Event

import pytest

import geoecon as ge
from geoecon.case import SWITCHES, default_parameters
from geoecon.cli import app, main
from geoecon.errors import InputError
from geoecon.web.work import solve

CASE = "china-gallium-2023"
PAGE = "docs/reference/parameters.md"
NEAREST = "scenario key 'cut' is unknown; allowed: boycott_cut, instrument_cut, or another of "


def assuming(verb):
    """Whether a verb takes assumptions about a case."""
    asked = None if verb.startswith("-") else app[verb].default_command
    return asked is not None and "assumptions" in signature(asked).parameters


VERBS = [verb for verb in app if assuming(verb)]
MORE = {"explain": ["disruption", "lost_value_added.KOR"]}


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("cut", "boycott_cut, instrument_cut, or another of "),
        ("inventry_days", "inventory_days, "),
        ("inventory_dayz.gallium", "inventory_days, "),
        ("inventory_days.unobtainium", "inventory_days.gallium, "),
        ("measure", "measures, "),
        ("qqqqqq", "one of "),
    ],
)
def test_the_nearest_stand_first_and_few(key, first):
    with pytest.raises(InputError) as refused:
        ge.load_case(CASE).with_scenario(**{key: 1})
    told = str(refused.value).partition("allowed: ")[2]
    assert told.startswith(first) and PAGE in told
    assert len(told) < 330


def test_a_key_that_is_like_none_by_name_is_found_by_its_meaning():
    with pytest.raises(InputError, match=r"allowed: stock_spread, .*inventory_days.*, or another of "):
        ge.load_case(CASE).with_scenario(stocks=1)


def test_the_page_that_is_named_holds_every_key():
    page = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8").replace("\\_", "_")
    assert all(f"| {name} | " in page for name in (*default_parameters(), *SWITCHES))


def test_verbs_take_assumptions():
    assert {"run", "disrupt", "welfare", "bargain", "buffers", "explain", "dependence"} <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_so(capsys, tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main([verb, CASE, *MORE.get(verb, []), "--scenario", "cut=1"])
    out, err = capsys.readouterr()
    assert (stopped.value.code, out) == (2, "")
    assert NEAREST in err and PAGE in err


def test_a_what_if_and_a_worker_of_the_web_say_so():
    for ask in (
        lambda: ge.what_if(CASE, draws=0, cut=1),
        lambda: solve({"kind": "solve", "case": CASE, "scenario": {"cut": 1}}, lambda *_: None, Event()),
    ):
        with pytest.raises(InputError, match=NEAREST.replace("(", r"\(")):
            ask()


def test_what_if_refuses_a_key_before_anything_is_solved(monkeypatch):
    monkeypatch.setattr(
        import_module("geoecon.questions.what_if"), "run", lambda *_, **__: pytest.fail("the base was solved first")
    )
    with pytest.raises(ge.InputError, match=r"'nothere'.* allowed: "):
        ge.what_if("gulf-qatar-2017", draws=2, nothere=1)
