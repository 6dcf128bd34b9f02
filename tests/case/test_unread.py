"""What a case says and nothing would read is refused by name, at `check`, at `run` and in Python alike."""

import shutil
from pathlib import Path

import pytest

import geoecon as ge

CASE = "china-graphite-2023"


@pytest.fixture
def mine(tmp_path):
    return Path(shutil.copytree(ge.load_case(CASE).folder, tmp_path / "mine"))


def edited(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("case.toml", "[scenario]", '[scenario]\nboycott = "maybe"', "allowed: off, known, observed"),
        ("case.toml", "[scenario]", '[scenario]\nboycot = "on"', "'boycot' is unknown; allowed: boycott"),
        ("case.toml", "[case]", '[case]\ncolour = "red"', r"case\.colour: unknown key"),
        ("case.toml", "[horizon]", "[horizon]\nmonths = 12", r"horizon\.months: unknown key"),
        ("case.toml", "[horizon]", "[horizn]\nmonths = 12\n[horizon]", r"horizn: unknown key"),
        ("case.toml", "[[states]]", "[[states]]\nrank = 1", r"states\[1\]\.rank: unknown key"),
        ("case.toml", 'hs = ["', 'hs = ["28369X", "', "'28369X'; allowed: codes of digits alone"),
        ("measures.csv", ",individual,", ",individaul,", "'individaul', which nothing reads; allowed: individual"),
        ("parameters.csv", "criticality", "critcality", "'critcality', which nothing reads; allowed: criticality"),
        ("macro.csv", "gdp_usd", "gdpusd", "'gdpusd', which nothing reads; allowed: gdp_usd"),
    ],
)
def test_what_nothing_would_read_is_refused(mine, file, old, new, said):
    edited(mine, file, old, new)
    with pytest.raises(ge.InputError, match=said):
        ge.load_case(mine)


def test_a_unit_that_the_line_does_not_have_is_refused(mine):
    with (mine / "case.toml").open("a", encoding="utf-8") as file:
        file.write('\n[economy]\nsource_id = "x"\nunit = "EUR million"\n') if "[economy]" not in (
            mine / "case.toml").read_text(encoding="utf-8") else None  # fmt: skip
    if 'unit = "EUR million"' not in (mine / "case.toml").read_text(encoding="utf-8"):
        edited(mine, "case.toml", 'unit = "USD million"', 'unit = "EUR million"')
    with pytest.raises(ge.InputError, match=r"economy\.unit: 'EUR million'; allowed: USD million"):
        ge.load_case(mine)


def test_an_income_is_above_nothing(mine):
    rows = (mine / "macro.csv").read_text(encoding="utf-8").splitlines()
    line = next(k for k, row in enumerate(rows) if "gdp_usd" in row)
    cells = rows[line].split(",")
    cells[rows[0].split(",").index("value")] = "-5"
    rows[line] = ",".join(cells)
    (mine / "macro.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(ge.InputError, match=rf"macro\.csv line {line + 1}, value: gdp_usd: -5; allowed: above 0"):
        ge.load_case(mine)


def test_nobody_buys_from_himself(mine):
    rows = (mine / "trade.csv").read_text(encoding="utf-8").splitlines()
    head, cells = rows[0].split(","), rows[1].split(",")
    cells[head.index("exporter")] = cells[head.index("importer")]
    (mine / "trade.csv").write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(ge.InputError, match=r"trade\.csv line 2, importer: .*another state than the exporter"):
        ge.load_case(mine)


def test_a_table_under_a_misspelt_name_is_refused(mine):
    shutil.copy(mine / "measures.csv", mine / "mesures.csv")
    with pytest.raises(ge.InputError, match=r"mesures\.csv: a file that nothing reads; allowed: measures\.csv"):
        ge.load_case(mine)


def test_what_new_writes_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ge.load_case(ge.new("asked", "Chile stops lithium carbonate to Korea", start="2027-03-01")).products
    assert ge.load_case(ge.new("plain", sender="CHN", target="JPN", product=("gallium",))).products
