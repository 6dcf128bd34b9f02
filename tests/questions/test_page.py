"""Every line of the page from question to brief is run as a reader would type it, in an empty folder."""

import re
import shlex
from pathlib import Path

import pytest

from geoecon.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "question-to-brief.md"
OWN = "period,exporter,importer,product,value_usd,tonnes\n" + "".join(
    f"{year},{who},BRA,310420,{value},{value / 300}\n"
    for year in (2023, 2024)
    for who, value in (("CAN", 3e9), ("RUS", 2e9))
)


def lines():
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def few(words):
    """The same with few draws: the page must run, the numbers are tested elsewhere."""
    if words[0] not in ("ask", "run", "hedge"):
        return words
    kept = [
        word
        for number, word in enumerate(words)
        if word != "--draws" and (not number or words[number - 1] != "--draws")
    ]
    return [*kept, "--draws", "20" if words[0] == "ask" else "2", *(["--no-what-if"] if words[0] == "run" else [])]


def test_every_line_of_the_page_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_text(OWN, encoding="utf-8")
    assert len(lines()) >= 15
    for line in lines():
        words = shlex.split(line)
        assert words[0] == "geoecon"
        with pytest.raises(SystemExit) as done:
            main(few(words[1:]))
            raise SystemExit(0)
        assert not done.value.code, line
        assert capsys.readouterr().out.strip(), line
    assert (tmp_path / "out" / "chile" / "report.html").is_file()
    assert (tmp_path / "exposure.csv").is_file()
