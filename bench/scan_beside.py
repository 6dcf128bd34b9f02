"""Processor time and memory of the scan's steps beside those of an older commit, on the same made-up BACI year (Linux).

    git worktree add --detach out/old 5a7523e
    python bench/scan_beside.py out/old

Each step runs in a process of its own, new and old by turns; the least time of the rounds counts (a busy machine can
only add), and the greatest memory. The old one runs its own bench/scan.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import scan
import scan_data

STEP = """
import json, sys, time
from pathlib import Path
import scan
name, path, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
Path("/proc/self/clear_refs").write_text("5")
timed, best = scan.STEPS[name](path), float("inf")
for _ in range(repeats):
    work = time.process_time()
    timed()
    best = min(best, time.process_time() - work)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1e6
print(json.dumps({"cpu": best, "GB": peak}))
"""
STEPS = ("one", "read", "top", "written")


def run(home: Path, step: str, path: Path, repeats: int) -> dict[str, float]:
    """One step of the code in a folder: processor seconds (best of the repeats) and peak memory in GB."""
    places = {**os.environ, "PYTHONPATH": f"{home / 'src'}{os.pathsep}{home / 'bench'}"}
    command = [sys.executable, "-c", STEP, step, str(path), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=places, cwd=home / "bench")
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def sorted_file(home: Path, folder: Path, rows: int) -> Path:
    """The year as the code in a folder converts it, made once: each side reads what it wrote itself."""
    own = folder / f"of_{home.name}"
    own.mkdir(parents=True, exist_ok=True)
    given = scan_data.write(folder, rows).resolve()
    link = own / given.name
    if not link.exists():
        link.symlink_to(given)
    made = own / given.with_suffix(".ours.parquet").name
    if not made.is_file():
        run(home, "convert", link, 1)
    return made.resolve()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("--rows", type=int, default=scan_data.ROWS)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "geoecon-bench")
    parser.add_argument("--repeats", type=int, default=2, help="in one process")
    parser.add_argument("--rounds", type=int, default=3, help="processes of each side, by turns")
    parser.add_argument("--steps", default=",".join(STEPS))
    chosen = parser.parse_args()
    given = scan_data.write(chosen.folder, chosen.rows).resolve()
    new, old = Path(__file__).resolve().parents[1], chosen.old.resolve()
    print(f"{'':52s}{'cpu s':>8s}{'GB':>7s}{'old cpu s':>11s}{'GB':>7s}{'old / new':>11s}")
    for step in chosen.steps.split(","):
        paths = [sorted_file(home, chosen.folder, chosen.rows) if step == "written" else given for home in (new, old)]
        rounds = [
            [run(home, step, path, chosen.repeats) for home, path in zip((new, old), paths, strict=True)]
            for _ in range(chosen.rounds)
        ]
        mine, theirs = ({"cpu": min(one["cpu"] for one in side), "GB": max(one["GB"] for one in side)}
                        for side in zip(*rounds, strict=True))  # fmt: skip
        ratio = theirs["cpu"] / mine["cpu"]
        print(f"{scan.WORDS[step]:52s}{mine['cpu']:8.2f}{mine['GB']:7.2f}{theirs['cpu']:11.2f}{theirs['GB']:7.2f}"
              f"{ratio:10.2f}x", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
