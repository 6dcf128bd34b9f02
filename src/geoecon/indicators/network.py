"""Fragility of the world market of a product as a network: centrality, clustering, substitutability."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.flows import COLUMNS, read_flows, unspecified_product

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.flows import FileReading, Flows
    from geoecon.kinds import Rows


Array = NDArray[np.float64]


def network(
    flows: Rows | Flows,
    *,
    period: str | None = None,
    product: str | Iterable[str] | None = None,
    **reading: Unpack[FileReading],
) -> pd.DataFrame:
    """The three components of Korniyenko, Pinat & Dew (2017) for every product of a period.

    `outdegree_centrality`: standard deviation over countries of the share in world exports times the number of
    countries (0 for equal exporters). `clustering`: mean clustering of importers, weighted by trade (Onnela et al.
    2005). `substitutability`: effective number of exporters. Risky products have high, high and low
    values. Further arguments are those of `read_flows`.
    """
    known = read_flows(flows, **reading)
    wanted = period or known.level()[-1]
    rows = known.select(period=wanted, product=product).frame.select(*COLUMNS).filter(~unspecified_product())
    table = rows.collect().to_pandas()
    found = []
    for code, part in table.groupby("product"):
        places = {name: k for k, name in enumerate(sorted({*part["exporter"], *part["importer"]}))}
        trade = np.zeros((len(places), len(places)))
        np.add.at(trade, (part["exporter"].map(places).to_numpy(int), part["importer"].map(places).to_numpy(int)),
                  part["value_usd"].fillna(0).to_numpy(float))  # fmt: skip
        found.append({"period": wanted, "product": code, "countries": len(places), **fragility(trade)})
    return pd.DataFrame(found)


def fragility(trade: Array) -> dict[str, float]:
    """The three components of one market from its trade matrix (n, n): exporter in rows, importer in columns."""
    total = trade.sum()
    if total <= 0:
        return {"outdegree_centrality": np.nan, "clustering": np.nan, "substitutability": np.nan}
    share = trade.sum(axis=1) / total
    return {
        "outdegree_centrality": float(np.std(share * len(share))),
        "clustering": float(clustering(trade)),
        "substitutability": float(1 / np.sum(share**2)),
    }


def clustering(trade: Array) -> float:
    """Mean weighted clustering of the undirected trade network: geometric means of triangles over possible ones."""
    both = trade + trade.T
    root = np.cbrt(both / both.max())
    degree = (both > 0).sum(axis=1)
    triangles = np.einsum("ij,jk,ki->i", root, root, root, optimize=True)
    possible = degree * (degree - 1)
    return float(np.mean(np.divide(triangles, possible, out=np.zeros(len(possible)), where=possible > 0)))
