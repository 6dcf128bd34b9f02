"""The line as a whole: order, skipping, byte-equal repetition, writing aside."""

import filecmp
import json
from pathlib import Path

import pytest

import geoecon as ge
from geoecon import line, views
from geoecon.errors import InputError, MissingData
from geoecon.files import folder_aside
from geoecon.line import stage as stages


@pytest.fixture(scope="module")
def case():
    return ge.load_case("japan-korea-2019")


@pytest.fixture(scope="module")
def small(case):
    return ge.run(case, draws=8, seed=5)


def test_every_stage_runs_for_the_worked_case(small):
    assert list(small.results) == [name for name, stage in line.STAGES.items() if not stage.asked]
    assert small.skipped == {}


def test_every_result_keeps_the_protocol(small):
    for stage, result in small.results.items():
        assert not result.to_frame().empty, stage
        assert 0 < len(result.summary()) <= 12, stage
        assert len(result.sentence()) > 20, stage
        assert result.sources, stage
        assert result.METHOD, stage
        figures = result.figures()
        assert figures, stage
        for name, figure in figures.items():
            assert figure.unit and figure.period, (stage, name)
            assert figure.sources, (stage, name)
        assert "Source: " in json.dumps(result.chart().to_dict()), stage


def test_one_seed_gives_identical_tables(case, small):
    again = ge.run(case, draws=8, seed=5)
    for stage, result in small.results.items():
        assert result.to_frame().to_csv() == again.results[stage].to_frame().to_csv(), stage


def test_until_stops_there(case):
    short = ge.run(case, draws=0, until="controls")
    assert list(short.results) == ["trade", "scan", "precedents", "controls"]
    with pytest.raises(MissingData, match="welfare"):
        _ = short.welfare


def test_an_unknown_stage_is_named(case):
    with pytest.raises(InputError, match=r"'dinner'; allowed: trade, scan, precedents, controls"):
        ge.run(case, until="dinner")


def test_a_stage_without_data_is_skipped_with_what_needs_it(monkeypatch, case):
    rows = [stages.Stage(name, "fake", name) for name in ("first", "second", "third")]
    monkeypatch.setattr(stages, "STAGES", stages.table(*rows))

    class Fake:
        @staticmethod
        def first(case, draws):
            raise MissingData("economy.csv: the input-output table")

        @staticmethod
        def second(case, draws, first):
            raise AssertionError("never called")

        @staticmethod
        def third(case, draws, first=None):
            return fake

    fake = Fake()
    monkeypatch.setattr(stages, "import_module", lambda name: Fake)
    done = line.run(case, draws=0)
    assert done.skipped["first"] == "economy.csv: the input-output table"
    assert "the stage first" in done.skipped["second"]
    assert done.results == {"third": fake}


def test_written_twice_the_folders_are_equal(tmp_path, case, small):
    views.write(small, tmp_path / "a")
    views.write(ge.run(case, draws=8, seed=5), tmp_path / "b")
    names = sorted(str(path.relative_to(tmp_path / "a")) for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert {"assessment.json", "report.html", "brief.md", "tables/trade.csv"} <= set(names)
    tables = [name for name in names if name.startswith("tables/") or name == "assessment.json"]
    _, different, missing = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", tables, shallow=False)
    assert different == [] and missing == []
    summary = json.loads((tmp_path / "a" / "assessment.json").read_text(encoding="utf-8"))
    assert summary["seed"] == 5
    assert "case/trade.csv" in summary["inputs"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_an_interrupt_leaves_nothing_and_keeps_the_old(tmp_path):
    folder = tmp_path / "report"
    with folder_aside(folder) as place:
        (place / "assessment.json").write_text("old")
    with pytest.raises(KeyboardInterrupt), folder_aside(folder) as place:
        (place / "assessment.json").write_text("new")
        raise KeyboardInterrupt
    assert (folder / "assessment.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_with_other_files_is_not_overwritten(tmp_path, small):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match="other files"):
        views.write(small, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_strict_json_has_no_nan():
    text = views.strict_json({"a": float("nan"), "b": [float("inf"), 1.0], "c": Path("x")})
    assert json.loads(text, parse_constant=pytest.fail) == {"a": None, "b": [None, 1.0], "c": "x"}
