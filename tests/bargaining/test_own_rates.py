"""A case may bring hazards of its own: `hazards = "rates.csv"` in [dispute]."""

import shutil
from importlib.resources import as_file, files

import numpy as np
import pytest

import geoecon as ge


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ge.load_case("japan-korea-2019").folder, tmp_path / "case")
    return tmp_path / "case"


def with_rates(folder, content):
    (folder / "rates.csv").write_text(content, encoding="utf-8")
    path = folder / "case.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[dispute]\n", '[dispute]\nhazards = "rates.csv"\n', 1))
    return ge.load_case(folder)


def endings(case):
    found = ge.run(case, draws=20, until="bargaining").bargaining.predictions()
    return {key: values for key, values in found.items() if key[0] == "ending_probability"}


def test_the_rates_that_ship_given_as_ones_own_change_nothing(folder):
    with as_file(files("geoecon.hazards") / "rates.csv") as shipped:
        own = endings(with_rates(folder, shipped.read_text(encoding="utf-8")))
    base = endings(ge.load_case("japan-korea-2019"))
    assert own.keys() == base.keys() and len(own) > 0
    assert all(np.array_equal(own[key], base[key]) for key in own)


def test_a_file_that_is_none_is_refused(folder):
    with pytest.raises(ge.InputError, match=r"rates\.csv"):
        endings(with_rates(folder, "state,cause\nthreat,deal\n"))
