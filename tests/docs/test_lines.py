"""Every verb of the command line and every documented line runs; with few draws here, as printed in `make nightly`."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import textwrap
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

import geoecon as ge
from geoecon.cli import app, main
from geoecon.law.read_regimes import forget

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
FEW = {"run", "evidence", "bargain", "disrupt", "welfare", "compare", "ask"}  # verbs whose draws cost time

# A call of each verb with what it needs of `place`; None: run on the command line by the tests named beside it.
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
OWN = "2023,CAN,BRA,310420,800,90\n2023,RUS,BRA,310420,300,30\n"  # what docs/question-to-brief.md adds
CASE = "russia-germany-gas-2022"
CALLS: dict[str, str | None] = {
    "ask": "--measure ban --cut 0.5 China Japan gallium --draws 20",
    "levers": "China --target Korea",
    "hedge": "'China stops graphite to Korea' --draws 2",
    "exposure": "--target Korea --product 270900",
    "data": "",
    "data add": "flows.csv",
    "data update": "flows.csv",
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
    "parties update": "parties.csv --day 2026-01-01",
    "parties diff": "parties.csv more.csv --days 2026-01-01 2026-02-01",
    "law watch": "",
    "law plain": "--on 2026-11-28",
    "law diff": "2019-07-03 2019-07-05",
    "shortage-clock": "bill.csv --start 2026-01-01",
    "alliance": "USA JPN KOR",
    "scan": "sample --importer KOR --top 3",
    "leverage": "flows.csv USA CHN",
    "reliance": "economy.csv --user KOR --supplier JPN",
    "convert": "flows.csv tidy.csv",
    "fetch": None,  # test_fetch_asks_the_server_that_it_is_told
    "diff": "report report",
    "serve": None,  # tests/views/test_web.py
    "fit agreement": "coded.csv coded.csv",
    "fit scores": "coded.csv --seeds 1",
    "fit disputes": "coded.csv --draws 2 --out rates.csv",
    "fit tracks": "",
    "fit game": None,  # test_a_posterior_is_written, a quarter of an hour: nightly
    "case pack": f"{CASE} --out packed.zip",
    "case to-xlsx": f"{CASE} --out book.xlsx",
    "case from-xlsx": "book.xlsx --out again",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    (folder / "bill.csv").write_text(BILL)
    (folder / "shipments.csv").write_text(SHIPMENTS)
    (folder / "flows.csv").write_text(FLOWS)
    (folder / "parties.csv").write_text("name,list\nAlpha Works,us-entity-list\n")
    (folder / "more.csv").write_text("name,list\nAlpha Works,us-entity-list\nBeta Trading,us-entity-list\n")
    (folder / "economy.csv").write_text((ge.load_case("japan-korea-2019").folder / "economy.csv").read_text())
    coded = (files("geoecon") / "hazards" / "disputes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "coded.csv").write_text("".join(coded[:121]), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def at_home(place, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "data"))
    yield
    forget()  # party lists of this place


def called(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_every_verb_has_a_call():
    inner = {name: [sub for sub in app[name] if not sub.startswith("-")] for name in app if not name.startswith("-")}
    verbs = {f"{name} {sub}" for name, subs in inner.items() for sub in subs}
    assert verbs | {name for name, subs in inner.items() if not subs} == set(CALLS) - {"data"}  # by itself a verb too


@pytest.mark.parametrize("verb", [verb for verb, words in CALLS.items() if words is not None])
def test_the_verb_runs(verb, capsys):
    if "report" in (CALLS[verb] or "") and verb != "run" and not Path("report").is_dir():
        assert called(["run", *shlex.split(CALLS["run"])]) == 0  # what this verb reads
        capsys.readouterr()
    if verb == "case from-xlsx" and not Path("book.xlsx").is_file():
        assert called(["case", "to-xlsx", *shlex.split(CALLS["case to-xlsx"])]) == 0
        capsys.readouterr()
    code = called([*verb.split(), *shlex.split(CALLS[verb] or "")])
    out, err = capsys.readouterr()
    assert code == 0, err
    assert out.strip()


class Trade(BaseHTTPRequestHandler):
    def do_GET(self):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as packed:
            packed.writestr("BACI_HS17_Y2022_V202501.csv", "t,i,j,k,v,q\n2022,392,410,370790,900.0,9.0\n")
            packed.writestr("country_codes_V202501.csv", "country_code,country_name\n410,Rep. of Korea\n392,Japan\n")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.getvalue())

    def log_message(self, *_):
        pass


def test_fetch_asks_the_server_that_it_is_told(capsys):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trade)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        where = f"http://127.0.0.1:{server.server_port}"
        code = called(["fetch", "baci", "--choice", "hs=HS17", "--choice", "vintage=202501", "--base", where])
    finally:
        server.shutdown()
        server.server_close()
    out, err = capsys.readouterr()
    assert code == 0, err
    assert "CEPII" in out + err and Path("BACI_HS17_V202501.zip").is_file()


@pytest.mark.nightly
def test_a_posterior_is_written():
    assert called(["fit", "game", "coded.csv", "--rows", "20", "--thin", "5", "--out", "posterior.csv"]) == 0
    assert Path("posterior.csv").read_text().count("\n") == 1 + 1 + 20  # heading, mode, sample: as the shipped file


def documented(page: str) -> list[str]:
    """The commands of a page: indented or fenced lines that call geoecon, without comments, `&&` apart."""
    found, fenced = [], False
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        fenced = line.startswith("```") and not fenced if line.startswith("```") else fenced
        told = re.match(
            r"^(?: {4})?(?:\.venv/bin/)?(geoecon .*)$" if fenced else r"^ {4}(?:\.venv/bin/)?(geoecon .*)$", line
        )
        if told:
            found += [part.strip() for part in re.split(r"\s&&\s", re.sub(r"\s{2,}#.*", "", told.group(1)))]
    return found


def snippets(page: str) -> list[str]:
    """The Python of a page: fenced, or indented from `import geoecon` to the end of the block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    fenced = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    inside = re.findall(r"^    import geoecon as ge\n(?:    .*\n|\n(?=    ))*", text, re.M)
    return [*fenced, *(textwrap.dedent(block) for block in inside)]


