"""The CES technology in vectors against exact arithmetic of fifty digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from geoecon.disruption import ces


def exact(m, a, sigma):
    """(Y, ln(P − 1)) in fifty digits."""
    with localcontext() as context:
        context.prec = 50
        m, a, sigma = Decimal(m), Decimal(a), Decimal(sigma)
        r = 1 - 1 / sigma
        log_y = a * m.ln() if sigma == 1 else (1 + a * ((r * m.ln()).exp() - 1)).ln() / r
        log_p = (log_y - m.ln()) / sigma
        return float(log_y.exp()), float((log_p.exp() - 1).ln())


@pytest.mark.parametrize("a", [1e-6, 0.01, 0.5, 0.99])
@pytest.mark.parametrize("sigma", [1e-3, 0.02, 0.3, 0.95, 1.0, 1.4, 5.0])
def test_output_and_premium(a, sigma):
    m = np.array([1e-6, 0.01, 0.2, 0.5, 0.77, 0.9, 0.99, 0.999, 1 - 1e-6])
    output, premium, each = np.empty(len(m)), np.empty(len(m)), np.empty(len(m))
    ces.outputs(m, len(m), a, sigma, output)
    ces.log_premiums(m, len(m), a, sigma, premium)
    ces.each_output(m, np.full(len(m), a), np.full(len(m), sigma), each)
    wanted, dear = np.array([exact(float(one), a, sigma) for one in m]).T
    np.testing.assert_allclose(output, wanted, rtol=1e-12)
    np.testing.assert_allclose(each, wanted, rtol=1e-12)
    np.testing.assert_allclose(premium, dear, rtol=1e-8)


def test_nothing_replaces_a_material_below_the_least_elasticity():
    m, out = np.array([0.0, 0.3, 1.0]), np.empty(3)
    ces.each_output(m, np.full(3, 0.01), np.zeros(3), out)
    assert out.tolist() == m.tolist()
