"""What people get wrong, and what must survive it: keys, counts, months, scenarios that fail, interrupts."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest

import geoecon as ge
from geoecon.cli import main
from geoecon.cli.options import DRAWS
from geoecon.errors import InputError, NotConverged
from geoecon.line import DRAWS as LINE_DRAWS
from geoecon.line import STAGES, Interrupted, Memo


def said(capsys, *argv):
    code = 0
    try:
        main(list(map(str, argv)))
    except SystemExit as stop:
        code = stop.code or 0
    out, err = capsys.readouterr()
    return code, out, err


def test_all_doors_take_the_same_number_of_draws():
    assert DRAWS == LINE_DRAWS


def test_a_bare_key_moves_every_row_of_its_name_and_says_so(capsys):
    case = ge.load_case("china-gallium-2023")
    rows = [name for name in case.parameters if name.startswith("inventory_days.")]
    assert rows
    told = case.with_scenario(inventory_days=0)
    assert {told.parameters[name].central for name in rows} == {0.0}
    assert all(name in told.notes[0] for name in rows)
    near = case.with_scenario(**{"inventory_days": 0, rows[0]: 7})
    assert near.parameters[rows[0]].central == 7 and rows[0] not in near.notes[0]
    base, moved = (ge.run(one, draws=0, until="disruption").disruption for one in (case, told))
    assert not np.allclose(base.stock.values, moved.stock.values)
    code, out, _ = said(capsys, "disrupt", "china-gallium-2023", "--draws", "0", "--scenario", "inventory_days=0")
    assert code == 0 and "inventory_days = 0 also holds for inventory_days.gallium" in " ".join(out.split())


def test_a_key_that_no_stage_read_is_refused_with_the_names_that_work(capsys):
    code, _, err = said(capsys, "dependence", "japan-korea-2019", "--scenario", "audience_cost=3")
    assert code == 2
    assert (
        "scenario key 'audience_cost' was read by no stage solved here (`geoecon run` solves them all); allowed: "
        in err
        and "inventory_days" in err
    )


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("inventory_days", "-1", "a number from 0"),
        ("inventory_days", "nan", "a number from 0"),
        ("inventory_days", "inf", "a number from 0"),
        ("approval_share", "1.2", "a number from 0 to 1"),
        ("measures", "sometimes", "known, observed, none"),
        ("dependence_left", "1.5", "a share from 0 to 1"),
        ("inventry_days", "3", "inventory_days"),
    ],
)
def test_a_value_that_is_not_allowed_is_named(key, value, allowed):
    with pytest.raises(InputError, match=allowed):
        ge.load_case("japan-korea-2019").with_scenario(**{key: value})


@pytest.mark.parametrize(
    "argv",
    [
        ("run", "japan-korea-2019", "--draws", "2.5"),
        ("disrupt", "japan-korea-2019", "--draws", "1e2"),
        ("sensitivity", "japan-korea-2019", "--n", "4.0"),
        ("uncertainty", "japan-korea-2019", "--workers", "1.5"),
        ("scan", "sample", "--top", "2.5"),
    ],
)
def test_a_fraction_is_no_count(capsys, argv):
    code, out, err = said(capsys, *argv)
    assert code == 2 and out == "" and "allowed: a whole number" in err


def test_a_fraction_is_no_count_in_python():
    with pytest.raises(InputError, match=r"draws 2\.5; allowed: a whole number"):
        ge.run(ge.load_case("japan-korea-2019"), draws=2.5)


@pytest.mark.parametrize("name", [name for name in ge.cases() if ge.load_case(name).start.day > 1])
def test_the_month_in_which_a_case_starts_can_be_named(name):
    case = ge.load_case(name)
    if not any(state.role == "patron" for state in case.states):
        pytest.skip("no patron")
    start = case.start
    for word in (start.isoformat()[:7], start.isoformat()):
        changed = case.with_scenario(patron_engaged_from=word, architecture="hub-and-spoke")
        ge.what_if(changed, draws=0)
    with pytest.raises(InputError, match="patron_engaged_from"):
        ge.what_if(case.with_scenario(patron_engaged_from="1999-01", architecture="hub-and-spoke"), draws=0)


def failing(monkeypatch, stage, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(import_module(f"geoecon.{STAGES[stage].room}"), STAGES[stage].function, fail)


def test_a_stage_that_does_not_converge_costs_itself_and_what_needs_it(monkeypatch, tmp_path, capsys):
    failing(monkeypatch, "welfare", NotConverged("welfare", 0.5, 7))
    told = ge.run(ge.load_case("japan-korea-2019"), draws=0)
    assert list(told.failed) == ["welfare"] and "losses" in told.results and "evidence" in told.results
    with pytest.raises(NotConverged):
        _ = told.welfare
    code, out, err = said(capsys, "run", "japan-korea-2019", "--draws", "0", "--out", tmp_path / "out")
    assert code == 2 and "residual 0.5" in err and "Not run: welfare" in out
    assert (tmp_path / "out" / "report.html").is_file() and (tmp_path / "out" / "tables" / "losses.csv").is_file()


def test_a_scenario_that_fails_costs_its_own_row(monkeypatch):
    told = ge.run(ge.load_case("japan-korea-2019"), draws=0, memo=(memo := Memo()))
    from geoecon.questions import what_if

    monkeypatch.setitem(what_if.__globals__, "scenarios", lambda case: [
        what_if.__globals__["Scenario"]("no such key", {"luck": 1}),
        what_if.__globals__["Scenario"]("more stocks", {"inventory_days": 180}),
    ])  # fmt: skip
    rows = {row.label: row for row in ge.what_if(told, memo=memo).rows}
    assert "luck" in rows["no such key"].fault and rows["no such key"].cells == {}
    assert rows["more stocks"].fault == "" and rows["more stocks"].cells


def test_an_interrupt_keeps_what_was_done(monkeypatch, tmp_path, capsys):
    failing(monkeypatch, "losses", KeyboardInterrupt())
    with pytest.raises(Interrupted) as stopped:
        ge.run(ge.load_case("japan-korea-2019"), draws=0)
    assert "welfare" in stopped.value.assessment.results
    code, _, err = said(capsys, "run", "japan-korea-2019", "--draws", "0", "--out", tmp_path / "out")
    assert code == 130 and "what was done is in" in err
    assert (tmp_path / "out" / "tables" / "welfare.csv").is_file()


def test_an_interrupt_during_the_extras_leaves_the_report(monkeypatch, tmp_path, capsys):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ge, "what_if", fail)
    code, _, err = said(capsys, "run", "japan-korea-2019", "--draws", "2", "--out", tmp_path / "out")
    assert code == 130 and "without other scenarios" in err
    assert (tmp_path / "out" / "report.html").is_file() and (tmp_path / "out" / "assessment.json").is_file()


def test_an_interrupt_while_the_report_is_written_writes_it_again(monkeypatch, tmp_path, capsys):
    from geoecon.views import write

    left = [KeyboardInterrupt()]

    def once(*given, **options):
        if left:
            raise left.pop()
        return write(*given, **options)

    monkeypatch.setattr("geoecon.views.write", once)
    code, _, err = said(capsys, "run", "japan-korea-2019", "--draws", "0", "--out", tmp_path / "out")
    assert code == 130 and "what was done is in" in err
    assert (tmp_path / "out" / "report.html").is_file() and (tmp_path / "out" / "assessment.json").is_file()


def compiled():
    """CPython makes a SystemError of an exception that is set while compiled code returns a result."""
    wrapped = SystemError("returned a result with an exception set")
    wrapped.__cause__ = KeyboardInterrupt()
    return wrapped


@pytest.mark.parametrize("error", [compiled(), RuntimeError("Query interrupted")], ids=["compiled", "duckdb"])
def test_an_interrupt_inside_other_code_is_one(monkeypatch, error):
    failing(monkeypatch, "losses", error)
    with pytest.raises(Interrupted) as stopped:
        ge.run(ge.load_case("japan-korea-2019"), draws=0)
    assert "welfare" in stopped.value.assessment.results


@pytest.mark.parametrize("place", ["/proc/x", "/proc/x/y"])
def test_a_place_that_cannot_be_written_is_refused_before_a_stage_is_solved(place, monkeypatch, capsys):
    failing(monkeypatch, next(iter(STAGES)), AssertionError("solved"))
    code, _, err = said(capsys, "run", "japan-korea-2019", "--draws", "0", "--out", place)
    assert code == 2 and "cannot be written" in err and "allowed: a place open to you" in err


def test_an_assessment_is_no_case_and_a_folder_is_named(tmp_path, capsys):
    code, _, err = said(capsys, "compare", tmp_path, "japan-korea-2019", "--draws", "0")
    assert code == 2 and f"case.toml: file is missing; allowed: who, what and when of the case, in {tmp_path}" in err
    (tmp_path / "assessment.json").write_text("{}")
    code, _, err = said(capsys, "compare", tmp_path, "japan-korea-2019", "--draws", "0")
    assert code == 2 and f"{tmp_path} is an assessment, not a case" in err and "geoecon diff" in err


def test_a_figure_is_explained_by_one_word_or_two(capsys):
    one = said(capsys, "explain", "japan-korea-2019", "trade.share.photoresist")
    assert one[0] == 0 and one == said(capsys, "explain", "japan-korea-2019", "trade", "share.photoresist")


def test_a_key_of_a_later_stage_names_the_verb_that_reads_it(capsys):
    code, _, err = said(capsys, "dependence", "japan-korea-2019", "--scenario", "press=KOR:2022-05")
    assert code == 2 and "'press' was read by no stage solved here (`geoecon run` solves them all)" in err


PLACES = [
    "exposure --all --out", "exposure --all --map", "exposure --all --network", "ask graphite --save", "convert no.csv",
    "scan sample --out", "scan sample --aside", "cut-offs sample --out", "screen no.csv --out", "evidence all --out",
    "case pack no --out", "case to-xlsx no --out", "case from-xlsx no --out", "uncertainty japan-korea-2019 --out",
    "fit game --out", "fit scores --out", "fit disputes --out", "shortage-clock no.csv --aside",
]  # fmt: skip


@pytest.mark.parametrize("line", PLACES)
def test_every_verb_tries_the_place_before_it_reads(line, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    code, _, err = said(capsys, *line.split(), tmp_path / "file" / "x")
    assert code == 2 and "file/x cannot be written (Not a directory); allowed: a place open to you" in err
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_an_interrupt_before_anything_is_done_says_so(monkeypatch, capsys, tmp_path):
    failing(monkeypatch, next(iter(STAGES)), KeyboardInterrupt())
    code, _, err = said(capsys, "run", "japan-korea-2019", "--draws", "0", "--out", tmp_path / "out")
    assert code == 130 and "nothing was written" in err and not (tmp_path / "out").exists()


LONG = [name for name in ge.cases() if not name.startswith("china-japan")]


@pytest.mark.parametrize(
    "name", [*sorted(set(ge.cases()) - set(LONG)), *(pytest.param(n, marks=pytest.mark.nightly) for n in LONG)]
)
def test_every_case_gives_its_report_by_the_command_of_the_readme(name, tmp_path, capsys):
    code, out, _ = said(capsys, "run", name, "--draws", "2", "--out", tmp_path / name)
    assert code == 0 and "Report: " in out
    assert (tmp_path / name / "tables" / "what_if.csv").is_file()


LOADING = """
import signal, sys
from importlib.abc import MetaPathFinder

