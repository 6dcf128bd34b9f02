"""A length is never told below its number, a one-sided bound with the chance of its quantile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.spoken import little_words
from geoecon.views import phrases as say


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
