"""Two sentences of one answer never contradict: the same thing has one number, at every place where it is said."""

import re

import pytest

import geoecon as ge
from geoecon.questions.answer import money

DAY = "2026-06-01"
ASKED = [
    "China stops graphite to Korea",
    "Chile taxes copper exports to China",
    "Congo sets a cobalt quota for China",
    "South Africa licences manganese to India",
    "China bans Australian iron ore",
    "China refuses Lithuanian beef",
    "China stops its tourists to Korea",
    "Tajikistan stops antimony to China",
    "Chile and Peru stop copper ore to Japan",
    "Morocco stops phosphates to the European Union",
]


@pytest.fixture(scope="module", params=ASKED)
def answer(request):
    return ge.ask(request.param, draws=12, start=DAY)


def numbers(text):
    return [
        float(found.replace("\u2212", "-").replace(" ", "")) for found in re.findall(r"[−-]?\d[\d\u202f]*\.?\d*", text)
    ]


def test_the_change_of_imports_has_one_number(answer):
    """The middle of the number under the message is the middle of the sentence about the controls."""
    told = answer.assessment.controls.sentence()
    change = answer.imports
    assert change is not None
    assert f"{abs(change.value):.3g}" in {f"{abs(one):.3g}" for one in numbers(told)}, (told, change)


def test_a_flow_that_stops_is_not_left_as_it_was(answer):
    assert "as it was" not in answer.page()
    assert answer.imports.value < 0
    assert answer.imports.low <= answer.imports.value <= answer.imports.high


def test_nothing_runs_short_and_something_runs_short_are_not_both_said(answer):
    page = answer.page()
    if "No material runs short" in page:
        assert "falls by a twentieth" not in page
        falls = answer.assessment.disruption.figures()
        assert all(one.value == 0 for key, one in falls.items() if key.startswith(("fall_chance", "stop_chance")))


def test_a_loss_in_the_message_is_the_loss_under_it(answer):
    """ "Nothing one could measure" stands only where the number is that small; money in the message is the number's."""
    loss = answer.figures()["loss"]
    message = answer.sentence()
    if re.search(r"loses (?:nothing|no )", message):
        assert loss.value < 10
    elif " lose about " not in message and "most likely" not in message:
        assert money(loss.value) in message


def test_the_share_in_words_is_the_share_of_the_trade_stage(answer):
    share = answer.rows.share
    traded = answer.assessment.trade.share(answer.asked.good.id)
    assert traded == pytest.approx(share, rel=1e-6)
    assert answer.names[1 if answer.asked.buying else 0] in answer.assessment.trade.sentence()


def test_who_gives_way_is_said_once(answer):
    """The ending in the message is the ending under its question."""
    ending = answer.assessment.bargaining.sentence().split(". ")[0]
    assert ending.lower().rstrip(".") in answer.sentence().lower()


def test_only_the_measure_that_was_asked_costs_anything(answer):
    """No boycott and no retaliation that nobody asked about stands in what the answer says it costs."""
    if answer.assessment.results.get("welfare") is None or answer.asked.buying:
        return
    attribution = answer.assessment.welfare.attribution
    for player in ("retaliation", "boycott"):
        assert abs(attribution.sel(player=player)).max() < 1e-6
