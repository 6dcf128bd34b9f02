"""Every verb of the command line and every documented line runs; with few draws here, as printed in `make nightly`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from geoecon.cli import app, main

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
FEW = {"run", "evidence", "bargain", "disrupt", "welfare", "compare", "ask"}  # verbs whose draws cost time

# A call of each verb with what it needs of `place`; None: a server, or a download that no test makes.
BILL = "part,stock,use per day,supplier,lead time\nresin,900,30,Alpha,60\n"
SHIPMENTS = "from,to,item,date\nJPN,KOR,photoresist,2019-07-05\n"
FLOWS = "period,exporter,importer,product,value_usd,tonnes\n" + "".join(
    f"{year},{seller},{buyer},{product},{value},{value / 9:.0f}\n"
    for year in (2022, 2023)
    for seller, buyer, product, value in (
        ("JPN", "KOR", "370790", 900), ("CHN", "KOR", "370790", 100), ("USA", "CHN", "260400", 500),
        ("CHN", "USA", "280530", 700), ("CHN", "JPN", "280530", 400), ("IDN", "JPN", "260400", 800),
    )
)  # fmt: skip
CASE = "russia-germany-gas-2022"
CALLS: dict[str, str | None] = {
    "ask": "--measure ban --cut 0.5 China Japan gallium --draws 2",
    "levers": "China --target Korea",
    "hedge": None,
    "exposure": "--target Korea --product 270900",
    "data": "",
    "watch": "",
    "run": f"{CASE} --draws 2 --out report",
    "cases": "",
    "check": CASE,
    "new": "mine --sender CHN --target JPN --product gallium",
    "compare": f"{CASE} {CASE} --draws 0",
    "dependence": CASE,
    "disrupt": f"{CASE} --draws 2",
    "buffers": f"{CASE} --draws 2",
    "welfare": f"{CASE} --draws 2",
    "bargain": f"{CASE} --draws 2",
    "evidence": f"{CASE} --draws 2",
    "explain": f"{CASE} trade share.natural_gas",
    "sensitivity": f"{CASE} --n 2 --until controls",
    "uncertainty": f"{CASE} --draws 2 --until controls",
    "precedents": "260400 --supplier IDN --importer JPN --share 0.5",
    "cut-offs": "sample --out cut-offs.parquet",
    "record": "report/assessment.json --book book.jsonl --name mine",
    "licence": "--from JPN --to KOR --item photoresist --on 2019-07-05",
    "screen": "shipments.csv",
    "parties": None,
    "law": None,
    "shortage-clock": "bill.csv --start 2026-01-01",
    "alliance": "USA JPN KOR",
    "scan": "sample --importer KOR --top 3",
    "leverage": "flows.csv USA CHN",
    "reliance": None,
    "convert": "flows.csv tidy.csv",
    "fetch": None,
    "diff": "report report",
    "serve": None,
    "fit": None,
    "case": None,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    (folder / "bill.csv").write_text(BILL)
    (folder / "shipments.csv").write_text(SHIPMENTS)
    (folder / "flows.csv").write_text(FLOWS)
    return folder


@pytest.fixture(autouse=True)
def at_home(place, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))


def called(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_every_verb_has_a_call():
    assert {name for name in app if not name.startswith("-")} == set(CALLS)


@pytest.mark.parametrize("verb", [verb for verb, words in CALLS.items() if words is not None])
def test_the_verb_runs(verb, capsys):
    if "report" in (CALLS[verb] or "") and verb != "run" and not Path("report").is_dir():
        assert called(["run", *shlex.split(CALLS["run"])]) == 0  # what this verb reads
        capsys.readouterr()
    code = called([verb, *shlex.split(CALLS[verb] or "")])
    out, err = capsys.readouterr()
    assert code == 0, err
    assert out.strip()


def documented(page: str) -> list[str]:
    """The commands of a page: indented lines that call geoecon, without comments, `&&` apart."""
    found = []
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        told = re.match(r"^ {4}(?:\.venv/bin/)?(geoecon .*)$", line)
        if told:
            found += [part.strip() for part in re.split(r"\s&&\s", re.sub(r"\s{2,}#.*", "", told.group(1)))]
    return found


def run_page(page: str, few: bool) -> None:
    assert called(["run", "japan-korea-2019", "--draws", "2" if few else "200", "--out", "out/japan-korea-2019"]) == 0
    for line in documented(page):
        words = shlex.split(line)[1:]
        if words[0] == "serve":  # it stays; tests/views drive it
            continue
        if few and words[0] in FEW:
            words = [word for k, word in enumerate(words) if "--draws" not in (word, words[k - 1])] + ["--draws", "2"]
        assert called(words) == 0, line


LINES = [page for page in PAGES if any(not line.startswith("geoecon serve") for line in documented(page))]


@pytest.mark.parametrize("page", LINES)
def test_documented_lines_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text(FLOWS)
    run_page(page, few=True)


@pytest.mark.nightly
@pytest.mark.parametrize("page", LINES)
def test_documented_lines_run_as_printed(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text(FLOWS)
    run_page(page, few=False)
