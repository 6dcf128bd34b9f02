"""Logarithm and exponential in vectors against fifty digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from geoecon import compiled


def test_exponential_to_the_last_digits():
    rng = np.random.default_rng(3)
    for x in [0.0, 1.0, -1.0, 699.0, -699.0, *rng.uniform(-40, 40, 300)]:
        with localcontext() as context:
            context.prec = 50
            assert compiled.exp(x) == pytest.approx(float(Decimal(x).exp()), rel=5e-16)


def test_logarithm_to_the_last_digits():
    rng = np.random.default_rng(4)
    some = [*np.exp(rng.uniform(-40, 40, 300)), *rng.uniform(0.5, 2, 300)]
    for x in [1.0, 2.0, 1e-300, 1e300, 1 - 2**-53, 1 + 2**-52, *some]:
        with localcontext() as context:
            context.prec = 50
            assert compiled.log(x) == pytest.approx(float(Decimal(x).ln()), rel=5e-16, abs=1e-300)
