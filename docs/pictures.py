"""Makes the pictures of the documentation from real runs: `python docs/pictures.py`. Screenshots need Chromium."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import geoecon as ge
from geoecon.views import Report, browser, write
from geoecon.views.gallery import thumbnail
from geoecon.web.licence_card import card
from geoecon.web.parts_clock import clock

IMAGES = Path(__file__).parent / "images"
PARTS = """Part\tOn hand\tUse per day\tVendor\tLead time (days)
etching gas\t900\t30\tSupplier A\t180
photoresist\t120\t2\tSupplier B\t45
film\t40\t1\tSupplier C\t30
"""


def main(draws: int = 200) -> None:
    """Report of the worked case, a question, a case of one's own, a licence over time, parts, first screens."""
    IMAGES.mkdir(exist_ok=True)
    assessment = ge.run(ge.load_case("japan-korea-2019"), draws=draws)
    report = Report(assessment)
    if report.picture is not None:
        (IMAGES / "headline.png").write_bytes(report.picture.png(scale=1))
    for name in ("depends", "ending"):
        shown = next(block.picture for block in report.blocks if block.key == name)
        if shown is not None:
            (IMAGES / f"{name}.png").write_bytes(shown.png(scale=1))
    asked = Report(ge.ask("China stops graphite to Korea", draws=draws).assessment)
    if asked.picture is not None:
        (IMAGES / "question.png").write_bytes(asked.picture.png(scale=1))
    (IMAGES / "cases").mkdir(exist_ok=True)
    for name in ge.cases():
        small = thumbnail(ge.load_case(name).settings)
        (IMAGES / "cases" / f"{name}.png").write_bytes(small.png(scale=1.8, narrow=True))
    own = Report(ge.ask("Chile stops copper ore to Japan", draws=min(draws, 50)).assessment)
    first = own.blocks[0].picture
    if first is not None:
        (IMAGES / "case.png").write_bytes(first.png(scale=1))
    day = date(2026, 3, 1).isoformat()
    _save("licence", card("China", "Japan", "gallium", day, {})["picture"])
    _save("parts", clock(PARTS, "2026-11-28", [])["picture"])
    with tempfile.TemporaryDirectory() as place:
        page = write(assessment, Path(place) / "report") / "report.html"
        screenshot(page, IMAGES / "report.png")


def _save(name: str, shown: dict[str, object] | None) -> None:
    from geoecon.charts import Picture

    if shown is not None:
        fields = Picture.__dataclass_fields__
        (IMAGES / f"{name}.png").write_bytes(Picture(**{key: shown[key] for key in fields}).png(scale=1))


def screenshot(page: Path, path: Path, wide: int = 1280, high: int = 800) -> None:
    """The first screen of a page, where there is a Chromium; else the picture that is there stays."""
    program = browser()
    if program is None:
        print("no Chromium: docs/images/report.png stays as it is", file=sys.stderr)
        return
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
    with tempfile.TemporaryDirectory() as profile:
        call = [program, *flags, f"--user-data-dir={profile}", f"--window-size={wide},{high}", f"--screenshot={path}"]
        subprocess.run([*call, page.resolve().as_uri()], capture_output=True, timeout=120, check=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
