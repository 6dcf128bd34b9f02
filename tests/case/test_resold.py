"""What is lost to an instrument is partly sold elsewhere, after a while: never more than was lost."""

from datetime import date

import numpy as np

import geoecon as ge
from geoecon import sample
from geoecon.capacity import shocks


def test_what_finds_other_buyers_grows_to_its_share_over_the_lag():
    case = ge.load_case("china-korea-thaad-2017")
    case = case.at(case.cutoffs[-1])
    draws = sample(case.parameters, 20, seed=4)
    found = shocks(case, draws)
    assert found
    for shock in found:
        path = shock.goes_elsewhere
        assert path.shape == (draws.n, case.horizon_days)
        assert (np.diff(path, axis=1) >= -1e-12).all() and (path >= 0).all() and (path <= 1).all()
        lag = draws.get("resold_lag_days", shock.product)
        row = next(row for row in case.settings["demand"] if row["id"] == shock.product)
        over = (date.fromisoformat(str(row["start"])) - case.start).days + np.ceil(lag).astype(int)
        of = shock.product if draws.has(f"resold_share.{shock.product}") else None
        whole = {tuple(draws.get("resold_share", of)), tuple(draws.get("resold_share", "services"))}
        reached = tuple(path[np.arange(draws.n), np.clip(over, 0, case.horizon_days - 1)])
        assert reached in whole
