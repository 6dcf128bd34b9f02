"""Small worlds for the welfare tests."""

from __future__ import annotations

import pytest
from costs_worlds import random_world

from geoecon.costs import Model


@pytest.fixture
def world() -> Model:
    return random_world(1)


@pytest.fixture
def balanced() -> Model:
    return random_world(2, tariffs=False, balanced=True)
