"""Notebooks: an assessment, a result and a licence show themselves, in Jupyter and in marimo."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import geoecon as ge
assessment = ge.run(ge.load_case("japan-korea-2019"), draws=24, seed=1)
"""


def test_jupyter_shows_message_picture_and_table():
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.v4.new_notebook()
    shown = (
        "assessment",
        "assessment.disruption",
        'ge.licence(exporter="JPN", destination="KOR", item="photoresist", on="2019-07-05")',
    )
    book.cells = [nbformat.v4.new_code_cell(code) for code in (CODE, *shown)]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(book, timeout=300, kernel_name="python3").execute()
    outputs = [cell.outputs[-1]["data"]["text/html"] for cell in book.cells[1:]]
    assert "shortage" in outputs[0] and "How far to trust this" in outputs[0]
    assert all("<table" in one and "<script" not in one for one in outputs)
    assert all("data:image/svg+xml;base64," in one for one in outputs[:2])


MARIMO = """
import geoecon as ge
import marimo

result = ge.licence(exporter="JPN", destination="KOR", item="photoresist", on="2019-07-05")
assessment = ge.run(ge.load_case("russia-germany-gas-2022"), draws=0, until="controls")
for one in (result, assessment):
    print(marimo.as_html(one).text)
    print("next")
"""


def test_marimo_shows_the_same(tmp_path):
    """In a process of its own, as a notebook has: pyspark, once imported by another test of the worker, ends it (it
    takes a main module without a file for its own doctests)."""
    script = tmp_path / "notebook.py"
    script.write_text(MARIMO)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=True)
    shown = done.stdout.split("next\n")[:2]
    assert len(shown) == 2
    for text in shown:
        assert "<table" in text or "table" in text
        assert "object at 0x" not in text
