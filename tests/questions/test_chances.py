"""Chances that were said beside what came."""

import numpy as np
import pandas as pd
import pytest

from geoecon import spoken
from geoecon.questions.calibrated import chances
from geoecon.questions.ranks import noise


def test_a_bound_that_held_is_a_stop_that_did_not_come():
    scores = pd.DataFrame(
        [
            ("a", "first_shortage_day", "censored", 0.95, np.nan, "scored"),
            ("b", "worst_output_month", "censored", 0.5, np.nan, "scored"),
            ("b", "length_months", "censored", 0.5, np.nan, "scored"),  # a bound of another kind
            ("b", "ending_probability", "event", 0.8, 1.0, "scored"),
            ("c", "ending_probability", "event", 0.9, 0.0, "scored"),
            ("c", "ending_probability", "event", np.nan, 1.0, "no forecast"),
            ("c", "gdp_change", "observed", np.nan, 1.0, "scored"),
        ],
        columns=["case", "metric", "kind", "probability", "observed", "state"],
    )
    table = chances(scores).set_index(["of", "said"])
    assert list(table["forecasts"]) == [1, 1, 2]
    assert table.loc[("a stop or a fall", "to 10 %"), "mean said"] == pytest.approx(0.05)
    assert table.loc[("a stop or a fall", "33 to 67 %"), "came"] == 0
    ending = table.loc[("an ending", "above 67 %")]
    assert ending["came"] == 0.5
    assert ending["Brier score"] == pytest.approx((0.04 + 0.81) / 2)


def test_a_band_that_tells_no_side_gives_no_size():
    assert "not even the sign is known" in spoken.cost(4e3, -58e3, 66e3)
    assert spoken.of_either_sign(-58e3, 66e3) and not spoken.of_either_sign(-2e3, 66e3)
    assert not spoken.of_either_sign(-5.0, 5.0)  # less than is told
    assert spoken.cost(30e3, -2e3, 66e3).startswith("USD 30 billion")


def test_what_chance_alone_gives_grows_with_what_was_tried():
    assert noise(41, 1) == pytest.approx(0.096, abs=1e-3)  # |rho| of about 2/sqrt(40)
    rng, largest = np.random.default_rng(1), []
    for _ in range(200):
        ranks = np.argsort(rng.random((101, 40)), axis=1)
        largest.append((np.corrcoef(ranks)[0, 1:] ** 2).max())
    assert np.mean(np.array(largest) > noise(41, 100)) < 0.1
