"""One truth: every way to ask a question gives the line's numbers, for every shipped case."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon import views
from geoecon.dispute import ENDINGS, ending_in_words
from geoecon.figure import Figure
from geoecon.line import STAGES, Memo, known
from geoecon.questions.paired import as_shown, level, likely
from geoecon.web import work
from geoecon.web.assumptions import sliders

DRAWS, SEED = 8, 3
UNTOLD = {f"bargaining.{ending}" for ending in (*ENDINGS, "open")}  # a run tells them with their month
UNHELD = ("japan-korea-2019", "gulf-qatar-2017", "russia-germany-gas-2022")  # also asked without the run's memo


@pytest.fixture(scope="module", params=ge.cases())
def asked(request):
    """A case, its run, and the memo that the run has warmed."""
    case = known(ge.load_case(request.param))
    memo = Memo()
    return case, ge.run(case, draws=DRAWS, seed=SEED, memo=memo), memo


@pytest.fixture(scope="module")
def moved(asked):
    """The what-ifs of that run."""
    _, told, memo = asked
    return ge.what_if(told, memo=memo)


@pytest.fixture(scope="module")
def compared(asked):
    case, *_ = asked
    return ge.compare([case, case], draws=DRAWS, seed=SEED)


def same(one, other):
    assert set(one) == set(other)
    for key, figure in one.items():
        mine = (figure.value, figure.low, figure.high)
        theirs = (other[key].value, other[key].low, other[key].high)
        for a, b in zip(mine, theirs, strict=True):
            assert (a is None) == (b is None), key
            assert a is None or a == pytest.approx(b, rel=1e-9, abs=1e-12), key


def test_the_stage_verbs(asked):
    case, told, _ = asked
    for verb, stage in ((ge.disrupt, "disruption"), (ge.welfare, "welfare"), (ge.bargain, "bargaining")):
        if stage in told.results:
            same(verb(case, draws=DRAWS, seed=SEED).figures(), told.results[stage].figures())


def test_a_run_from_memory_is_the_run(asked):
    """A warm memo and a cold one give every figure of every stage alike; so do 8 runs after others in the same memo."""
    case, told, memo = asked
    held = tuple(name for name in STAGES if name not in told.results and name not in told.gaps)
    again = ge.run(case, draws=DRAWS, seed=SEED, memo=memo, skip=held)
    assert set(again.results) == set(told.results) and set(again.gaps) == set(told.gaps)
    for stage, result in told.results.items():
        same(again.results[stage].figures(), result.figures())


def test_what_if_has_the_run_as_its_base_row(asked, moved):
    case, told, _ = asked
    found = moved
    for key, cell in found.base.cells.items():
        stage, _, name = key.partition(".")
        if stage in told.results:
            same({key: cell.figure}, {key: told.results[stage].samples()[name].figure(told.sources, False)})
    if "disruption" in told.results:  # what is feared is one thing at every door
        stops = told.disruption.figures()["stop_chance"].value
        assert found.base.chance == pytest.approx(stops)
        days = [v for (metric, _), v in told.disruption.predictions().items() if metric == "first_shortage_day"]
        assert stops == pytest.approx(np.isfinite(np.stack(days, axis=1)).any(axis=1)[1:].mean())
    if case.id in UNHELD:
        unheld = ge.what_if(case, draws=DRAWS, seed=SEED)
        assert found.to_frame().drop(columns="why").equals(unheld.to_frame().drop(columns="why"))
    for row in found.rows:
        assert row.fault == ""
        for cell in row.cells.values():
            assert row is found.base or cell.change is not None or cell.why


def test_a_scenario_solved_on_the_first_runs_stands_at_the_level_of_all():
    """The base of all runs, moved as in the paired ones: nothing moves where they agree, no loss turns to a gain."""
    assert level(3.0, 2.0, 2.0) == 3.0 and likely(0.25, 0.5, 0.5) == pytest.approx(0.25)
    assert level(100.0, 5000.0, 2800.0) == pytest.approx(56.0)
    assert level(1.0, -2.0, -1.0) == pytest.approx(2.0)
    assert likely(0.0, 0.7, 0.6) == 0.0 and likely(1.0, 0.7, 0.6) == 1.0
    assert likely(0.5, 0.8, 0.5) == pytest.approx(0.2)  # odds of one to four
    figure = Figure(0.5, "share of runs", "2020")
    assert as_shown(figure, replace(figure, value=0.8), figure).value == pytest.approx(0.2)
    loss = Figure(10.0, "USD million", "2020", low=5.0, high=20.0)
    moved = as_shown(
        loss, replace(loss, value=20.0, low=10.0, high=40.0), replace(loss, value=40.0, low=8.0, high=60.0)
    )
    assert (moved.low, moved.value, moved.high) == pytest.approx((4.0, 20.0, 30.0))


def test_the_ensemble(asked):
    """`uncertainty` draws what a run draws, and tells each figure as the run does: value, band, unit, chance."""
    case, told, _ = asked
    found = ge.uncertainty(case, DRAWS, seed=SEED)
    for name, result in told.results.items():
        if STAGES[name].resolved:
            for (metric, of), values in result.predictions().items():
                drawn = found.table[f"{name}|{metric}|{of}"]
                np.testing.assert_allclose(drawn, values, rtol=1e-9, atol=1e-12)
    assert set(found.skipped) == {name for name in told.skipped if STAGES[name].resolved}
    mine, theirs = found.figures(), told.figures()
    shared = mine.keys() & theirs.keys()
    assert {key for key in mine if "|" not in key} - shared <= UNTOLD
    same({key: mine[key] for key in shared}, {key: theirs[key] for key in shared})
    for key, figure in mine.items():
        assert figure.unit and figure.label, key
        assert key not in shared or (figure.unit, figure.runs) == (theirs[key].unit, theirs[key].runs), key
        if figure.low is not None and figure.high is not None:
            assert figure.value is not None and figure.low <= figure.value <= figure.high, key
            assert figure.low < figure.high, key


def test_compare(asked, compared):
    case, told, _ = asked
    found = compared.figures()
    if "losses" in told.results:
        same({"": found[f"{case.id}.loss of the target"]}, {"": told.losses.figures()["listed.none.target"]})


def test_the_web_interface(asked):
    """What a worker sends to the page and to the JSON interface."""
    case, told, _ = asked
    seen = {}

    class Never:
        def is_set(self):
            return False

    def tell(event, data):
        if event == "piece":
            seen[data["stage"]] = data["figures"]

    task = {"kind": "solve", "case": case.id, "scenario": {}, "draws": DRAWS, "seed": SEED}
    work.TASKS["solve"](task, tell, Never())
    for stage, result in told.results.items():
        for key, figure in result.figures().items():
            if figure.value is not None and np.isfinite(figure.value):
                assert seen[stage][key]["value"] == pytest.approx(figure.value, rel=1e-9, abs=1e-12), (stage, key)


def test_sliders_open_where_the_case_stands(asked):
    """A page opens with every slider at the middle of its own row, within its range; unmoved it changes nothing."""
    case, _, _ = asked
    for slider in (one for group in sliders(case) for one in group):
        assert slider.value == slider.central == case.parameters[slider.key].central, slider.key
        assert slider.low <= slider.value <= slider.high, slider.key


def test_no_middle_lies_outside_its_band_and_no_band_is_a_point(asked):
    _, told, _ = asked
    for key, figure in told.figures().items():
        if figure.low is not None and figure.high is not None:
            assert figure.value is not None, key
            assert figure.low <= figure.value <= figure.high, key
            assert figure.low < figure.high, key


def test_bands_of_what_ifs_and_of_the_comparison_hold_their_middles(moved, compared):
    shown = {f"{row.label}: {key}": cell.figure for row in moved.rows for key, cell in row.cells.items()}
    shown |= compared.figures()
    assert shown
    for key, figure in shown.items():
        if figure.low is not None and figure.high is not None:
            assert figure.value is not None and figure.low <= figure.value <= figure.high, key
            assert figure.low < figure.high, key
        if figure.draws_low is not None and figure.draws_high is not None:
            assert figure.draws_low <= figure.draws_high, key


def test_what_stands_without_a_band_is_certain_or_a_share_of_runs(asked):
    """A figure has a band or is a chance; or all its runs say the same, as of a ban at nothing."""
    _, told, _ = asked
    for stage, result in told.results.items():
        samples, figures = result.samples(), told.told[stage]
        for name, drawn_of in samples.items():
            figure = figures.get(name)
            if figure is None or figure.low is not None or figure.value is None or drawn_of.event:
                continue
            drawn = np.asarray(drawn_of.values, float)[1:]
            drawn = drawn[np.isfinite(drawn)]
            alike = not len(drawn) or np.ptp(np.quantile(drawn, [0.1, 0.9])) <= 1e-9 * max(1.0, np.abs(drawn).max())
            assert alike, (stage, name, figure)


def test_compare_has_more_than_one_figure_of_the_line(asked, compared):
    case, told, _ = asked
    figures = compared.figures()
    found = {key.split(".", 1)[1]: one for key, one in figures.items() if key.startswith(f"{case.id}.")}
    if "losses" in told.results:
        for side in ("target", "sender"):
            same({side: found[f"loss of the {side}"]}, {side: told.losses.figures()[f"listed.none.{side}"]})
    shares = [
        one.value for key, one in told.trade.figures().items() if key.startswith("share.") and one.value is not None
    ]
    assert found["dependence"].value == (pytest.approx(max(shares)) if shares else None)
    if "bargaining" in told.results:
        for ending in ENDINGS:
            of = found[f"{ending_in_words(ending)}, after {case.horizon_months} months"]
            assert of.value == pytest.approx(100 * np.median(told.bargaining.by(ending, case.horizon_months)[1:]))


def test_tables_files_and_explanations_have_the_figures_of_the_run(asked):
    """The Python table, assessment.json and `explain`: every figure of every stage."""
    _, told, _ = asked
    table = told.to_frame().set_index(["stage", "figure"])
    filed = views.summary(told)["figures"]
    for stage, made in told.told.items():
        for key, figure in made.items():
            for name in ("value", "low", "high", "draws_low", "draws_high"):
                mine = getattr(figure, name)
                shown, written = table.loc[(stage, key), name], filed[stage][key][name]
                missing = mine is None or not np.isfinite(mine)
                assert (pd.isna(shown) if mine is None else shown == mine) and (missing or written == mine), (
                    stage,
                    key,
                )
        first = next(iter(made))
        same({first: ge.explain(told, stage, first).figure}, {first: made[first]})


QUANTITY = (
    r"(a gain of |gains )?(?:over |under |about )?(?:USD )?([−+-]?\d[\d,.\u2009]*|nothing)"
    r"(?: (thousand|million|billion))?(?: %)?"
)
BANDED = re.compile(
    r"(?<!less than )(?<!less than USD )(?<![\d,.])"
    rf"{QUANTITY}(?: (?:a|each) (?:day|week|month|year))? \((?:eight times in ten )?{QUANTITY} to {QUANTITY}\)"
)
TIMES = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}


def amounts(match):
    """Middle, low and high of what a sentence says, a gain being less than nothing."""
    groups = [match.groups()[k : k + 3] for k in (0, 3, 6)]
    for gain, number, times in groups:
        size = 0.0 if number == "nothing" else float(re.sub("[,\u2009]", "", number.rstrip(".")).replace("−", "-"))
        yield (-1 if gain else 1) * size * TIMES[times or ""]


def test_in_words_too_the_middle_lies_within_its_band(asked, compared):
    """Sentences of every stage, the report and the comparison, read as a reader reads them."""
    case, told, _ = asked
    cells = compared.summary()[case.id]
    page = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", views.report_html(views.Report(told)), flags=re.S)
    said = [*told.sentences(), *cells, *html.unescape(page).splitlines()]
    found = [match for text in said for match in BANDED.finditer(text.replace("\u00a0", " "))]
    assert len(found) > 5
    for match in found:
        middle, low, high = amounts(match)
        assert min(low, high) <= middle <= max(low, high) and low != high, match[0]


def test_the_table_of_dependence_has_the_middle_of_its_figures(asked):
    case, told, _ = asked
    column = "loss of access (log, of spending)"
    shown = told.trade.summary().set_index("product")
    for product in case.products:
        figure = told.trade.figures().get(f"cutoff_loss.{product.id}")
        if figure is not None and figure.value is not None and product.name in shown.index:
            assert shown.loc[product.name, column] == pytest.approx(figure.value, abs=6e-4), product.id
