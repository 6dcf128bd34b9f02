"""Conditions and gaps, counted in one compiled pass, are those that numpy's own comparisons give."""

import numpy as np
import pytest

from geoecon.indicators import presets, row_tests

NUMBERS = np.array([np.nan, 0.0, 0.4, 0.4 * (1 + 1e-13), 0.4 * (1 + 1e-11), 0.36, 0.44, 0.45, 1.0, np.inf])


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 200])
def test_each_known_number_has_its_bit(rows):
    numbers = np.resize(NUMBERS, rows)
    bits = np.full(-(-rows // 8), 255, dtype=np.uint8)
    assert row_tests.known(numbers, bits) == (~np.isnan(numbers)).sum()
    assert bits.tolist() == np.packbits(~np.isnan(numbers), bitorder="little").tolist()


@pytest.mark.parametrize("preset", ["ec2021", "geodep", "pc2021", "crm2023", "merics"])
def test_a_preset_holds_where_every_condition_does(preset):
    """Not known only where nothing that is known fails and something is not."""
    rng = np.random.default_rng(4)
    columns = {c.indicator: rng.choice(NUMBERS, 4000) for c in presets.criteria(preset)}
    columns |= {"imports": rng.choice(NUMBERS[:-1], 4000), "exports": rng.choice(NUMBERS[:-1], 4000)}
    found = presets.evaluate(columns, [preset])
    assert list(found) == [preset, f"{preset}_lower", f"{preset}_higher"]
    for suffix, shift in presets.SHIFTS.items():
        holds, fails = np.ones(4000, dtype=bool), np.zeros(4000, dtype=bool)
        for c in presets.criteria(preset):
            left, right = columns[c.indicator], np.ones(4000)
            if c.indicator == "mx_ratio":
                left, right = np.where(columns["imports"] > 0, columns["imports"], np.nan), columns["exports"]
            bound = right * c.bound(shift)
            above = left > bound * (1 + 1e-12)
            passed = above if c.side == "above" else left >= bound * (1 - 1e-12)
            holds &= passed
            fails |= ~passed & ~np.isnan(left) & ~np.isnan(right)
        yes, told = found[preset + suffix]
        assert (yes == holds).all() and (told == (holds | fails)).all() and 0 < told.sum() < 4000
