"""One small run whose charts and pictures are looked at."""

from __future__ import annotations

import pytest

import geoecon as ge


@pytest.fixture(scope="session")
def assessment():
    return ge.run(ge.load_case("japan-korea-2019"), draws=5, seed=2)


@pytest.fixture(scope="session")
def stages(assessment):
    return assessment.results
