"""Shared pieces: a random game, losses made by hand, a case as known on the first of July 2019."""

from __future__ import annotations

from datetime import date

import pytest

from geoecon import load_case, sample


@pytest.fixture(scope="session")
def case():
    return load_case("japan-korea-2019").at(date(2019, 7, 1))


@pytest.fixture(scope="session")
def central(case):
    return sample(case.parameters, 0)
