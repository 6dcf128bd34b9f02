import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.figure import Figure, cite, derived, in_runs, number, own_sources


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.14444, "0.144"),
        (-0.31, "−0.31"),
        (1234.5, "1\u2009230"),
        (8_400_000_000, "8\u2009400\u2009000\u2009000"),
        (0, "0"),
        (None, "unknown"),
        (float("nan"), "unknown"),
        (float("inf"), "∞"),
        (999.9, "1\u2009000"),
        (0.00001234, "1.23e−05"),
    ],
)
def test_number_has_three_digits_thin_spaces_and_a_true_minus(value, text):
    assert number(value) == text


def test_a_figure_prints_value_band_unit_and_its_doubt():
    figure = Figure(-0.144, "%", "2019", frozenset({"A study"}), False, -0.31, -0.02)
    assert str(figure) == "−0.144 (−0.31 to −0.02) % [unverified]"
    assert "A study" in figure.footnote()
    assert "not seen" in figure.footnote()


def test_unknown_is_not_zero():
    assert str(Figure(None, "%", "2026")) == "unknown %"


sources = st.frozensets(st.text(min_size=1, max_size=5), max_size=3)
figures = st.builds(Figure, st.floats(allow_nan=False), st.just("USD"), st.just("2019"), sources, st.booleans())


@given(st.lists(figures, min_size=1, max_size=5))
def test_a_derived_figure_unites_sources_and_is_verified_only_if_all_are(inputs):
    result = derived(1.0, "USD", "2019", *inputs)
    assert result.sources == frozenset().union(*(figure.sources for figure in inputs))
    assert result.verified == all(figure.verified for figure in inputs)


@given(st.floats(min_value=-1e12, max_value=1e12).filter(lambda value: abs(value) > 1e-3))
def test_printed_numbers_are_right_to_three_digits(value):
    printed = float(number(value).replace("\u2009", "").replace("−", "-"))
    assert math.isclose(printed, value, rel_tol=6e-3)


def test_every_source_of_ours_has_a_citation():
    assert all(row["citation"].strip() for row in own_sources().values())
    with pytest.raises(KeyError):
        cite("no-such-paper")


def test_a_single_run_is_the_one_run():
    assert [in_runs(1, 1), in_runs(0, 1)] == ["in the one run", "not in the one run"]
    assert [in_runs(3, 3), in_runs(0, 3), in_runs(2, 3)] == ["in all 3 runs", "in none of 3 runs", "in 2 of 3 runs"]
