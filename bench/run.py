"""Whole commands against an older commit, in one run on one machine: processor time and memory.

    python bench/run.py                    # against 5a7523e, built beside this tree with git
    python bench/run.py --draws 20         # quicker

Both sides compile their bytecode first, run once to fill numba's caches, and then count, by turns. Ratio above 1:
faster now; GB are 1e9 bytes at the peak. Below the table: what the draws and the what-ifs of a run cost, and what each
side's run answers, so that a run that leaves a stage out cannot count as fast.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from beside import OLD, both, counted

CASE = "japan-korea-2019"
ITEM = ["--from", "JPN", "--to", "KOR", "--item", "photoresist", "--on", "2019-07-05"]
HELD = ("trade", "scan", "precedents", "controls", "catchup", "disruption", "welfare", "losses", "alliance",
        "bargaining", "tracks", "evidence")  # fmt: skip
FILES = ("report.html", "figures.html", "brief.md", "cite.bib", "tables/trade.csv", "tables/what_if.csv")


def commands(draws: int) -> dict[str, list[str]]:
    return {
        "run, 2 draws": ["run", CASE, "--draws", "2", "--no-what-if"],
        "run, no what-if": ["run", CASE, "--draws", str(draws), "--no-what-if"],
        "run": ["run", CASE, "--draws", str(draws)],
        "evidence": ["evidence", "--draws", "40"],
        "licence": ["licence", CASE, *ITEM],
        "--help": ["--help"],
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=500)
    asked.add_argument("--old", default=OLD)
    asked.add_argument("--only", help="one of the commands; with run, those that part its cost")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as place, both(chosen.old) as sides:
        print(f"{'':<18}{'old s':>8}{'new s':>8}{'ratio':>7}{'old GB':>9}{'new GB':>9}")
        spent: dict[str, float] = {}
        for name, words in commands(chosen.draws).items():
            if chosen.only not in (None, name) and not (chosen.only == "run" and name.startswith("run")):
                continue
            found = {}
            for side, source in sides.items():
                where = ["--out", str(Path(place) / side)] if words[0] == "run" else []
                if words[0] == "run":
                    counted(source, ["-m", "geoecon", *words[:3], "2", *words[4:], *where])
                found[side] = counted(source, ["-m", "geoecon", *words, *where])
            (old, before), (new, now) = found["old"], found["new"]
            spent[name] = new
            print(f"{name:<18}{old:>8.1f}{new:>8.1f}{old / new:>7.2f}{before:>9.3f}{now:>9.3f}", flush=True)
        if "run" in spent:
            draws = spent["run, no what-if"] - spent["run, 2 draws"]
            others = spent["run"] - spent["run, no what-if"]
            print(f"new: {chosen.draws} draws {draws:.1f} s, the what-ifs {others:.1f} s (to be less)")
        for side in sides:
            told(side, Path(place) / side)


def told(side: str, folder: Path) -> None:
    """What a run answers: figures by stage, and the files that it wrote."""
    if not (folder / "assessment.json").is_file():
        return
    kept = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    counts = {stage: len(figures) for stage, figures in kept["figures"].items()}
    print(f"{side}: figures of " + ", ".join(f"{stage} {counts.get(stage, 0)}" for stage in HELD))
    print(f"{side}: wrote " + ", ".join(name for name in FILES if (folder / name).is_file()))


if __name__ == "__main__":
    main()
