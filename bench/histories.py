"""The bars of the ten histories from one command: what must lie in a band, who holds a weapon, how many are forecast.

    python bench/histories.py [--draws 200]

Every forecast is blind and told no outcome; the past error in a band is that of the other cases.
"""

from __future__ import annotations

import argparse

import numpy as np

import geoecon as ge
from geoecon.capacity import shocks
from geoecon.draws import sample
from geoecon.questions import Evidence, evidence
from geoecon.scorecard import SCORED, past_bands

HANDED = ("china-rare-earths-2025", "china-graphite-2023", "indonesia-nickel-2020", "gulf-qatar-2017",
          "china-korea-thaad-2017")  # fmt: skip
Row = tuple[str, str, str, bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    draws = parser.parse_args().draws
    found = [evidence(name, draws=draws, conditions=["known"]) for name in HANDED]
    of = dict(zip(HANDED, found, strict=True))
    rows = [
        *_all_cases(),
        _forecast(found),
        _thaad(draws),
        _shares(of["gulf-qatar-2017"], "Qatar: shares of 2018 to 2020", ("2018", "2019", "2020")),
        _shares(of["indonesia-nickel-2020"], "nickel ore: share two years later", ("2022", "2021")),
        _magnets(of["china-rare-earths-2025"]),
    ]
    print("| bar | reached | must | met |\n|---|---|---|---|")
    for bar, reached, must, met in rows:
        print(f"| {bar} | {reached} | {must} | {'yes' if met else 'no'} |")
    for one in found:
        print(f"{one.trials[0].case}: no better than no change: {', '.join(one.without_skill()) or 'no class'}; "
              f"without a forecast: {one.unforecast() or 'none'}")  # fmt: skip


def _all_cases() -> list[Row]:
    """As the last `make errors` found them: measured outcomes of all cases, each judged by the others."""
    table = past_bands()
    held = float(table["inside"].mean())
    score, alone = float(table["score"].mean()), float(table["score_draws"].mean())
    told = f"{int(table['inside'].sum())} of {len(table)}, {held:.1%}"
    return [
        ("all ten cases: in the 80 % band, blind, case left out", told, "75 to 87 %", 0.75 <= held <= 0.87),
        ("their interval score", f"{score:.2f}", f"below {alone:.2f} of the draws alone", score < alone),
    ]


def _forecast(found: list[Evidence]) -> Row:
    """Outcomes of the handed five with a forecast on some day."""
    coded = with_one = 0
    for one in found:
        table = one.to_frame()
        table = table[table["kind"] != "unknown"]
        states = table.groupby("outcome_id")["state"].agg(set)
        coded += len(states)
        with_one += int(states.map(lambda seen: SCORED in seen).sum())
    return (
        f"outcomes with a forecast, of the {coded} coded in the handed five",
        str(with_one),
        "at least 120",
        with_one >= 120,
    )


def _thaad(draws: int) -> Row:
    """The tour stop of the sender: whose weapon it is, and what welfare and the day model make of it alone."""
    case = ge.load_case("china-korea-thaad-2017")
    case = case.at(case.cutoffs[-1])
    held = {shock.by for shock in shocks(case, sample(case.parameters)) if shock.instrument == "tourism"}
    done = ge.run(case, draws=draws, until="welfare")
    year = done.results["disruption"].figures()[f"gdp_change_1y.{case.target}"].value
    first = {key: f.value for key, f in done.results["welfare"].figures().items() if case.target in key}
    short = next(value for key, value in first.items() if "first" in key or "1y" in key or "year" in key)
    same = bool(np.sign(year) == np.sign(short)) and 1 / 10 < abs(year / short) < 10
    told = f"{', '.join(sorted(held))}; day model {year:.3f} %, welfare {short:.3f} %"
    return "THAAD: who holds the tour stop; both accounts of the first year", told, "CHN; one sign, one order", (
        held == {case.sender} and same)  # fmt: skip


def _shares(found: Evidence, bar: str, years: tuple[str, ...]) -> Row:
    table = found.to_frame()
    mine = table[(table["metric"] == "dependence_share") & (table["state"] == SCORED)]
    mine = mine[mine["of"].str.partition("@")[2].isin(years)].drop_duplicates("outcome_id")
    inside = int(mine["past_inside"].astype(bool).sum())
    return bar, f"{inside} of {len(mine)} inside", "inside", len(mine) > 0 and inside == len(mine)


def _magnets(found: Evidence) -> Row:
    table = found.to_frame()
    mine = table[(table["metric"] == "first_shortage_day") & (table["of"] == "ndfeb_magnets")]
    mine = mine[mine["state"] == SCORED].drop_duplicates("outcome_id")
    inside = int(mine["past_inside"].astype(bool).sum())
    middle = ", ".join(f"{value:.0f}" for value in mine["median"]) if "median" in mine else ""
    return "magnets: first plant stop (seen 43 to 52)", f"{inside} of {len(mine)} inside; middle {middle}", "inside", (
        len(mine) > 0 and inside == len(mine))  # fmt: skip


if __name__ == "__main__":
    main()
