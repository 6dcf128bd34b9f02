"""What a case says and nothing would read is refused by name, at `check`, at `run` and in Python alike."""

import csv
import shutil
from pathlib import Path

import pytest

import geoecon as ge
from geoecon.case.odd import _slip

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


def cell(folder, file, column, value, where=lambda row: True):
    """Writes a value into the first row that fits, and gives its line."""
    with (folder / file).open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    number = next(k for k, row in enumerate(rows) if where(row))
    rows[number][column] = value
    with (folder / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return number + 2


ALLIANCE = """state,variable,date,value,unit,detail,source_id,status
KOR,capability,2022,about 2 %,share,,SOURCE,seen
CHN-XXX,defence_pact,2022,1,event,,SOURCE,seen
KOR,leader_type,2022,soft,,,SOURCE,seen
KOR-USA,defence_tie,1954/2026,2,,,SOURCE,seen
"""


def test_words_of_the_alliance_that_nothing_can_read_are_refused(mine):
    source = (mine / "sources.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    (mine / "alliance.csv").write_text(ALLIANCE.replace("SOURCE", source), encoding="utf-8")
    with pytest.raises(ge.InputError) as refused:
        ge.load_case(mine)
    said = str(refused.value)
    assert "line 2, value: capability: 'about 2 %'; allowed: a finite number" in said
    assert "line 3, state: unknown country 'XXX'" in said
    assert "line 4, value: 'soft'; allowed: firm, conciliatory" in said
    assert "line 5, value: '2'; allowed: 0, 1" in said


@pytest.mark.parametrize(("file", "column"), [("trade.csv", "period"), ("macro.csv", "year")])
def test_a_time_far_outside_the_case_is_refused(mine, file, column):
    line = cell(mine, file, column, "2071")
    with pytest.raises(ge.InputError, match=rf"{file} line {line}, {column}: 2071; allowed: a time from 1823 to 2035"):
        ge.load_case(mine)


def test_shares_of_more_than_all_are_refused(mine):
    cell(mine, "trade.csv", "share", "1.0", lambda row: row["exporter"] == "JPN" and row["importer"] == "KOR")
    with pytest.raises(ge.InputError, match=r"trade\.csv line \d+, share: shares of .* add up to 1\.\d+ with this one"):
        ge.load_case(mine)


def test_a_sector_that_one_cell_alone_names_is_refused(tmp_path):
    folder = Path(shutil.copytree(ge.load_case("japan-korea-2019").folder, tmp_path / "korea"))
    with (folder / "economy.csv").open(encoding="utf-8") as lines:
        sector = next(iter(csv.DictReader(lines)))["from_sector"]
    line = cell(folder, "economy.csv", "from_sector", sector[:-1] + "x")
    with pytest.raises(ge.InputError, match=rf"economy\.csv line {line}, from_sector: .*which no other row names"):
        ge.load_case(folder)


def test_a_metric_nearly_spelt_as_one_that_is_scored_is_refused_before_anything_runs(mine):
    line = cell(mine, "outcomes.csv", "metric", "import_change_12m")
    seen = []
    with pytest.raises(ge.InputError, match=rf"outcomes\.csv line {line}, metric: .*allowed: imports_change_12m"):
        ge.run(mine, draws=0, progress=seen.append)
    assert not seen


def test_all_faults_of_all_files_come_in_one_message(mine):
    """Also those of the files that only the evidence stage reads, and of the scenario."""
    edited(mine, "case.toml", 'patron_engaged_from = "never"', 'patron_engaged_from = "soon"\nboycott = "maybe"')
    cell(mine, "trade.csv", "value_usd", "much")
    cell(mine, "outcomes.csv", "date", "29/02/2028")
    with pytest.raises(ge.InputError) as refused:
        ge.load_case(mine)
    assert {fault.file for fault in refused.value.faults} == {"case.toml", "trade.csv", "outcomes.csv"}
    assert len([fault for fault in refused.value.faults if fault.file == "case.toml"]) == 2


def test_a_case_toml_that_is_none_hides_no_other_fault(mine):
    edited(mine, "case.toml", "[case]", "[case")
    cell(mine, "trade.csv", "value_usd", "much")
    with pytest.raises(ge.InputError) as refused:
        ge.load_case(mine)
    assert [fault.file for fault in refused.value.faults] == ["case.toml", "trade.csv"]


@pytest.mark.parametrize("day", ["2019-01", "2075-03", "2023-02-30"])
def test_a_patron_that_engages_outside_the_dispute_is_refused_at_once(day):
    with pytest.raises(ge.InputError, match=rf"patron_engaged_from = '{day}'; allowed: never, or a date from 2023-12"):
        ge.load_case(CASE).with_scenario(patron_engaged_from=day)


def test_a_table_with_semicolons_is_one_fault(mine):
    text = (mine / "measures.csv").read_text(encoding="utf-8")
    (mine / "measures.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    with pytest.raises(ge.InputError) as refused:
        ge.load_case(mine)
    assert [str(one) for one in refused.value.faults] == [
        "measures.csv line 1: columns apart by semicolons; allowed: commas between columns, and a point in numbers"
    ]


@pytest.mark.parametrize(
    ("one", "other", "told"), [("Sector 1", "Sector 2", False), ("manufacture_a", "manufacture_b", False),
                               ("machinery_nec", "machinery_elec", False), ("agricultur", "agriculture", True)],
)  # fmt: skip
def test_a_class_of_its_own_is_no_misspelling(one, other, told):
    assert bool(_slip(one, [other])) == told
