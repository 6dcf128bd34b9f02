"""One rule for the band of a loss as it is told, at every door: the figure's own."""

import numpy as np
import pytest

from geoecon import spoken
from geoecon.dispute import level_endings
from geoecon.figure import Figure
from geoecon.past_error import Measured, Past
from geoecon.questions.message import loss_words
from geoecon.result import Sample
from geoecon.spoken import SMALL
from geoecon.views import words


def lost(value, low, high):
    return Figure(value, "USD million", "two years", low=low, high=high)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (lost(18, 0, 330), "Germany loses little: about USD 18 million, at most USD 330 million nine"),
        (lost(18, -300, 330), "what Germany loses is too uncertain to give"),
        (lost(5.8, -2, 330), "Germany loses little: less than USD 10 million, at most USD 330 million"),
        (lost(5.8, -2, 9), "Germany loses less than USD 10 million"),
        (lost(4400, 0, 60000), "Germany loses about USD 4.4 billion, between nothing and USD 60 billion"),
        (lost(0, 0, 0.1), "Germany loses nothing one could measure"),
        (lost(900, 0, 2000), "Germany loses about USD 900 million, between nothing and USD 2 billion"),
        (lost(-90, -200, 30), "Germany gains about USD 90 million, and a loss of up to USD 30 million"),
    ],
)  # fmt: skip
def test_a_band_in_words(figure, words):
    assert loss_words("Germany", figure, None).startswith(words)


@pytest.mark.parametrize(("least", "side"), [(-9.0, 0.0), (-90.0, -1.0)])
def test_a_gain_is_told_only_where_the_draws_show_one_that_could_be_measured(least, side):
    """Small beside USD 10 million, though far above a thousandth of what is at stake: figure, words and table agree."""
    drawn = np.r_[20.0, np.full(40, least), np.linspace(5, 120, 161)]
    made = Sample(
        drawn, "USD million", "2023", "loss", counted=Measured(state="KOR"), past=Past("", at_stake={"KOR": 500.0})
    )
    figure = made.figure(frozenset(), True)
    assert figure.draws_low == least and (figure.low == side if side == 0 else figure.low < -SMALL)
    assert ("a gain" in spoken.shown(figure)) == (side != 0)
    assert words.interval(figure).startswith("(0 to") == (side == 0)
    assert ("gain" in loss_words("Korea", figure, None)) == (side != 0)


def test_no_ending_is_favoured_where_several_are_level():
    four = {"target_concedes": 0.246, "sender_concedes": 0.225, "open": 0.223, "settlement": 0.212, "faded": 0.09}
    assert level_endings(four) == ["target_concedes", "sender_concedes", "open", "settlement"]
    assert level_endings(four | {"open": 0.4}) == ["open"]
