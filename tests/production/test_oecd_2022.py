"""Look-through reliance on the OECD's table of 2022 (80 regions, 50 sectors), as sanction-simulator 0.1.4 packs it.

Baldwin, Freeman & Theodorakopoulos 2023 find that the United States lean on Chinese inputs almost four times as much
as face value shows. Its npz keeps the table sector by sector: columns of A sum to one, omb is the share of inputs in
cost, go gross output.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from geoecon.production import IOTable, look_through

PRINTED = {"USA": (0.009, 0.037, 3.90), "DEU": (0.019, 0.069, 3.62), "JPN": (0.022, 0.087, 3.92),
           "KOR": (0.040, 0.164, 4.07)}  # fmt: skip


@pytest.fixture(scope="module")
def oecd() -> IOTable:
    found = find_spec("sanction_simulator")
    assert found is not None and found.origin is not None
    packed = np.load(Path(found.origin).parent / "data" / "bench_cache.npz")
    regions, sectors = (tuple(map(str, packed[name])) for name in ("countries", "sectors"))
    count = len(regions), len(sectors)
    order = np.arange(count[0] * count[1]).reshape(count[1], count[0]).T.ravel()  # to region by region
    x = packed["go"][order].astype(float)
    Z = (packed["A"] * packed["omb"])[np.ix_(order, order)] * x
    final = np.zeros((len(x), count[0], 1))
    final[np.arange(len(x)), np.repeat(np.arange(count[0]), count[1]), 0] = x - Z.sum(axis=1)
    return IOTable(Z, final, x, regions, sectors, ("final demand",), name="OECD 2022", sources=frozenset({"OECD"}))


@pytest.mark.parametrize("user", PRINTED)
def test_manufacturing_leans_on_china_four_times_as_much_as_it_seems(oecd, user):
    made = [sector for sector in oecd.sectors if sector.startswith("C")]
    parts = [look_through(oecd, user, "CHN", sector).by_sector.set_index("sector").loc[made] for sector in made]
    weight = np.array([oecd.x[oecd.index(user, sector)] for sector in made])
    face, look = (sum(part[name].fillna(0) for part in parts) @ weight / weight.sum() for name in
                  ("face_value", "look_through"))  # fmt: skip
    printed = PRINTED[user]
    assert face == pytest.approx(printed[0], abs=0.001) and look == pytest.approx(printed[1], abs=0.001)
    assert look / face == pytest.approx(printed[2], abs=0.01)  # to the last printed digit
