"""The published data of Caliendo & Parro 2015 and their NAFTA experiment, for tests and benches."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoecon.costs import Model, Shock, published_model, solve

DATA = Path(__file__).parent / "data"
COUNTRIES = list(pd.read_csv(DATA / "caliendo_parro_2015_all.csv")["country"])
NAFTA = ("Mexico", "Canada", "USA")


@cache
def published() -> dict[str, Any]:
    with np.load(DATA / "caliendo_parro_2015.npz") as packed:
        return dict(packed)


@cache
def base_1993() -> Model:
    """The base of 1993 with its deficits."""
    d = published()
    theta = np.concatenate([d["elasticity"], np.full(20, np.nan)])  # not traded: none
    return published_model(
        d["trade"], d["tariffs1993"], d["output"], d["value_added_share"], d["input_share"], theta, COUNTRIES
    )


@cache
def balanced_1993() -> Model:
    """The base without deficits, from which the paper's counterfactual starts."""
    model = base_1993()
    return solve(model, Shock.none(model).with_deficits(model, "closed"), tolerance=1e-11).rebased()


def nafta_tariffs(model: Model) -> Any:
    """(j, n, i) factors: 2005 among the three, 1993 elsewhere."""
    new = model.tariff.copy()
    rates = published()["tariffs2005"]
    places = [COUNTRIES.index(name) for name in NAFTA]
    for n in places:
        for i in places:
            if n != i:
                new[:20, n, i] = 1 + rates[:, n, i] / 100
    return new


def nafta_shock(model: Model) -> Shock:
    return replace(Shock.none(model), tariff=nafta_tariffs(model))
