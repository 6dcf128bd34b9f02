"""Notebooks: an assessment, a result, an answer and a licence show themselves, in Jupyter and in marimo."""

from __future__ import annotations

import codecs
import html
import re
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
        'ge.ask("China stops graphite to Korea", draws=20)',
        'ge.licence(exporter="JPN", destination="KOR", item="photoresist", on="2019-07-05")',
    )
    book.cells = [nbformat.v4.new_code_cell(code) for code in (CODE, *shown)]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(book, timeout=300, kernel_name="python3").execute()
    outputs = [cell.outputs[-1]["data"]["text/html"] for cell in book.cells[1:]]
    assert "shortage" in outputs[0] and "How far to trust this" in outputs[0]
    assert all("<table" in one and "<script" not in one for one in outputs)
    assert all("data:image/svg+xml;base64," in one for one in outputs)
    answered, licence = outputs[2:]
    assert "How far to trust this" in answered and "China" in answered
    assert "lithography from Japan to Korea" in licence and "JPN" not in re.sub(r"base64,[^\"]*", "", licence)


MARIMO = """
import geoecon as ge
import marimo

result = ge.licence(exporter="JPN", destination="KOR", item="photoresist", on="2019-07-05")
assessment = ge.run(ge.load_case("russia-germany-gas-2022"), draws=0, until="controls")
answer = ge.ask("China stops graphite to Korea", draws=20)
for one in (result, assessment, answer):
    print(marimo.as_html(one).text)
    print("next")
"""


def test_marimo_shows_the_same(tmp_path):
    """In a process of its own, as a notebook has: pyspark, once imported by another test of the worker, ends it (it
    takes a main module without a file for its own doctests)."""
    script = tmp_path / "notebook.py"
    script.write_text(MARIMO)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=True)
    plain = html.unescape(html.unescape(done.stdout)).replace("&#92;", "\\")
    shown = [codecs.decode(text, "unicode_escape") for text in plain.split("next\n")[:3]]
    assert len(shown) == 3
    for text in shown:
        assert "<table" in text and "object at 0x" not in text and "<script" not in text
    assert "lithography from Japan to Korea" in shown[0] and "How far to trust this" in shown[2]
    assert all("data:image/svg+xml;base64," in text for text in (shown[0], shown[2]))
