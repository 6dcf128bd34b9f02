"""A case of one's own: the template, the checker, several side by side, and the record."""

import contextlib
from datetime import date

import pytest
import smallcase

import geoecon as ge
from geoecon import scorecard
from geoecon.case import FILES, OUTCOMES, case_of_texts
from geoecon.cli import main
from geoecon.errors import InputError
from geoecon.questions.template import blank


@pytest.fixture
def small(tmp_path):
    return smallcase.write(tmp_path / "small", smallcase.Recipe())


def test_new_makes_a_folder_that_the_checker_accepts(tmp_path):
    place = ge.new("my-case", sender="China", target="DEU", patron="USA", product=["lithium hydroxide", "cobalt"],
                   start="2026-03-02", folder=tmp_path)  # fmt: skip
    assert sorted(path.name for path in place.iterdir()) == sorted([*FILES, OUTCOMES, "case.toml", "GUIDE.md"])
    case = ge.load_case(place)
    assert (case.sender, case.target, case.patron) == ("CHN", "DEU", "USA")
    assert [product.id for product in case.products] == ["lithium_hydroxide", "cobalt"]
    assert str(case.cutoffs[0]) == "2026-03-02"
    text = (place / "case.toml").read_text(encoding="utf-8")
    assert text.count("#") > 10
    guide = (place / "GUIDE.md").read_text(encoding="utf-8")
    for file, rules in {**FILES, OUTCOMES: scorecard.OUTCOME_COLUMNS}.items():
        assert f"## {file} (" in guide
        for column, rule in rules.items():
            assert f"| {column} | {rule.allowed}" in guide
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-case"]


def test_new_with_the_fewest_words(tmp_path):
    place = ge.new("x", sender="JPN", target="KOR", folder=tmp_path)
    assert ge.load_case(place).products[0].id == "material"


def test_new_on_leap_day(tmp_path):
    place = ge.new("leap", sender="JPN", target="KOR", start="2024-02-29", folder=tmp_path)
    assert str(ge.load_case(place).end) == "2026-02-28"


BAD = {
    "name with a slash": (dict(name="../x"), "name '../x'"),
    "name in capitals": (dict(name="My Case"), "name 'My Case'"),
    "empty name": (dict(name=""), "name ''"),
    "unknown sender": (dict(sender="Chna"), "sender: unknown state 'Chna'"),
    "unknown target": (dict(target="Koria"), "target: unknown state 'Koria'; did you mean"),
    "unknown product": (dict(product=["nosuch"]), "unknown product 'nosuch'"),
    "unknown products": (dict(product=["cobalt", "grafite"]), "did you mean natural graphite"),
    "one state twice": (dict(target="JPN"), "a different one in each role"),
    "no product": (dict(product=[]), "at least one"),
    "start is no day": (dict(start="soon"), "start 'soon'"),
}


