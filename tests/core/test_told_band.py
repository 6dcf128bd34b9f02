"""One rule for the band of a loss as it is told, at every door: the figure's own."""

from types import SimpleNamespace

import numpy as np
import pytest

from geoecon import spoken
from geoecon.dispute import level_endings
from geoecon.figure import Figure
from geoecon.message import Findings
from geoecon.message.lead import futures
from geoecon.message.phrases import faults_of
from geoecon.past_error import Measured, Past
from geoecon.result import Sample
from geoecon.spoken import SMALL
from geoecon.views import words


def lost(value, low, high):
    return Figure(value, "USD million", "two years", low=low, high=high)


class Lost(Findings):
    """Findings of a loss alone: every run loses what the figure says, no material runs short."""

    def __init__(self, figure, who):
        super().__init__(SimpleNamespace(draws=20, told={}, results={}))
        lost = np.full(20, 1e6 * figure.value)
        middle = tuple(1e6 * one for one in (figure.value, figure.low, figure.high))
        vars(self).update(lost=lost, told_lost=lost + 1, middle=middle, chance=0.0, horizon_months=24.0, products={})
        vars(self)["who"] = who

    refuses, if_short = False, None

    def name(self, role):
        return self.who


def loss_words(who, figure):
    return futures(Lost(figure, who)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (lost(18, 0, 330), "Over two years Germany loses little: about USD 18 million, at most USD 330 million nine"),
        (lost(18, -300, 330), "Whether Germany loses or gains over two years cannot be told. A loss above USD 330"),
        (lost(5.8, -2, 330), "Over two years Germany loses little: less than USD 10 million, at most USD 330 million"),
        (lost(5.8, -2, 9), "Germany loses less than USD 10 million"),
        (lost(4400, 0, 60000), "Germany loses USD 4.4 billion over two years in the middle. Eight times in ten the "
         "loss lies between nothing and USD 60 billion"),
        (lost(0, 0, 0.1), "Germany loses nothing one could measure"),
        (lost(900, 0, 2000), "Germany loses USD 900 million over two years"),
        (lost(-90, -200, 30), "Germany gains USD 90 million over two years in the middle"),
    ],
)  # fmt: skip
def test_a_band_in_words(figure, words):
    said = loss_words("Germany", figure)
    assert said.startswith(words) and not faults_of(said, ["Germany"])


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
    assert ("gain" in loss_words("Korea", figure)) == (side != 0)


def test_no_ending_is_favoured_where_several_are_level():
    four = {"target_concedes": 0.246, "sender_concedes": 0.225, "open": 0.223, "settlement": 0.212, "faded": 0.09}
    assert level_endings(four) == ["target_concedes", "sender_concedes", "open", "settlement"]
    assert level_endings(four | {"open": 0.4}) == ["open"]
