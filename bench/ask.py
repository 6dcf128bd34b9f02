"""A question against the whole worked case: seconds cold and warm, memory, one process each.

python bench/ask.py            # geoecon ask, cold and warm, 200 draws
python bench/ask.py --beside PYTHON   # also `run japan-korea-2019 --draws 200` of another checkout's interpreter
"""

from __future__ import annotations

import subprocess
import sys
import time

ASK = """
import resource, time
start = time.perf_counter()
import geoecon as ge
ge.ask("China stops graphite to Korea", draws=200).page()
cold = time.perf_counter() - start
start = time.perf_counter()
ge.ask("Chile stops copper ore to Japan", draws=200).page()
warm = time.perf_counter() - start
start = time.perf_counter()
from geoecon import production
production.economy("JPN", "KOR", "USA", ("CHN",))
cut = time.perf_counter() - start
print(f"{cold:.2f} {warm:.2f} {cut:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1048576:.2f}")
"""
WORLD = """
import time
start = time.perf_counter()
import geoecon as ge
found = ge.exposure()
print(f"{time.perf_counter() - start:.2f} {len(found.table)}")
"""
RUN = """
import time
start = time.perf_counter()
import geoecon as ge
ge.run(ge.load_case("japan-korea-2019"), draws=200)
print(f"{time.perf_counter() - start:.2f}")
"""


def measured(code: str, python: str = sys.executable) -> list[float]:
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    measured(ASK)  # compiles once
    cold, warm, cut, memory = min(measured(ASK) for _ in range(3))
    print(f"ask, 200 draws: {cold:.2f} s cold, {warm:.2f} s warm, {memory:.2f} GiB; economy of a case {cut:.3f} s")
    seconds, rows = measured(WORLD)
    print(f"exposure --all: {seconds:.2f} s for {rows:.0f} triples")
    if "--beside" in sys.argv:
        python = sys.argv[sys.argv.index("--beside") + 1]
        measured(RUN, python)
        start = time.perf_counter()
        (whole,) = min(measured(RUN, python) for _ in range(2))
        print(f"run japan-korea-2019, 200 draws, the other checkout: {whole:.2f} s, {whole / cold:.1f} times ask cold")
        print(f"({time.perf_counter() - start:.0f} s in all)")


if __name__ == "__main__":
    main()
