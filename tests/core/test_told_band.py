"""One rule for the band of a loss as it is told, at every door."""

import pytest

from geoecon import spoken
from geoecon.dispute import level_endings
from geoecon.figure import Figure
from geoecon.questions.message import loss_words


def lost(value, low, high, draws_low=None, draws_high=None):
    return Figure(value, "USD million", "two years", low=low, high=high, draws_low=draws_low, draws_high=draws_high)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (lost(18, -76, 330, 0.2, 150), "Germany loses little: about USD 18 million, at most USD 330 million eight"),
        (lost(18, -300, 330, 0.2, 150), "Germany loses little: about USD 18 million, at most USD 330 million eight"),
        (lost(18, -300, 330, -40, 150), "what Germany loses is too uncertain to give"),
        (lost(5.8, -2, 330), "Germany loses little: less than USD 10 million, at most USD 330 million"),
        (lost(5.8, -2, 9), "Germany loses less than USD 10 million"),
        (lost(4400, -900, 60000, 5, 9000), "Germany loses about USD 4.4 billion, between nothing and USD 60 billion"),
        (lost(0, 0, 0.1), "Germany loses nothing one could measure"),
        (lost(900, -200, 2000, 300, 1500), "Germany loses about USD 900 million, between nothing and USD 2 billion"),
        (lost(-90, -200, 30, -150, 20), "Germany gains about USD 90 million, and a loss of up to USD 30 million"),
    ],
)  # fmt: skip
def test_a_gain_is_told_only_where_the_draws_show_one(figure, words):
    assert loss_words("Germany", figure, None).startswith(words)


def test_a_number_and_its_sentence_begin_at_the_same_end():
    figure = lost(18, -76, 330, 0.2, 150)
    assert spoken.told_of(figure) == (18, 0, 330)
    assert "gain" not in spoken.shown(figure) and "gain of USD 76" in spoken.shown(lost(18, -76, 330, -40, 150))


def test_no_ending_is_favoured_where_several_are_level():
    four = {"target_concedes": 0.246, "sender_concedes": 0.225, "open": 0.223, "settlement": 0.212, "faded": 0.09}
    assert level_endings(four) == ["target_concedes", "sender_concedes", "open", "settlement"]
    assert level_endings(four | {"open": 0.4}) == ["open"]
