"""Seconds and bytes of a report: everything for 200 draws, script before first paint, first paint, server start.

    python bench/report.py             # against 5a7523e, built beside this tree with git
    python bench/report.py --alone     # our own figures

Processor seconds of writing and of the server from its start to its first page, the least of three; the median of
seven first paints in turn. Ratios are of one run on one machine.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import OLD, ROOT, both, environment

MADE = """
import json, sys, time
from pathlib import Path
import geoecon as ge
case = ge.load_case("japan-korea-2019")
assessment = ge.run(case, draws=int(sys.argv[2]), seed=0)
start, place = time.process_time(), Path(sys.argv[1])
try:
    from geoecon.views import write
    write(assessment, place, export=True)
except ImportError:
    from geoecon.assessment import write
    write(assessment, place, export=True)
print(json.dumps({"seconds": time.process_time() - start}))
"""
SERVED = """
import time, threading, urllib.request, json
start = time.process_time()
import uvicorn
try:
    from geoecon.web import create_app
    from geoecon.web.app import SETTINGS
except ImportError:
    from geoecon.views.web import create_app
    SETTINGS = {"log_level": "warning", "server_header": False, "timeout_graceful_shutdown": 3}  # as it had them
server = uvicorn.Server(uvicorn.Config(create_app(workers=1), host="127.0.0.1", port=0, **SETTINGS))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
print(json.dumps({"start": time.process_time() - start}))
import os; os._exit(0)
"""


def written(source: Path, folder: Path, draws: int) -> subprocess.Popen[str]:
    """A process that solves a case and writes everything of it into `folder`."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", MADE, str(folder), str(draws)],
        env=environment(source), stdout=subprocess.PIPE, text=True, cwd="/",
    )  # fmt: skip


def weighed(page: Path) -> dict[str, float]:
    """Bytes of a page and of the scripts that a browser meets before it has painted."""
    text = page.read_text("utf-8")
    scripts = re.findall(r"<script\b(?![^>]*json)[^>]*>(.*?)</script>", text, re.S)
    return {"script bytes": sum(map(len, scripts)), "page bytes": page.stat().st_size}


def first_paints(pages: dict[str, Path], browser: str) -> dict[str, float]:
    """The median of seven first paints of each page, in turn, with the processor slowed four times."""
    from playwright.sync_api import sync_playwright

    times: dict[str, list[float]] = {side: [] for side in pages}
    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for _ in range(7):
            for side, page in pages.items():
                context = started.new_context()
                shown = context.new_page()
                slow = context.new_cdp_session(shown)
                slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
                shown.goto(page.resolve().as_uri())
                shown.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
                times[side].append(
                    shown.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                )
                context.close()
        started.close()
    return {side: sorted(all_)[3] for side, all_ in times.items()}


def started(source: Path) -> float:
    """Processor seconds of a server from its start to its first page."""
    served = subprocess.run(
        [sys.executable, "-c", SERVED], env=environment(source), capture_output=True, text=True, check=True, cwd="/"
    )
    return float(json.loads(served.stdout.splitlines()[-1])["start"])


def measured(sides: dict[str, Path], draws: int, browser: str | None) -> dict[str, dict[str, float]]:
    """Everything about the version behind each side; both are solved at once, paints and starts are in turn."""
    with tempfile.TemporaryDirectory() as place:
        folders = {side: Path(place) / side for side in sides}
        running = {side: written(source, folders[side], draws) for side, source in sides.items()}
        found: dict[str, dict[str, float]] = {}
        for side, process in running.items():
            said, _ = process.communicate()
            if process.returncode:
                raise SystemExit(f"{side}: the report was not written")
            found[side] = json.loads(said.splitlines()[-1]) | weighed(folders[side] / "report.html")
        if browser:
            pages = {side: folder / "report.html" for side, folder in folders.items()}
            for side, paint in first_paints(pages, browser).items():
                found[side]["first paint, ms"] = paint
    for _ in range(3):
        for side, source in sides.items():
            found[side]["start"] = min(started(source), found[side].get("start", float("inf")))
    return found


def main() -> None:
    from geoecon.views import browser

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--alone", action="store_true")
    asked.add_argument("--old", default=OLD)
    asked.add_argument("--draws", type=int, default=200)
    given = asked.parse_args()
    if given.alone:
        found = measured({"new": ROOT / "src"}, given.draws, browser())
    else:
        with both(given.old) as sides:
            found = measured(sides, given.draws, browser())
    other = found.get("old", {})
    for name, value in found["new"].items():
        beside = f"  beside {other[name]:,.2f}  ratio {other[name] / value:.2f}" if other.get(name) and value else ""
        print(f"{name:<18}{value:>14,.2f}{beside}")


if __name__ == "__main__":
    main()
