"""More draws than the memory holds are refused by a number, before anything is drawn or solved."""

import pytest

import geoecon as ge
from geoecon import draws, line
from geoecon.errors import InputError

CASE = "gulf-qatar-2017"


@pytest.mark.parametrize("door", [ge.run, ge.disrupt, ge.bargain, ge.what_if, ge.buffers, ge.uncertainty])
def test_far_too_many_draws_are_refused_before_any_is_drawn(door, monkeypatch):
    monkeypatch.setattr(draws, "stratified", lambda *_: pytest.fail("drawn"))
    with pytest.raises(InputError, match=r"draws 100000000; allowed: a whole number from 0 to 1,000,000"):
        door(CASE, draws=100_000_000)


def test_a_run_of_more_than_fits_names_the_verb_that_takes_them(monkeypatch):
    monkeypatch.setattr(line.stage, "AT_ONCE", 3)
    with pytest.raises(InputError, match=r"draws 4; allowed: at most 3 at once; `geoecon uncertainty` takes more"):
        ge.run(CASE, draws=4)
    assert ge.run(CASE, draws=3, until="trade").draws == 3


def test_a_seed_has_the_same_bound_at_every_door():
    with pytest.raises(InputError, match=r"seed 99999999999; allowed: a whole number from 0 to 2,147,483,648"):
        ge.run(CASE, draws=2, seed=99_999_999_999)
