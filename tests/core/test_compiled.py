"""Logarithm and exponential in vectors against fifty digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

import geoecon as ge
from geoecon import compiled
from geoecon.disruption import kernel


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


def test_the_economy_by_day_is_compiled_once_for_every_case():
    """Another layout of an array is another form, of seconds of compiling: a few draws, a question, two senders."""
    for case in ("japan-korea-2019", "russia-germany-gas-2022"):
        ge.disrupt(case, draws=2)
    ge.ask("China stops graphite to Korea", draws=2)
    assert len(kernel.course.signatures) == 1
