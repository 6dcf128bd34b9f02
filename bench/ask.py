"""A question against the whole worked case of an older commit: processor seconds cold and warm, memory.

    python bench/ask.py            # against 5a7523e, built beside this tree with git
    python bench/ask.py --alone    # without it

Each line is a process of its own; both sides compile their bytecode and run once before they count.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import OLD, ROOT, both, counted, environment

QUESTION = "China stops graphite to Korea"
INSIDE = """
import resource, time
import geoecon as ge
ge.ask("China stops graphite to Korea", draws=200).page()
start = time.process_time()
ge.ask("Chile stops copper ore to Japan", draws=200).page()
warm = time.process_time() - start
from geoecon import production
start = time.process_time()
production.economy("JPN", "KOR", "USA", ("CHN",))
cut = time.process_time() - start
start = time.process_time()
rows = len(ge.exposure().table)
print(warm, cut, time.process_time() - start, rows)
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--alone", action="store_true")
    asked.add_argument("--old", default=OLD)
    chosen = asked.parse_args()
    ask = ["-m", "geoecon", "ask", QUESTION, "--draws", "200"]
    new = ROOT / "src"
    counted(new, ask)
    cold, memory = counted(new, ask)
    inside = subprocess.run([sys.executable, "-c", INSIDE], env=environment(new), text=True, capture_output=True,
                            check=True, cwd="/")  # fmt: skip
    warm, cut, every, rows = map(float, inside.stdout.split())
    print(f"geoecon ask, 200 draws: {cold:.1f} s cold, {warm:.1f} s warm, {memory:.2f} GB")
    print(f"the economy of another case out of the world table: {cut:.3f} s")
    print(f"exposure --all: {every:.1f} s for {rows:.0f} triples")
    if chosen.alone:
        return
    with tempfile.TemporaryDirectory() as place, both(chosen.old) as sides:
        run = ["-m", "geoecon", "run", "japan-korea-2019", "--out", str(Path(place) / "run"), "--draws"]
        counted(sides["old"], [*run, "2"])
        whole, peak = counted(sides["old"], [*run, "200"])
        cold, _ = counted(new, ask)  # again, beside it
    print(f"geoecon run japan-korea-2019 --draws 200 of {chosen.old}: {whole:.1f} s, {peak:.2f} GB: "
          f"{whole / cold:.1f} times the question ({cold:.1f} s)")  # fmt: skip


if __name__ == "__main__":
    main()
