"""The report as PDF, printed by a Chromium of the machine where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from geoecon.errors import MissingData

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# where it lies on machines that leave it off the PATH
PLACES = tuple(map(Path, (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
)))  # fmt: skip
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--virtual-time-budget=20000",
)
SECONDS = 120


def browser() -> str | None:
    """The machine's Chromium, or None."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or next((str(place) for place in PLACES if place.is_file()), None)


def write_pdf(page: Path, path: Path) -> Path:
    """Prints a self-contained page to `path`. Raises MissingData without Chromium or where it fails."""
    program = browser()
    if program is None:
        raise MissingData("Chromium for report.pdf: apt-get install chromium, or print the page from any browser")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        made = Path(profile) / "report.pdf"
        sandbox = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
        call = [program, *FLAGS, *sandbox, f"--user-data-dir={profile}/profile", f"--print-to-pdf={made}"]
        done = subprocess.run([*call, page.resolve().as_uri()], capture_output=True, timeout=SECONDS, check=False)
        if done.returncode or not made.is_file():
            raise MissingData(f"a Chromium that prints: {program} left with code {done.returncode}")
        shutil.move(made, path)
    return path
