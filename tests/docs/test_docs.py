"""The documentation: generated pages are up to date, the site builds, its links hold, it needs no network."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import chromium
import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


class Page(HTMLParser):
    """The links, sources and anchors of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {value for key, value in attrs if key in ("id", "name") and value}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "link" and given.get("href") and given.get("rel") not in ("canonical", "next", "prev"):
            self.loaded.append(given["href"])
        elif given.get("src"):
            self.loaded.append(given["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        call, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site): Page(path.read_text("utf-8")) for path in site.rglob("*.html")}


def test_generated_pages_are_up_to_date(capsys):
    """`python docs/generate.py` writes them."""
    status = runpy.run_path(str(DOCS / "generate.py"))["main"](check=True)
    assert status == 0, capsys.readouterr().out


def test_every_link_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//") or path.name == "404.html":
                continue
            target = (site / path.parent / unquote(parts.path)).resolve() if parts.path else (site / path).resolve()
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{path}: {link}")
            elif parts.fragment and target.suffix == ".html":
                anchors = pages[target.relative_to(site.resolve())].anchors
                if unquote(parts.fragment) not in anchors and not parts.fragment.startswith("__"):
                    broken.append(f"{path}: {link}")
    assert broken == []


def test_nothing_is_loaded_from_another_host(site, pages):
    assert [link for page in pages.values() for link in page.loaded if urlsplit(link).netloc] == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet


def test_the_site_works_offline_in_a_browser(site):
    """In a process of its own: the browser of other tests may be open in this one."""
    code = f"""
from playwright.sync_api import sync_playwright
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path={chromium.program()!r}, args={chromium.FLAGS!r})
    page = browser.new_page()
    told = []
    page.on("request", lambda one: one.url.startswith(("file:", "data:", "blob:")) or told.append(one.url))
    page.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto({(site / "index.html").as_uri()!r})
    page.wait_for_selector("h1")
    page.goto({(site / "models" / "costs.html").as_uri()!r})
    assert "Caliendo" in page.inner_text("article")
    browser.close()
assert told == [], told
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr


def test_there_is_a_page_for_every_room():
    rooms = {path.parent.name for path in (ROOT / "src" / "geoecon").glob("*/__init__.py")}
    shared = {"case", "countries", "charts", "cli", "lexicon", "message", "web"}
    assert rooms - shared <= {path.stem for path in (DOCS / "models").glob("*.md")}


def test_every_paper_that_a_test_reproduces_has_a_page():
    told = (DOCS / "published" / "index.md").read_text("utf-8")
    for test in (ROOT / "tests" / "papers").glob("test_*.py"):
        assert f"tests/papers/{test.name}" in told, test.name
    for named in re.findall(
        r"`(tests/[\w/]+\.py)`", "".join(p.read_text("utf-8") for p in (DOCS / "published").glob("*.md"))
    ):
        assert (ROOT / named).is_file(), named


def test_every_verb_stands_in_the_reference():
    from geoecon.cli import app

    text = (DOCS / "reference" / "cli.md").read_text("utf-8")
    verbs = [name for name in app if not name.startswith("-")]
    assert len(verbs) > 10 and all(f"## geoecon {verb}" in text for verb in verbs)


def test_the_tutorial_notebook_runs(tmp_path):
    import nbformat

    code = f"""
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read({str(DOCS / "tutorial.ipynb")!r}, as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, "done.ipynb")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    notebook = nbformat.read(tmp_path / "done.ipynb", as_version=4)
    outputs = [out for one in notebook.cells if one.cell_type == "code" for out in one.outputs]
    kinds = {kind for out in outputs for kind in out.get("data", {})}
    assert "text/html" in kinds and "image/svg+xml" in kinds
    assert not any(out.output_type == "error" for out in outputs)
    assert all(len(str(out.get("data", {}).get("text/plain", "")).splitlines()) < 200 for out in outputs)


def test_shell_commands_of_the_pages_exist():
    """Every `geoecon verb` that a page names is a verb."""
    from geoecon.cli import app

    verbs = {name for name in app if not name.startswith("-")}
    text = "".join(path.read_text("utf-8") for path in [*DOCS.glob("*.md"), ROOT / "README.md"])
    named = set(re.findall(r"(?:^ {4}|`|bin/)geoecon ([a-z-]+)", text, re.MULTILINE))
    assert named and named <= verbs
