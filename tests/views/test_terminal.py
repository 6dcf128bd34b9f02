"""The terminal: 80 columns, the verdict first, one line a row, piped text the same without colour, progress beside."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from dataclasses import replace

import pytest
from fakes import Result, assessment

import geoecon as ge
from geoecon.cli import main, printing
from geoecon.views import strict_json, summary

CASE = "japan-korea-2019"
LICENCE = ("licence", "--from", "China", "--to", "Japan", "--item", "gallium", "--on", "2026-03-01")


class Moved(Result):
    """A chance and many figures with long names, all times `by`."""

    by = 1.0

    def figures(self):
        share = {
            "stop_chance": ge.Figure(self.by, "share of runs", "2019", label="some plant stops for lack of a good")
        }
        long = [
            ge.Figure(self.by * k, "days of use", "2019", label=f"day {k} of {'a long name ' * 6}") for k in range(20)
        ]
        return share | {f"k{k}": figure for k, figure in enumerate(long)}


class Less(Moved):
    by = 0.25


@pytest.fixture
def two(tmp_path):
    """The folders of two runs of one case."""
    for name, kind, scenario in (("a", Moved, {}), ("b", Less, {"inventory_days": 180})):
        made = assessment()
        made = replace(made, case=made.case.with_scenario(**scenario), results={"disruption": kind("disruption")})
        (tmp_path / name).mkdir()
        (tmp_path / name / "assessment.json").write_text(strict_json(summary(made)), "utf-8")
    return str(tmp_path / "a"), str(tmp_path / "b")


def printed(*words):
    held = io.StringIO()
    with redirect_stdout(held), suppress(SystemExit):
        main(list(words))
    return held.getvalue()


@pytest.mark.parametrize(
    ("verb", "width"), [("scan", "60"), ("scan", "80"), ("scan", "132"), ("diff", "60"), ("diff", "80")]
)
def test_the_answer_stands_first_and_a_row_has_one_line(monkeypatch, request, verb, width):
    monkeypatch.setenv("COLUMNS", width)
    asked = {"scan": ("sample", "--importer", "KOR", "--top", "9")}
    words = asked[verb] if verb in asked else request.getfixturevalue("two")
    out, told = printed(verb, *words), json.loads(printed(verb, *words, "--json"))
    lines = out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert " ".join(told["sentence"].split()).startswith(" ".join(lines[0].split()))
    table = [line for line in "\n".join(lines[1:]).split("\n\n")[1].splitlines() if "  " in line]
    rows = min(len(told["rows"]), 12 if verb != "scan" else 9)
    first = {"scan": r"\d{6} ", "diff": r"(stocks|some plant|day \d+) "}[verb]
    start = next(k for k, line in enumerate(table) if re.match(first, line))
    body = table[start : start + rows]
    assert len(body) == rows and all(re.match(first, line) for line in body)


@pytest.mark.parametrize("width", ["60", "80", "132"])
def test_rows_that_are_sentences_are_printed_whole_each_with_its_number(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    out, told = printed("check", CASE), json.loads(printed("check", CASE, "--json"))
    lines = out.splitlines()
    assert max(map(len, lines)) <= int(width) and "…" not in out
    assert " ".join(told["sentence"].split()).startswith(" ".join(lines[0].split()))
    numbers = [int(line.split()[0]) for line in lines if re.match(r"  \d+ +\S", line)]
    assert numbers == list(range(1, 1 + min(len(told["rows"]), 12)))


def test_what_is_cut_or_left_out_is_said():
    heads, row = ("name", "what", "why", "how"), ("a" * 40, "b" * 40, "c" * 40, "d" * 40)
    lines = printing.table(heads, [row, row], (False,) * 4, 80)
    assert len(lines) == 1 + 2 + 1 and lines[-1].startswith("Left out at 80 columns: how. Texts that end in …")
    whole = printing.table(heads[:2], [("a", "b")], (False,) * 2, 80)
    assert len(whole) == 2  # nothing is said where nothing is cut


def test_piped_text_is_that_of_the_terminal_without_colour():
    command = [sys.executable, "-m", "geoecon", *LICENCE]
    known = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    known.pop("NO_COLOR", None)
    piped = subprocess.run(command, capture_output=True, text=True, timeout=120, env=known).stdout
    ours, theirs = pty.openpty()
    running = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=known)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the end of a terminal on Linux
            part = b""
        if not part:
            break
        seen += part
    running.wait()
    os.close(ours)
    shown = seen.decode().replace("\r\n", "\n")
    assert "\x1b[" in shown and "\x1b" not in piped
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == piped
    assert "LICENCE NEEDED, CASE BY CASE" in piped.splitlines()[0]


def test_progress_stands_on_standard_error_also_where_both_are_piped(tmp_path):
    command = [sys.executable, "-m", "geoecon", "run", CASE, "--draws", "0", "--out", "made"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert {"geoecon: trade", "geoecon: scan", "geoecon: evidence"} <= set(done.stderr.splitlines())
    assert "geoecon: trade" not in done.stdout and "Report:" in done.stdout