BASE = "out/japan-korea-2019"  # the run that the pages stand on
MAKE = {"new", "data"}  # what they write, later lines of the page read
ALONE = {"ask", "licence", "scan", "exposure", "levers", "hedge", "evidence", "law"}  # verbs that need no other line


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The folder of the run by number of draws, made when it is first asked for."""
    made = {}

    def of(draws: str) -> Path:
        if draws not in made:
            made[draws] = tmp_path_factory.mktemp("base") / "report"
            assert called(["run", "japan-korea-2019", "--draws", draws, "--out", str(made[draws])]) == 0
        return made[draws]

    return of


@pytest.fixture(scope="module")
def seen():
    return set()


def run_page(page: str, base, seen, few: bool) -> None:
    """Every line of a page, in order; one that needs no other, and that an earlier page had, is run once."""
    shutil.copytree(base("2" if few else "200"), BASE)
    for line in documented(page):
        words = shlex.split(line)[1:]
        if words[0] == "serve":  # it stays; tests/views drive it
            continue
        if words[0] in ALONE and (line, few) in seen and not {"--out", "--save"} & set(words):
            continue
        if not few and words[0] not in {*FEW, *MAKE}:  # the same line with few draws and with many
            continue
        seen.add((line, few))
        if few and words[0] in FEW:
            words = [word for k, word in enumerate(words) if "--draws" not in (word, words[k - 1])] + [
                "--draws",
                "20" if words[0] == "ask" else "2",
            ]
        assert called(words) == 0, line


CLOCK = (ROOT / "docs" / "when-do-my-parts-run-out.md").read_text(encoding="utf-8")
PARTS = re.findall(r"^ {4}(part,.*|.*,Supplier .,\d+)$", CLOCK.split("    geoecon shortage-clock")[0], re.M)


def test_the_clock_prints_what_its_page_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("parts.csv").write_text("\n".join(PARTS))
    assert called(shlex.split(documented("docs/when-do-my-parts-run-out.md")[0])[1:]) == 0
    assert re.search(r"```text\n(.*?)```", CLOCK, re.S)[1].strip() in capsys.readouterr().out


LINES = [page for page in PAGES if any(not line.startswith("geoecon serve") for line in documented(page))]


@pytest.mark.parametrize("page", LINES)
def test_documented_lines_run(page, base, seen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "own.csv").write_text(FLOWS + OWN)
    (tmp_path / "parts.csv").write_text("\n".join(PARTS))
    run_page(page, base, seen, few=True)


PYTHON = [page for page in PAGES if snippets(page)]


@pytest.mark.parametrize("page", PYTHON)
def test_documented_python_runs(page):
    for text in snippets(page):
        exec(compile(text.replace("draws=100", "draws=2"), page, "exec"), {})


def test_the_pages_with_python_are_found():
    assert {"README.md", "docs/tutorial.md", "docs/when-do-my-parts-run-out.md"} <= set(PYTHON)


@pytest.mark.nightly
@pytest.mark.parametrize("page", LINES)
def test_documented_lines_run_as_printed(page, base, seen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "own.csv").write_text(FLOWS + OWN)
    (tmp_path / "parts.csv").write_text("\n".join(PARTS))
    run_page(page, base, seen, few=False)
