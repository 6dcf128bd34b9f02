"""Reader of the published layout of Caliendo & Parro's data (numbers only, no headers)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geoecon.costs.model import Model, model_from_flows
from geoecon.draws import Array
from geoecon.errors import InputError


def read_blocks(path: Path, sectors: int, regions: int) -> Array:
    """(j, n, i) from `sectors` blocks of importers (rows) by exporters (columns)."""
    values = np.loadtxt(path)
    if values.shape != (sectors * regions, regions):
        raise InputError(f"{path.name}: {values.shape} numbers; allowed: {(sectors * regions, regions)}")
    return np.asarray(values.reshape(sectors, regions, regions))


def read_published(folder: Path, regions: Sequence[str]) -> Model:
    """The base from the files as published: xbilat1993, tariffs1993, GO, B, IO and T, each .txt.

    T has the elasticities of the traded sectors; the others are not traded and have none.
    """
    N = len(regions)
    output = np.loadtxt(folder / "GO.txt")
    J, given = len(output), np.loadtxt(folder / "T.txt")
    T = len(given)
    theta = np.concatenate([given, np.full(J - T, np.nan)])
    return published_model(
        read_blocks(folder / "xbilat1993.txt", T, N), read_blocks(folder / "tariffs1993.txt", T, N), output,
        np.loadtxt(folder / "B.txt"), np.loadtxt(folder / "IO.txt").reshape(N, J, J), theta, regions,
    )  # fmt: skip


def published_model(
    trade: Array,
    tariff_percent: Array,
    output: Array,
    value_added_share: Array,
    input_share: Array,
    elasticity: Array,
    regions: Sequence[str],
    sources: frozenset[str] = frozenset(),
    notes: tuple[str, ...] = (),
) -> Model:
    """The base of 1993 as the paper builds it.

    trade (traded sectors, n, i) thousand USD at the border; tariff_percent the same shape; output (j, n) USD;
    value_added_share (j, n); input_share (n, k, j). Output below exports is raised to exports, sectors beyond the
    traded ones are sold at home alone, and final shares are what inputs leave, not below zero, as in the paper.
    """
    J, N = output.shape
    T = len(trade)
    own = np.arange(N)
    flows = np.zeros((J, N, N))
    flows[:T] = trade * 1000
    flows[:, own, own] = 0
    exports = flows.sum(axis=1)
    made = np.maximum(output, exports)
    flows[:, own, own] = made - exports
    tariff = np.ones((J, N, N))
    tariff[:T] += tariff_percent / 100
    tariff[:, own, own] = 1
    spending = (flows * tariff).sum(axis=2).T
    B = value_added_share.T
    final = spending - np.einsum("nkj,nj->nk", input_share, (1 - B) * made.T)
    final = np.maximum(final, 0)
    sectors = tuple(f"sector {number}" for number in range(1, J + 1))
    return model_from_flows(
        flows, regions, sectors, elasticity, tariff=tariff, value_added_share=B, input_share=input_share,
        final_share=final / final.sum(axis=1, keepdims=True), allow_no_own_sales=True, unit="USD", period="1993",
        sources=sources, notes=notes,
    )  # fmt: skip
