"""A scenario key that moves nothing is said to move nothing, at every door; one that moves something never is."""

import contextlib
import json
from threading import Event

import pytest

import geoecon as ge
from geoecon.cli import main
from geoecon.views import Report, mimebundle, terminal, write
from geoecon.web.work import solve

CASE = "gulf-qatar-2017"
IDLE = {"patron_engaged_from": "never"}  # as the case has it
WORDS = "patron_engaged_from = never moves none of these figures: solved with and without, the same in every run"


@pytest.fixture(scope="module")
def told():
    return ge.run(ge.load_case(CASE).with_scenario(**IDLE), draws=2)


def test_an_assessment_says_which_key_moves_nothing(told):
    assert [note for note in told.notes if "moves none" in note] == [WORDS]


def test_report_brief_terminal_file_and_notebook_say_so(told, tmp_path):
    folder = write(told, tmp_path / "out")
    pages = [(folder / name).read_text(encoding="utf-8") for name in ("report.html", "brief.md")]
    for text in (*pages, terminal(Report(told)), *mimebundle(told).values()):
        assert WORDS in " ".join(text.replace("\u00a0", " ").replace("\\_", "_").split())
    assert WORDS in json.loads((folder / "assessment.json").read_text())["notes"]


def test_the_web_worker_says_so_behind_its_answer():
    events = []
    task = {"kind": "solve", "case": CASE, "scenario": IDLE, "draws": 2, "page": True}
    solve(task, lambda name, data: events.append((name, data)), Event())
    name, last = events[-1]
    assert name == "notes" and [note for note in last["notes"] if "moves none" in note] == [WORDS]
    assert max(k for k, (name, _) in enumerate(events) if name == "answer") < len(events) - 1


def test_a_verb_says_so_of_its_own_figures(capsys):
    said = {}
    for key in ("measures=known", "inventory_days=0"):
        with contextlib.suppress(SystemExit):
            main(["disrupt", CASE, "--draws", "2", "--scenario", key, "--json"])
        said[key] = json.loads(capsys.readouterr().out)["notes"]
    assert any(note.startswith("measures = known moves none of these figures") for note in said["measures=known"])
    assert not any("moves none" in note for note in said["inventory_days=0"])
