"""Student's t and the Beta by special functions against SciPy's statistics package."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaincinv
from scipy.stats import beta, t

from geoecon.episodes import depth
from geoecon.past_error import student

LEVELS = np.linspace(0.001, 0.999, 201)


@pytest.mark.parametrize("freedom", [2.0, 3.0, 4.5, 30.0, np.inf])
def test_the_t_is_that_of_scipy(freedom):
    x = np.linspace(-12, 12, 301)
    assert student.t_quantile(LEVELS, freedom) == pytest.approx(t.ppf(LEVELS, freedom), rel=1e-9, abs=1e-12)
    assert student.t_density(x, freedom) == pytest.approx(t.pdf(x, freedom), rel=1e-10)


@pytest.mark.parametrize("shapes", [(4.0, 1.0), (0.4, 7.0), (0.3, 0.3)])
def test_the_beta_is_that_of_scipy(shapes):
    from geoecon.episodes.depth import _density

    assert betaincinv(*shapes, LEVELS) == pytest.approx(beta.ppf(LEVELS, *shapes), rel=1e-9)
    assert _density(LEVELS, *shapes) == pytest.approx(beta.pdf(LEVELS, *shapes), rel=1e-10)


def test_a_depth_is_drawn_between_nothing_and_all():
    drawn = depth("2013-12-31").draws(500)
    assert drawn.min() >= 0 and drawn.max() <= 1