class Stop(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "cyclopts":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Stop())
from geoecon.__main__ import main
main()
"""


def test_an_interrupt_while_the_command_line_loads_is_told_as_any_other():
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True)
    assert done.returncode == 130 and done.stderr == "geoecon: interrupted; nothing was written\n"


FULL = [
    "scan sample --importer KOR --exporter JPN --out out.parquet",
    "exposure --target Korea --product 250410 --out x.csv",
    "convert flows.csv tidy.csv",
    "screen shipments.csv --out screened.csv",
    f"case pack {ge.cases()[0]} --out p.zip",
]


@pytest.mark.parametrize("line", FULL)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(line, tmp_path, monkeypatch, capsys):
    """A limit on the size of a file stands for the disk: no file here is of less than a hundred bytes."""
    resource = pytest.importorskip("resource")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "own"))
    flows = "".join(f"2022,JPN,KOR,{370710 + k},{k + 1},1\n" for k in range(90))
    (tmp_path / "flows.csv").write_text("period,exporter,importer,product,value_usd,tonnes\n" + flows)
    (tmp_path / "shipments.csv").write_text("from,to,item,date\n" + "JPN,KOR,photoresist,2019-07-05\n" * 3)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
    try:
        code, _, err = said(capsys, *shlex.split(line))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert code == 2 and "File too large; allowed: a place with room" in err and "Traceback" not in err
    left = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == before


WITH_WHAT_IF = ("russia-germany-gas-2022", "--draws", "0", "--what-if", "--out")


def test_a_disk_that_fills_up_while_the_what_ifs_are_written_leaves_the_report(monkeypatch, tmp_path, capsys):
    from geoecon import views

    write = views.write

    def full(*given, what_if=None, **options):
        if what_if is not None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(*given, **options)

    monkeypatch.setattr("geoecon.views.write", full)
    code, _, err = said(capsys, "run", *WITH_WHAT_IF, tmp_path / "out")
    assert code == 2 and "No space left on device; allowed: a place with room" in err
    assert (tmp_path / "out" / "report.html").is_file() and (tmp_path / "out" / "assessment.json").is_file()


def test_a_what_if_that_fails_as_a_whole_leaves_the_report(monkeypatch, tmp_path, capsys):
    def fail(*_, **__):
        raise InputError("no scenario; allowed: one")

    monkeypatch.setattr(ge, "what_if", fail)
    code, _, err = said(capsys, "run", *WITH_WHAT_IF, tmp_path / "out")
    assert code == 2 and "no scenario" in err and (tmp_path / "out" / "report.html").is_file()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_standard_output_is_told(unbuffered):
    asked = [sys.executable, "-m", "geoecon", "cases"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True,
                              env=os.environ | {"PYTHONUNBUFFERED": unbuffered})  # fmt: skip
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "No space left on device" in done.stderr
