"""Every function that takes a case takes its name, folder, packed file and the loaded case, and says the same."""

from __future__ import annotations

import contextlib
import inspect
import json
from pathlib import Path

import pytest

import geoecon as ge
from geoecon import case as cases
from geoecon.cli import main

CASE = "russia-germany-gas-2022"
FEW = {"draws": 2}
DOORS = {
    "bargain": lambda one: ge.bargain(one, **FEW),
    "buffers": lambda one: ge.buffers(one, **FEW),
    "check": ge.check,
    "compare": lambda one: ge.compare([one, one]),
    "disrupt": lambda one: ge.disrupt(one, **FEW),
    "evidence": lambda one: ge.evidence(one, **FEW),
    "explain": lambda one: ge.explain(one, "trade", "share.natural_gas"),
    "friends_and_enemies": ge.friends_and_enemies,
    "issue_map": lambda one: ge.issue_map(one, size=2),
    "load_case": lambda one: ge.load_case(one),
    "optimal_export_tax": lambda one: ge.optimal_export_tax(one, "RUS", "DEU"),
    "pack": None,  # a folder goes in, and a file comes out
    "retaliatory_export_tax": lambda one: ge.retaliatory_export_tax(one, "RUS", "DEU"),
    "run": lambda one: ge.run(one, until="controls", **FEW),
    "sensitivity": lambda one: ge.sensitivity(one, 2, screen=8, until="controls"),
    "serve": None,  # it stays; tests/views drive it
    "to_xlsx": None,
    "towards": lambda one: ge.towards(one, "DEU"),
    "uncertainty": lambda one: ge.uncertainty(one, 2, until="controls"),
    "welfare": lambda one: ge.welfare(one, **FEW),
    "what_if": lambda one: ge.what_if(one, **FEW),
    "what_matters": lambda one: ge.what_matters(one, base=16),
}


def takes_a_case(name: str) -> bool:
    found = getattr(ge, name)
    if not inspect.isfunction(found):
        return False
    asked = inspect.signature(found).parameters.values()
    return any("Case" in str(one.annotation) or "Economies" in str(one.annotation) for one in asked)


def test_every_function_that_takes_a_case_stands_here():
    assert {name for name in dir(ge) if takes_a_case(name)} <= set(DOORS)


def told(found: object) -> object:
    if isinstance(found, cases.Case):
        return found.title, found.target, len(found.tables["trade"])
    frame = found.to_frame()  # type: ignore[attr-defined]
    return frame.to_csv(float_format="%.9g")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    return ge.pack(CASE, tmp_path_factory.mktemp("packed") / f"{CASE}.zip")


@pytest.mark.parametrize("door", [name for name, asked in DOORS.items() if asked])
def test_name_folder_file_and_case_are_one(door, packed):
    asked = DOORS[door]
    case = ge.load_case(CASE)
    wanted = told(asked(CASE))
    for one in (packed, case):
        assert told(asked(one)) == wanted, one
    assert told(ge.load_case(case.folder)) == told(ge.load_case(str(case.folder))) == told(case)


@pytest.mark.parametrize("door", [name for name, asked in DOORS.items() if asked])
@pytest.mark.parametrize("odd", ["no-such-case", Path("no/such/folder"), 5, None])
def test_what_is_no_case_is_refused_at_every_door(door, odd):
    with pytest.raises(ge.InputError, match=r"allowed: "):
        DOORS[door](odd)


def test_a_case_in_memory_is_a_case_at_every_door():
    """What a question was answered with lies in no folder; its draws are those of the line all the same."""
    asked = ge.ask("China stops graphite to Japan", draws=2)
    case = asked.assessment.case
    assert case.texts is not None
    drawn = ge.uncertainty(case, 2, until="controls")
    assert len(drawn.table) == 3 and not drawn.skipped.keys() - {"scan"}
    assert ge.compare([case, CASE]).titles[case.id] == case.title
    assert ge.check(case).runs


@pytest.mark.parametrize(("words", "stage", "key"), [
    (["dependence", CASE], "trade", "cutoff_loss.natural_gas"),
    (["explain", CASE, "trade.cutoff_loss.natural_gas"], "trade", "cutoff_loss.natural_gas"),
])  # fmt: skip
def test_a_verb_of_one_stage_draws_what_a_run_draws(words, stage, key, capsys):
    with contextlib.suppress(SystemExit):
        main([*words, "--draws", "6", "--seed", "4", "--json"])
    found = json.loads(capsys.readouterr().out)["figures"][key]
    wanted = ge.run(CASE, draws=6, seed=4, until=stage).results[stage].figures()[key]
    assert (found["value"], found["low"], found["high"]) == (wanted.value, wanted.low, wanted.high)
