"""Small worlds for the welfare tests."""

from __future__ import annotations

import numpy as np

from geoecon.costs import Model, model_from_flows


def random_world(
    seed: int, regions: int = 4, sectors: int = 3, *, tariffs: bool = True, balanced: bool = False
) -> Model:
    """A world with inputs, tariffs and deficits whose base is an equilibrium."""
    rng = np.random.default_rng(seed)
    N, J = regions, sectors
    own = np.eye(N, dtype=bool)
    flows = rng.lognormal(0, 0.7, (J, N, N)) * np.where(own, 12, 1)
    if balanced:  # exports equal imports for every pair and sector
        flows = (flows + flows.transpose(0, 2, 1)) / 2
    tariff = 1 + np.where(own, 0, rng.uniform(0, 0.3, (J, N, N))) * tariffs
    B = rng.uniform(0.4, 0.7, (N, J))
    G = rng.dirichlet(np.ones(J), (N, J)).transpose(0, 2, 1)
    theta = rng.uniform(2, 8, J)
    names = [f"R{number}" for number in range(N)]
    goods = [f"S{number}" for number in range(J)]
    # spending must cover inputs: shrink the intermediate part where it does not
    spending = (flows * tariff).sum(axis=2).T
    while ((spending - np.einsum("nkj,nj->nk", G, (1 - B) * flows.sum(axis=1).T)) <= 0).any():
        B = 1 - (1 - B) * 0.8
    return model_from_flows(flows, names, goods, theta, tariff=tariff, value_added_share=B, input_share=G)
