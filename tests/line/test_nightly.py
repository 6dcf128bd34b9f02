"""What takes hours in all: every case at 200 draws. `make nightly` runs it."""

import pytest

import geoecon as ge
from geoecon.line import Memo


@pytest.mark.nightly
@pytest.mark.parametrize("name", ge.cases())
def test_every_case_at_200_draws(name):
    memo = Memo()
    told = ge.run(ge.load_case(name), memo=memo)
    assert told.draws == 200 and told.failed == {}
    for key, figure in told.figures().items():
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high and figure.low < figure.high, key
    asked = ge.what_if(told, memo=memo)
    assert all(row.fault == "" for row in asked.rows)
