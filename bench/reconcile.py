"""The same loss at three horizons for every shipped case, and what its own table and that of 2022 make of it.

    python bench/reconcile.py                 every case: the reconciliation table
    python bench/reconcile.py --tables        cases with a table of their own beside the world table of 2022
    python bench/reconcile.py --case NAME     one case; --draws 60

Blind at the first cut-off; gas as its measures came, as its outcomes are read.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

import geoecon as ge
from geoecon import line

TOLD = {"russia-germany-gas-2022": "observed", "china-korea-thaad-2017": "observed"}
SHOWN = ("direct_loss.1y", "direct_loss_share.1y", "import_bill_1y")


def solved(case: Any, draws: int) -> Any:
    return line.run(case, draws=draws, until="welfare")


def blind(name: str) -> Any:
    """A case at its first cut-off."""
    case = ge.load_case(name).with_scenario(measures=TOLD.get(name, "known"))
    return case.at(case.cutoffs[0])


def figures(done: Any, case: Any) -> dict[str, str]:
    """{what: median and band} of the target's losses."""
    said: dict[str, Any] = {}
    if "disruption" in done.results:
        said |= {key: done.disruption.figures()[key] for key in (*SHOWN, f"gdp_change_1y.{case.target}",
                                                                 f"income_change_1y.{case.target}")
                 if key in done.disruption.figures()}  # fmt: skip
    if "welfare" in done.results:
        found = done.welfare.figures()
        said |= {key: found[key] for key in (f"first_year.{case.target}", f"real_income.{case.target}",
                                             f"real_income.{case.sender}") if key in found}  # fmt: skip
    return {key: str(figure).replace(" [unverified]", "") for key, figure in said.items()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--tables", action="store_true", help="the case's own table beside the world table of 2022")
    asked.add_argument("--case", action="append", help="one case; may be given several times")
    asked.add_argument("--draws", type=int, default=60)
    given = asked.parse_args()
    for name in given.case or [str(case) for case in ge.cases()]:
        case = blind(name)
        done = solved(case, given.draws)
        print(f"\n== {name}")
        if not given.tables:
            if "welfare" in done.results:
                print(done.welfare.summary().to_string(index=False))
            for key, text in figures(done, case).items():
                print(f"{key:32} {text}")
            continue
        if not case.has("economy"):
            print("no table of its own: the world table of 2022 only")
            continue
        tables = {key: table for key, table in case.tables.items() if key != "economy"}
        own, world = figures(done, case), figures(solved(replace(case, tables=tables), given.draws), case)
        for key in own:
            print(f"{key:32} {own[key]:60} {world.get(key, '–')}")


if __name__ == "__main__":
    main()