@pytest.mark.parametrize("kind", BAD)
def test_new_refuses_and_writes_nothing(tmp_path, kind):
    changes, says = BAD[kind]
    asked = dict(name="my-case", sender="JPN", target="KOR", folder=tmp_path) | changes
    with pytest.raises(InputError) as error:
        ge.new(**asked)
    assert says in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_new_does_not_touch_a_folder_that_exists(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(InputError, match="exists"):
        ge.new("mine", sender="JPN", target="KOR", folder=tmp_path)
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_name_with_quotes_stays_text(tmp_path):
    texts = blank("q", {"sender": "JPN", "target": "KOR"}, ['the "pure" acid\\'], date(2026, 1, 1))
    assert case_of_texts(texts, "q").products[0].name == 'the "pure" acid\\'


def test_a_shared_name_is_read_and_said_in_the_template(tmp_path):
    place = ge.new("mine", sender="Japan", target="Korea", folder=tmp_path)
    assert ge.load_case(place).target == "KOR"
    assert "North Korea would be PRK" in (place / "case.toml").read_text(encoding="utf-8")


def test_check_of_a_template_names_every_stage_and_the_first_step(tmp_path):
    found = ge.check(ge.new("my-case", sender="CHN", target="DEU", folder=tmp_path))
    assert set(found.runs) == {"scan", "bargaining", "tracks"}  # of the bundled rows; the case itself has nothing yet
    assert set(found.stopped) >= {"trade", "controls", "disruption", "evidence"}
    files = [gap.file for gap in found.gaps]
    assert files[0] == "trade.csv"
    assert files.index("trade.csv") < files.index("parameters.csv")
    assert [gap.rank for gap in found.gaps] == list(range(1, len(found.gaps) + 1))
    assert found.sentence().startswith(
        f"{len(found.runs)} of {len(found.runs) + len(found.stopped)} stages run on my-case"
    )
    assert len(found.summary()) == 12
    assert all(gap.remedy and gap.consequence for gap in found.gaps)


def test_check_of_a_small_case(small):
    found = ge.check(small)
    assert set(found.stopped) == {"scan", "alliance"}
    said = {(gap.file, gap.what.split(" (")[0]) for gap in found.gaps}
    assert ("parameters.csv", "nothing on need_share of resin") in said
    assert not any("inventory_days" in what for _, what in said)
    assert found.figures()["stages"].value == len(found.runs) == 10


def test_check_names_priors_that_rest_on_later_knowledge(small):
    path = small / "parameters.csv"
    path.write_text(path.read_text().replace(",2018,", ",2020-03,"))
    found = ge.check(small)
    assert any(gap.what == "inventory_days of 2020-03 rests on later knowledge" for gap in found.gaps)


def test_check_says_when_a_blind_forecast_knows_no_measure(small):
    path = small / "measures.csv"
    path.write_text(path.read_text().replace("2019-07-01,,2019-07-01", "2019-07-01,,2019-09-01"))
    assert ge.load_case(small).table("measures")["known_from"].iloc[0].month == 9
    gaps = [gap for gap in ge.check(small).gaps if gap.file == "measures.csv"]
    assert gaps[0].what == "no measure of QSA against QTB is known on 2019-07-01"


def test_check_refuses_what_cannot_be_read(small):
    (small / "trade.csv").write_text("period\n2019\n")
    with pytest.raises(InputError, match=r"trade\.csv line 1, exporter: column is missing"):
        ge.check(small)


ENDINGS = ("the target gives way", "the sender backs down", "the two make a deal", "it fades without result",
           "it is still open")  # fmt: skip


def test_compare_side_by_side(small, tmp_path):
    other = smallcase.write(tmp_path / "other", smallcase.Recipe(share=0.3, stock=200.0, optional=frozenset()))
    found = ge.compare([small, other], draws=3)
    table = found.summary().set_index("measure")
    assert list(table.columns) == ["small", "small (2)"]
    rows = "dependence, stocks, review time, loss of the target, loss of the sender, asymmetry, "
    month = ge.load_case(small).horizon_months
    rows += "".join(f"{ending}, after {month} months, " for ending in ENDINGS) + "outcome"
    assert ", ".join(table.index) == rows
    figures = found.figures()
    assert figures["small.dependence"].value == pytest.approx(0.6)
    assert figures["small (2).dependence"].value == pytest.approx(0.3)
    assert figures["small.stocks"].value == 60
    ends = [f"{ending}, after {month} months" for ending in ENDINGS]
    gone = table.loc[[*ends, "asymmetry"], "small (2)"]  # no economy, so no loss and no game: never zero, and said why
    assert all(cell.startswith("unknown: ") and len(cell) > 20 for cell in gone)
    assert table.loc["outcome", "small"].startswith("unknown")
    assert not any("[unverified]" in cell for cell in table.to_numpy().ravel())
    assert any(" *" in cell for cell in table["small"]) == bool(found.caveats())
    assert all(0 <= figures[f"small.{end}"].value <= 100 and figures[f"small.{end}"].unit[0] == "%" for end in ends)
    loss = ge.run(ge.load_case(small), draws=3).losses.figures()["listed.none.target"]
    asked = figures["small.loss of the target"]
    assert (asked.value, asked.low, asked.high) == (loss.value, loss.low, loss.high)
    assert found.sentence()
    assert found.chart().to_dict()


def test_compare_needs_two(small):
    with pytest.raises(InputError, match="two or more"):
        ge.compare([small])


def test_record_of_one_case(small):
    found = ge.evidence(small, draws=5)
    assert [(trial.cutoff, trial.condition) for trial in found.trials] == [
        ("2019-07-01", "known"),
        ("2019-07-01", "observed"),
    ]
    table = found.calibration()
    assert (table["scored"] == 2).all()
    assert (table["stages lacking"] == "alliance").all()  # what nothing is scored of is not run
    page = found.markdown()
    assert page.startswith("# Evidence\n\n" + found.sentence())
    assert "| unknown | unknown |" in page  # the length of the dispute
    assert "a house" in page
    assert "nothing happened" in page
    assert found.chart().to_dict()
    assert len(found.to_frame()) == 6
    inside = found.measured()["past_inside"]
    assert found.figures()["inside.known"].value == pytest.approx(inside[found.measured().condition == "known"].mean())


def test_record_without_outcomes_is_named(tmp_path):
    folder = smallcase.write(tmp_path / "case", smallcase.Recipe(optional=frozenset({"economy", "macro"})))
    found = ge.evidence(folder, draws=0, conditions=["known"])
    assert found.trials == ()
    assert "outcomes.csv" in found.failed["small, 2019-07-01, known"]
    assert found.sentence()


def test_record_scores_what_a_failed_solver_leaves(small, monkeypatch):
    from geoecon import bargaining
    from geoecon.errors import NotConverged

    def fail(*_, **__):
        raise NotConverged("the game", 0.5, 7)

    monkeypatch.setattr(bargaining, "for_case", fail)
    found = ge.evidence(small, draws=2, conditions=["known"])
    assert "residual 0.5" in found.trials[0].lacked["bargaining"]
    assert found.calibration()["scored"].tolist() == [2]


def test_a_condition_that_is_none(small):
    with pytest.raises(InputError, match="condition 'guessed'; allowed: known, observed"):
        ge.evidence(small, conditions=["guessed"])


def test_cells_cannot_break_the_page(small):
    path = small / "claims.csv"
    path.write_text(path.read_text().replace("nothing happened", "a | b <script>"))
    page = ge.evidence(small, draws=0, conditions=["known"]).markdown()
    assert "a \\| b" in page


def test_check_prints_every_remedy_whole_at_80_columns(small, capsys):
    with contextlib.suppress(SystemExit):
        main(["check", str(small)])
    said = " ".join(capsys.readouterr().out.split())
    gaps = ge.check(small).gaps
    assert len(gaps) > 3 and "…" not in said
    assert all(f"{gap.file}: {gap.what}. Mend: {gap.remedy}." in said for gap in gaps[:12])


def test_a_new_case_has_no_row_that_no_stage_reads(tmp_path):
    found = ge.check(
        ge.new("mine", sender="CHN", target="JPN", product=["gallium"], start="2026-03-01", folder=tmp_path)
    )
    assert not [gap for gap in found.gaps if "no stage reads" in gap.consequence]
    assert found.figures()["stages"].unit == f"of {len(found.runs) + len(found.stopped)} stages run"
