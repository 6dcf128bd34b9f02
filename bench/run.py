"""Whole commands against an older commit, in one run on one machine: processor time and memory.

    python bench/run.py                    # against 5a7523e, built beside this tree with git
    python bench/run.py --draws 20         # quicker

Both sides compile their bytecode first, run once to fill numba's caches, and then count. Ratio above 1: faster now.
"""

from __future__ import annotations

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLD = "5a7523e"


def environment(source: Path) -> dict[str, str]:
    """Bytecode of the libraries too is written and read, for both sides in one place."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "PYTHONPATH": str(source),
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "geoecon-bench"),
    }


def counted(source: Path, arguments: list[str]) -> tuple[float, float]:
    """(processor seconds, peak GiB) of one command, measured in a child of its own so that peaks do not mix."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'geoecon', *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(source), text=True, capture_output=True, check=True
    )
    seconds, peak = map(float, done.stdout.split()[-2:])
    return seconds, peak / (2**30 if sys.platform == "darwin" else 2**20)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=500)
    asked.add_argument("--old", default=OLD)
    chosen = asked.parse_args()
    item = ["--from", "JPN", "--to", "KOR", "--item", "photoresist", "--on", "2019-07-05"]
    with tempfile.TemporaryDirectory() as place:
        beside, out = Path(place) / "old", Path(place)
        subprocess.run(["git", "worktree", "add", "--detach", str(beside), chosen.old], cwd=ROOT, check=True,
                       capture_output=True)  # fmt: skip
        try:
            sides = {"old": beside / "src", "new": ROOT / "src"}
            for source in sides.values():
                compileall.compile_dir(source, quiet=2)
            commands = {
                "run, no what-if": ["run", "japan-korea-2019", "--draws", str(chosen.draws), "--no-what-if"],
                "run": ["run", "japan-korea-2019", "--draws", str(chosen.draws)],
                "licence": ["licence", "japan-korea-2019", *item],
                "--help": ["--help"],
            }
            print(f"{'':<18}{'old s':>8}{'new s':>8}{'ratio':>7}{'old GiB':>9}{'new GiB':>9}")
            for name, words in commands.items():
                found = {}
                for side, source in sides.items():
                    where = ["--out", str(out / f"{side}-{len(name)}")] if words[0] == "run" else []
                    few = [word if word != str(chosen.draws) else "2" for word in words]
                    counted(source, [*few, *where])
                    found[side] = counted(source, [*words, *where])
                (old, before), (new, now) = found["old"], found["new"]
                print(f"{name:<18}{old:>8.1f}{new:>8.1f}{old / new:>7.2f}{before:>9.2f}{now:>9.2f}", flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(beside)], cwd=ROOT, check=False)


if __name__ == "__main__":
    main()
