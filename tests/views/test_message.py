"""What is said: the rules of the message and of reading, over shipped cases and made-up findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

import geoecon as ge
from geoecon.message import Findings, Lever, called, message, read_here, title
from geoecon.message import phrases as say
from geoecon.tables import packaged
from geoecon.views.brief import brief, sections
from geoecon.views.report import Report
from geoecon.views.seven_questions import blocks

QUICK = ("japan-korea-2019", "russia-germany-gas-2022")
REST = tuple(key for key in ge.cases() if key not in QUICK)
CASES = [*QUICK, *(pytest.param(key, marks=pytest.mark.nightly) for key in REST)]


def names(found):
    states = [state.name for state in found.case.states]
    goods = [*found.products.values(), *map(say.capital, found.products.values())]
    return [*states, *goods, found.case.title]


@pytest.mark.parametrize("key", CASES)
def test_message_questions_and_brief_can_be_read_by_anybody(key):
    report = Report(ge.run(ge.load_case(key), draws=24, seed=1))
    found = report.found
    assert say.faults_of(report.message.text, names(found)) == []
    for block in blocks(found):
        assert say.faults_of(block.sentence, names(found)) == [], block.key
    for part in sections(report):
        for text in (*part.paragraphs, *part.steps):
            if part.heading not in ("What happened", "Who depends on whom"):  # quotes of the case stay as they are
                assert say.faults_of(text.replace("**", ""), names(found)) == [], part.heading
    assert len(brief(report).split()) < 900
    body = brief(report).split("## Sources")[0]
    assert "(0 to 0)" not in body and "draws" not in body


@pytest.mark.parametrize(
    ("share", "word"),
    [(0.005, "nearly impossible"), (0.05, "very unlikely"), (0.3, "unlikely"), (0.4, "less likely than not"),
     (0.5, "a toss-up"), (0.56, "more likely than not"), (0.8, "likely"), (0.95, "very likely"),
     (1.0, "nearly certain")],
)  # fmt: skip
def test_words_for_chances(share, word):
    assert say.chance_word(share) == word


def test_money_shares_spans_and_counts():
    assert say.money(4.46e9) == "USD\u00a04.5\u00a0billion" and say.money(4.46e9, tile=True) == "USD\u00a04.5\u00a0bn"
    assert say.loss(-0.32e6) == "nothing one could measure" and say.loss(-2e9) == "a gain of USD\u00a02\u00a0billion"
    assert say.loss(5.8e6) == "less than USD\u00a010\u00a0million" and say.loss(5.8e6, tile=True) != "none"
    assert say.percent(0.927) == "93\u00a0%" and say.percent(0.004) == "under 1\u00a0%"
    assert say.change(-0.9) == "−90\u00a0%"
    assert (
        say.length(30) == "two and a half years"
        and say.length(18) == "a year and a half"
        and say.length(5) == "five months"
    )
    assert say.runs(0, 200) == "in none of 200 runs" and say.runs(1, 200) == "in all 200 runs"
    assert say.tenths(0.927) == "nine tenths" and say.tenths(0.5) == "half"
    assert say.land("United States", True) == "The United States" and say.whose("United States") == "the United States’"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
         "eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six.", "words"),
        ("It is 1, 2, 3 or 4.", "numbers"),
        ("The draws say so.", "workshop"),
        ("See nickel_ore.", "code"),
    ],
)  # fmt: skip
def test_the_rules_of_reading_catch_what_they_name(text, fault):
    assert any(fault in one for one in say.faults_of(text))
    assert say.faults_of("In 2019 Korea lost USD 4.5 billion.") == []


@dataclass(frozen=True)
class Made:
    """Findings without a case: two materials, `count` runs, so many short, so much lost."""

    short_share: float
    lost_if_short: float = 4e9
    runs: int = 200
    rank: float = -0.6
    goods: int = 3
    lever_key: str = "inventory_days"
    blind_to_measures: bool = False
    levers: list[Lever] = field(default_factory=list)

    @property
    def findings(self):
        short = np.arange(self.runs) < round(self.short_share * self.runs)
        lost = np.where(short, self.lost_if_short, 0.0)
        made = Findings(SimpleNamespace(draws=self.runs, results={}, skipped={}, seed=0, case=None))
        lever = Lever(
            self.lever_key,
            "stocks",
            "stocks",
            "Days",
            np.arange(self.runs, 0, -1.0),
            self.rank,
            (0, 60, 120),
            "days",
            True,
        )
        cache = {
            "short": short, "chance": float(short.mean()), "lost": lost, "told_lost": lost,
            "middle": tuple(float(np.quantile(lost, share)) for share in (0.5, 0.1, 0.9)),
            "levers": [lever], "cut": [],
            "shortage": np.stack([short] * self.goods, axis=1),
        }  # fmt: skip
        made.__dict__.update(cache)
        return made


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.5, "A shortage is a toss-up that hangs on stocks nobody publishes"),
     (0.56, "A shortage is more likely than not, and it hangs on stocks nobody publishes"),
     (0.8, "A shortage is likely, and it hangs on stocks nobody publishes"), (1.0, "A shortage is nearly certain"),
     (0.0, "No material runs short in any run, and no loss could be measured")],
)  # fmt: skip
def test_the_headline_by_its_rules(share, words):
    assert title(Made(share).findings) == words


def test_a_weak_lever_is_not_named():
    assert title(Made(0.5, rank=0.1).findings) == "A shortage is a toss-up"


def test_a_band_as_wide_to_gains_as_to_losses_tells_no_size():
    made = Made(0.0).findings
    made.__dict__["middle"] = (3e9, -58e9, 66e9)
    assert made.unclear and title(made) == "No material runs short in any run"
    made.__dict__["middle"] = (3e9, -2e9, 66e9)
    assert not made.unclear


def test_two_futures_are_two_sentences():
    found = Findings(ge.run(ge.load_case("japan-korea-2019"), draws=40, seed=3))
    assert "With a shortage or without, Korea loses" in message(found).lead  # too few runs see none
    short = np.arange(40) % 2 == 0
    for name in ("if_short", "if_not"):
        found.__dict__.pop(name, None)
    found.__dict__.update(short=short, chance=0.5, lost=np.where(short, 4e9, 1e9))
    told = message(found).lead
    assert " If they do, Korea loses" in told and " If not, " in told


@pytest.mark.parametrize(("share", "runs", "told"), [(0.06, 30, False), (0.5, 30, False), (0.06, 200, False),
                                                    (0.5, 200, True), (0.1, 200, True)])  # fmt: skip
def test_no_conditional_loss_rests_on_a_handful_of_runs(share, runs, told):
    found = Made(share, runs=runs).findings
    assert (found.if_short is not None, found.if_not is not None) == (told, told)


def test_where_all_runs_are_on_one_side_its_middle_is_told():
    assert (Made(1.0, runs=30).findings.if_short, Made(1.0, runs=30).findings.if_not) == (4e9, None)
    assert (Made(0.0, runs=30).findings.if_short, Made(0.0, runs=30).findings.if_not) == (None, 0.0)


def test_every_parameter_that_moves_a_loss_has_words_and_no_estimate_of_another_case_is_a_lever():
    case = ge.load_case("china-japan-2026")
    for key in read_here(case):
        told = called(
            key, case.parameters[key].meaning or "", case.parameters[key].unit, sender="China", target="Japan"
        )
        assert "{" not in "".join(told) and "without_" not in "".join(told), key
        assert not say.FORBIDDEN.search(told.words), key
    known = {row["name"] for row in packaged("message", "levers.csv")}
    stages = ("capacity", "catchup", "disruption", "costs")
    assert {row["name"].split(".")[0] for room in stages for row in packaged(room, "defaults.csv")} <= known
    assert not any(".without_" in key and not key.endswith(case.id) for key in read_here(case))


def test_classes_of_a_histogram_hold_every_run_and_a_loss_of_one_size_gets_more_than_one_class():
    from geoecon.views.block_loss import _bins

    usd = np.random.default_rng(0).lognormal(np.log(6e8), 1.0, 500)
    made = _bins(usd)
    assert sum(share for _, share, _ in made) == pytest.approx(100) and max(share for _, share, _ in made) < 40


def test_a_sentence_on_costs_never_calls_small_what_its_own_bars_show_large():
    for share, lost in ((0.5, 4e9), (0.5, 1e6), (1.0, 2e9)):
        from geoecon.views.block_loss import _cost_told

        found = Made(share, lost).findings
        found.__dict__["horizon_months"], found.__dict__["case"] = 24.0, None
        assert say.faults_of(_cost_told(Named(found)) + ".") == []


class Named:
    """Findings of a case with two states."""

    def __init__(self, found):
        self.found = found

    def name(self, role):
        return "United States"

    def yearly(self, role, lasting=True):
        return 1.2e8

    def __getattr__(self, name):
        return getattr(self.found, name)
