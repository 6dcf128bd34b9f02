"""Two trees of one program side by side: the older one is checked out with git, both compile their bytecode."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLD = "5a7523e"  # where the second round began


@contextmanager
def both(old: str = OLD) -> Iterator[dict[str, Path]]:
    """{"old": source tree, "new": source tree}; the checkout goes when the block ends."""
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place) / "old"
        subprocess.run(["git", "worktree", "add", "--detach", str(tree), old], cwd=ROOT, check=True,
                       capture_output=True)  # fmt: skip
        try:
            sides = {"old": tree / "src", "new": ROOT / "src"}
            for source in sides.values():
                compileall.compile_dir(source, quiet=2)
            yield sides
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=False)


def environment(source: Path) -> dict[str, str]:
    """One thread; bytecode of the libraries too is written and read, for both sides in one place."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    cache = Path(tempfile.gettempdir()) / "geoecon-bench"
    return {**kept, **threads, "PYTHONPATH": str(source), "PYTHONPYCACHEPREFIX": str(cache)}


def counted(source: Path, arguments: list[str]) -> tuple[float, float]:
    """(processor seconds, peak in 1e9 bytes) of `python ARGUMENTS`, in a child of its own so that peaks do not mix."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(source), text=True, capture_output=True, cwd="/"
    )
    if done.returncode:
        raise SystemExit(f"{source}: {' '.join(arguments)}\n{done.stderr}")
    seconds, peak = map(float, done.stdout.split()[-2:])
    return seconds, peak * (1 if sys.platform == "darwin" else 1024) / 1e9
