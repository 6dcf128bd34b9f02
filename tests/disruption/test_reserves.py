"""Strategic stocks: what is let go is what was put by, in its days; it carries the users and then it is gone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.disruption import Materials, material_path
from geoecon.disruption.reserves import released
from geoecon.errors import InputError


def path(flow, days=400, **known):
    return material_path(np.full((1, days, 1), flow), Materials.of(**known))


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 300), st.floats(0, 200), st.floats(1, 200))
def test_all_that_was_put_by_is_let_go_within_its_days(days, lag, over):
    known = Materials.of(reserve_days=days, reserve_lag_days=lag, reserve_release_days=over)
    since = np.arange(-20.0, 500)[None, :, None]
    given_out = released(known, since)
    assert given_out.sum() == pytest.approx(days, abs=1e-9)
    assert (given_out[since < lag - 1] == 0).all() and (given_out[since >= lag + over] == 0).all()


def test_without_a_strategic_stock_nothing_changes():
    plain = path(0.3, need_share=0.6, stock_days=20, alternative=0.1, lag_days=50, ramp_days=60)
    same = path(0.3, need_share=0.6, stock_days=20, alternative=0.1, lag_days=50, ramp_days=60, reserve_days=0)
    np.testing.assert_array_equal(plain.use, same.use)


def test_rigid_users_live_on_it_while_it_lasts():
    """The only supplier stops, nothing replaces the material, no stock: use is what is let go, day by day."""
    found = path(0.0, reserve_days=50, reserve_lag_days=30, reserve_release_days=50).use[0, :, 0]
    assert found[:29] == pytest.approx(0, abs=1e-6)
    assert found[30:79] == pytest.approx(1)
    assert found[81:] == pytest.approx(0, abs=1e-6)
    half = path(0.0, reserve_days=50, reserve_lag_days=0, reserve_release_days=100).use[0, :, 0]
    assert half[1:99] == pytest.approx(0.5)


def test_it_comes_on_top_of_others_and_more_of_it_loses_less():
    known = dict(need_share=0.8, alternative=0.3, lag_days=0, ramp_days=1, reserve_lag_days=0, reserve_release_days=100)
    found = path(0.0, reserve_days=20, **known).use[0, :, 0]
    assert found[2:98] == pytest.approx(0.2 + 0.3 + 0.2)
    losses = [path(0.0, reserve_days=days, **known).loss.sum() for days in (0, 10, 20, 40, 80)]
    assert (np.diff(losses) < 0).all()


def test_a_release_of_no_days_is_refused():
    with pytest.raises(InputError, match="reserve_release_days 0; allowed: a number above 0"):
        Materials.of(reserve_days=10, reserve_release_days=0)
