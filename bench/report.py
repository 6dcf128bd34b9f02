"""Seconds and bytes of a report: everything for 200 draws, script before first paint, first paint, server start.

    python bench/report.py             # against 5a7523e, built beside this tree with git
    python bench/report.py --alone     # our own figures

Processor seconds of writing and of the server from its start to its first page; the median of seven first paints.
Ratios are of one run on one machine.
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


def measured(source: Path, draws: int, browser: str | None) -> dict[str, float]:
    """Everything about the version in `source`."""
    env = environment(source)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "report"
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", MADE, str(folder), str(draws)], env=env, capture_output=True,
            text=True, check=True, cwd="/",
        )  # fmt: skip
        found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
        page = folder / "report.html"
        text = page.read_text("utf-8")
        found["script bytes"] = sum(map(len, re.findall(r"<script\b(?![^>]*json)[^>]*>(.*?)</script>", text, re.S)))
        found["page bytes"] = page.stat().st_size
        if browser:
            found["first paint, ms"] = first_paint(page, browser)
    served = subprocess.run(
        [sys.executable, "-c", SERVED], env=env, capture_output=True, text=True, check=True, cwd="/"
    )
    return found | json.loads(served.stdout.splitlines()[-1])


def first_paint(page: Path, browser: str) -> float:
    """The median of seven first paints with the processor slowed four times."""
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for _ in range(7):
            shown = started.new_context().new_page()
            slow = shown.context.new_cdp_session(shown)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            shown.goto(page.resolve().as_uri())
            shown.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
            times.append(shown.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        started.close()
    return float(sorted(times)[3])


def main() -> None:
    from geoecon.views import browser

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--alone", action="store_true")
    asked.add_argument("--old", default=OLD)
    asked.add_argument("--draws", type=int, default=200)
    given = asked.parse_args()
    other: dict[str, float] = {}
    if given.alone:
        ours = measured(ROOT / "src", given.draws, browser())
    else:
        with both(given.old) as sides:
            other, ours = (measured(sides[side], given.draws, browser()) for side in ("old", "new"))
    for name, value in ours.items():
        beside = f"  beside {other[name]:,.2f}  ratio {other[name] / value:.2f}" if other.get(name) and value else ""
        print(f"{name:<18}{value:>14,.2f}{beside}")


if __name__ == "__main__":
    main()
