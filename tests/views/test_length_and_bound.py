"""A length is never told below its number, a one-sided bound with the chance of its quantile."""

from datetime import date
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.figure import Figure
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.message.lead import _dearer, lead
from geoecon.spoken import beside_loss, little_words


def months(text: str) -> float:
    number, unit = text.split(" ")
    value = float(number[:-1] or 0) + 0.5 if number.endswith("½") else float(number)
    return value * (12 if unit.startswith("year") else 1)


@given(st.floats(0.1, 400))
def test_what_happens_within_a_time_is_never_told_below_it(length: float) -> None:
    told = months(say.within(length, tile=True))
    assert told >= length - 1e-6
    assert told - length < 1 + 1e-6


@pytest.mark.parametrize(("length", "words"), [(20.3, "21 months"), (12.6, "13 months"), (10.8, "eleven months"),
                                               (8, "eight months"), (37, "three and a half years")])  # fmt: skip
def test_a_length_in_a_sentence(length: float, words: str) -> None:
    assert say.within(length) == words


def test_at_most_the_ninety_per_cent_quantile_is_nine_times_in_ten() -> None:
    losses = np.arange(1, 1001) / 2.0
    high = float(np.quantile(losses, 0.9))
    assert np.mean(losses <= high) == pytest.approx(0.9)
    assert little_words(15.0, high).endswith("nine times in ten")


def bill(middle: float, low: float, high: float) -> Figure:
    return Figure(middle, "USD million", "2010", frozenset({"a source"}), True, low, high)


def test_dearer_imports_are_named_where_they_are_more_than_the_loss_that_is_told() -> None:
    loss = 140.0
    assert beside_loss(bill(1045, 0, 10_261), loss) == (1045, "nothing and USD 10 billion")
    assert beside_loss(bill(27, 0, 400), loss) == beside_loss(None, loss) == (0.0, "")
    assert beside_loss(bill(9, 0, 90), 0.0) == (0.0, "")


def test_a_blind_run_says_from_which_day_it_counts() -> None:
    case = SimpleNamespace(cutoff=date(2022, 3, 8), start=date(2022, 6, 14))
    found = SimpleNamespace(chance=0.0, by_product=[], blind_to_measures=True, runs=20, case=case)
    assert "count from 14 June 2022" in lead(cast(Findings, found))
    case.start = case.cutoff
    assert "count from" not in lead(cast(Findings, found))


def test_the_message_names_what_dearer_imports_cost_and_keeps_the_rules_of_reading() -> None:
    found = SimpleNamespace(lost=np.ones(20), middle=(140e6, 0.0, 500e6), with_past_error=True,
                            figure=lambda *_: bill(1045, 14, 10_261))  # fmt: skip
    told = _dearer(cast(Findings, found))
    assert "USD\u00a01\u00a0billion" in told and "eight times in ten between" in told
    assert not say.faults_of(told)
