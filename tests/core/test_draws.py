import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.draws import Draws, Parameter, band, interval, sample, stratified, triangular
from geoecon.errors import InputError
from geoecon.line import Recorded


def prior(name, low, central, high):
    return Parameter(name, low, central, high, "days", "a source", "2019-07", "seen")


def test_row_zero_is_central_and_draws_stay_inside():
    drawn = sample({"stock": prior("stock", 30, 60, 90)}, 500, seed=1)
    values = drawn.get("stock")
    assert drawn.n == 501
    assert values[0] == 60
    assert ((values >= 30) & (values <= 90)).all()
    assert values[1:].mean() == pytest.approx(60, abs=0.3)  # mean of the triangular: (30 + 60 + 90) / 3


def test_a_parameter_more_leaves_the_others_alone():
    one = sample({"a": prior("a", 0, 1, 2)}, 50, seed=3)
    two = sample({"b": prior("b", 0, 5, 9), "a": prior("a", 0, 1, 2)}, 50, seed=3)
    assert (one.get("a") == two.get("a")).all()


def test_the_seed_decides():
    assert (
        sample({"a": prior("a", 0, 1, 2)}, 9, 1).get("a") == sample({"a": prior("a", 0, 1, 2)}, 9, 1).get("a")
    ).all()
    assert (
        sample({"a": prior("a", 0, 1, 2)}, 9, 1).get("a") != sample({"a": prior("a", 0, 1, 2)}, 9, 2).get("a")
    ).any()


def test_the_special_name_wins_and_an_unknown_one_is_named():
    drawn = sample({"stock": prior("stock", 1, 2, 3), "stock.resist": prior("stock.resist", 7, 8, 9)})
    assert drawn.get("stock", "resist")[0] == 8
    assert drawn.get("stock", "film")[0] == 2
    with pytest.raises(InputError, match=r"no row for review\.film or review"):
        drawn.get("review", "film")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_triangular_is_the_inverse_of_its_distribution(a, b, c):
    low, mode, high = sorted((a, b, c))
    if high - low < 1e-6:
        return
    unit = np.linspace(0.01, 0.99, 21)
    x = triangular(unit, low, mode, high)
    left = np.divide((x - low) ** 2, (high - low) * (mode - low), out=np.zeros_like(x), where=(mode > low) & (x < mode))
    right = 1 - np.divide(
        (high - x) ** 2, (high - low) * (high - mode), out=np.zeros_like(x), where=(high > mode) & (x >= mode)
    )
    back = np.where(x < mode, left, right)
    assert np.allclose(back, unit, atol=1e-6)


def test_no_draws_no_band():
    central, low, high = band(np.array([[1.0, 2.0]]))
    assert list(central) == [1, 2]
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_the_band_leaves_the_central_row_out():
    values = np.concatenate([[1000.0], np.linspace(0, 1, 101)])
    assert band(values) == (pytest.approx(0.5), pytest.approx(0.1), pytest.approx(0.9))


def test_a_band_among_draws_that_never_end_is_never_and_not_missing():
    values = np.array([[5.0, np.inf], [1.0, np.inf], [2.0, np.inf], [np.inf, np.inf], [4.0, np.inf]])
    central, low, high = band(values)
    assert central.tolist() == [2.0, np.inf]
    assert low.tolist() == [1.0, np.inf]
    assert high.tolist() == [np.inf, np.inf]


def test_infinite_draws_of_one_column_leave_the_others_alone():
    column = np.linspace(0, 1, 11)
    both = np.stack([column, np.full(11, np.inf)], axis=1)
    assert [float(end[0]) for end in interval(both)] == [float(end) for end in interval(column)]


def test_the_strata_are_those_of_a_latin_hypercube() -> None:
    from scipy.stats import qmc

    for name, n, seed in (("inventory_days", 500, 3), ("inventory_days.photoresist", 7, 0), ("x", 1, 1)):
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        assert (qmc.LatinHypercube(d=1, rng=rng).random(n)[:, 0] == stratified(name, n, seed)).all()


def test_some_of_the_draws_read_only_what_is_asked_for() -> None:
    reads: set[tuple[str, str]] = set()
    values = Recorded({"a": np.arange(5.0), "b": np.arange(5.0) * 2}, "parameter", reads)
    few = Draws(values, {}, 0).only(slice(0, 3))
    assert few.n == 3 and not reads
    assert few.get("b").tolist() == [0, 2, 4] and reads == {("parameter", "b")}
    assert few.only(np.zeros(2, int)).get("b").tolist() == [0, 0]
