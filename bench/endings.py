"""How a dispute ends: the record of disputes beside the game, pressed and not; fit of the record. Ratios in one run."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import xarray as xr

import geoecon as ge
from geoecon import bargaining, hazards
from geoecon.dispute import LOSS_COORDS, LOSS_DIMS

DRAWS, GAMES, FITS = 500, 50, 20


def seconds(call, times=2):
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def losses(draws):
    shape = (draws, *(len(LOSS_COORDS[name]) for name in LOSS_DIMS[1:]))
    return SimpleNamespace(
        monthly=xr.DataArray(np.full(shape, 100.0), dims=LOSS_DIMS, coords=LOSS_COORDS), sources=frozenset()
    )


def main():
    case = ge.load_case("japan-korea-2019")
    case = case.at(case.cutoffs[0])
    many, few = (ge.sample(case.parameters, n) for n in (DRAWS, GAMES))
    record = seconds(lambda: bargaining.for_case(case, many))
    pressed = case.with_scenario(press="KOR:2022-05")
    game = seconds(lambda: bargaining.game_for_case(case, few, losses(GAMES + 1)))
    both = seconds(lambda: bargaining.game_for_case(pressed, few, losses(GAMES + 1)))
    freed = case.with_scenario(patron_moves="free")
    free = seconds(lambda: bargaining.game_for_case(freed, few, losses(GAMES + 1)))
    fit = seconds(lambda: hazards.fit_disputes(hazards.shipped(), FITS), 1)
    scaled = DRAWS / GAMES
    print(f"record of disputes, {DRAWS} draws: {record:.3f} s")
    print(f"the game, {DRAWS} draws: {game * scaled:.1f} s, {game * scaled / record:.0f} times as long")
    print(f"the game with Korea pressed from month 34: {both / game:.2f} times the game")
    print(f"the game with a patron free to press whom it likes, 1,080 positions: {free / game:.2f} times the game")
    print(f"fit of the record with 200 resampled fits: {fit * 200 / FITS:.0f} s")


if __name__ == "__main__":
    main()
