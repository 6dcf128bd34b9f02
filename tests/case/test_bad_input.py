"""Every file removed in turn, every column removed in turn, every kind of bad cell: one message, no trace."""

import csv
import re

import pytest
import smallcase

from geoecon import scorecard
from geoecon.case import FILES, OUTCOMES, REQUIRED, load_case
from geoecon.errors import Fault, InputError, MissingData

RULES = {**FILES, OUTCOMES: scorecard.OUTCOME_COLUMNS}
CELLS = [(name, column) for name, rules in RULES.items() for column in rules]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return smallcase.write(tmp_path_factory.mktemp("case") / "small", smallcase.Recipe())


@pytest.fixture
def folder(tmp_path):
    return smallcase.write(tmp_path / "small", smallcase.Recipe())


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def save(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def set_cell(folder, name, column, value, line=2):
    rows = rows_of(folder / name)
    rows[line - 1][rows[0].index(column)] = value
    save(folder / name, rows)


def read(folder):
    """Everything that reads the folder's files."""
    case = load_case(folder)
    try:
        scorecard.read_outcomes(case)
    except MissingData:
        return case
    return case


def faults(folder):
    with pytest.raises(InputError) as error:
        read(folder)
    text = str(error.value)
    assert "Traceback" not in text
    for line in text.split("\n"):
        assert "; allowed: " in line or re.fullmatch(r"and \d+ more", line), line
    return error.value.faults


def test_the_small_case_is_valid(folder):
    case = read(folder)
    assert case.sender == "QSA"
    assert case.patron == "QPC"
    assert len(scorecard.read_outcomes(case)) == 3


@pytest.mark.parametrize("name", ["case.toml", *RULES])
def test_each_file_removed_in_turn(folder, name):
    if not (folder / name).is_file():
        return  # a file that the small case leaves out
    (folder / name).unlink()
    if name == "case.toml" or name in REQUIRED:
        assert any(fault.file == name and "missing" in fault.found for fault in faults(folder))
    elif name == OUTCOMES:
        with pytest.raises(MissingData, match=r"outcomes\.csv"):
            scorecard.read_outcomes(load_case(folder))
    else:
        case = read(folder)
        with pytest.raises(MissingData, match=re.escape(name)):
            case.table(name.removesuffix(".csv"))


@pytest.mark.parametrize(("name", "column"), CELLS)
def test_each_column_removed_in_turn(folder, name, column):
    path = folder / name
    if not path.is_file() or column not in (rows := rows_of(path))[0]:
        return  # optional columns that the small case leaves out are absent already
    at = rows[0].index(column)
    save(path, [row[:at] + row[at + 1 :] for row in rows])
    rule = RULES[name][column]
    if rule.column_required:
        found = [fault for fault in faults(folder) if fault.column == column]
        assert [(fault.file, fault.row, fault.found) for fault in found] == [(name, 1, "column is missing")]
    elif name == OUTCOMES and column in ("sense", "threshold"):
        assert any(fault.file == OUTCOMES and "R2" in fault.found for fault in faults(folder))
    else:
        read(folder)


@pytest.mark.parametrize(("name", "column"), CELLS)
def test_each_needed_cell_emptied_in_turn(folder, name, column):
    path = folder / name
    if not path.is_file() or column not in rows_of(path)[0]:
        return
    set_cell(folder, name, column, "")
    if RULES[name][column].required:
        assert (name, 2, column, "empty") in [(f.file, f.row, f.column, f.found) for f in faults(folder)]


@pytest.mark.parametrize(("name", "column"), CELLS)
@pytest.mark.parametrize("formula", ["=1+1", "-2+cmd()"])
def test_a_formula_in_any_cell_is_refused(folder, name, column, formula):
    path = folder / name
    if not path.is_file() or column not in rows_of(path)[0]:
        return
    set_cell(folder, name, column, formula)
    found = [fault for fault in faults(folder) if fault.column == column and fault.row == 2 and fault.file == name]
    assert any("formula" in fault.found or fault.found == repr(formula) for fault in found)


BAD = {
    "unknown country": ("trade.csv", "exporter", "XQZ", "unknown country 'XQZ'"),
    "unknown importer of a rule": ("measures.csv", "importer", "XQZ", "unknown country 'XQZ'"),
    "unknown state in macro": ("macro.csv", "state", "XQZ", "unknown country 'XQZ'"),
    "share above one": ("trade.csv", "share", "1.2", "'1.2'"),
    "cap above one": ("measures.csv", "cap_share", "40", "'40'"),
    "negative value": ("trade.csv", "value_usd", "-5", "'-5'"),
    "infinite value": ("trade.csv", "value_usd", "1e400", "'1e400'"),
    "decimal comma": ("trade.csv", "value_usd", "1,5", "'1,5'"),
    "thousands with a low line": ("trade.csv", "value_usd", "1_000", "'1_000'"),
    "a word for a number": ("parameters.csv", "central", "many", "'many'"),
    "spreadsheet serial for a day": ("measures.csv", "valid_from", "43650", "'43650'"),
    "day and month turned": ("measures.csv", "valid_from", "04/07/2019", "'04/07/2019'"),
    "29 February of a common year": ("measures.csv", "known_from", "2019-02-29", "'2019-02-29'"),
    "month 13": ("trade.csv", "period", "2019-13", "'2019-13'"),
    "no source": ("trade.csv", "source_id", "", "empty"),
    "source of another file": ("trade.csv", "source_id", "nobody", "'nobody'"),
    "status of hearsay": ("trade.csv", "status", "heard", "'heard'"),
    "state of law": ("measures.csv", "state", "maybe", "'maybe'"),
    "system of an event": ("timeline.csv", "system", "weather", "'weather'"),
    "use of an economy": ("economy.csv", "use", "other", "'other'"),
    "low above high": ("parameters.csv", "low", "1000", "inventory_days: 1000"),
    "outcome without a date": ("outcomes.csv", "date", "", "empty"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_cells_are_named_by_file_row_and_column(folder, kind):
    name, column, value, found = BAD[kind]
    set_cell(folder, name, column, value)
    mine = [fault for fault in faults(folder) if isinstance(fault, Fault) and fault.file == name and fault.row == 2]
    assert any(column in (fault.column or "") and found in fault.found and fault.allowed for fault in mine), mine


@pytest.mark.parametrize("name", ["need_share", "need_share.acid", "alternative_ceiling"])
def test_a_share_in_per_cent_is_refused(folder, name):
    set_cell(folder, "parameters.csv", "name", name)
    mine = [fault for fault in faults(folder) if isinstance(fault, Fault) and fault.file == "parameters.csv"]
    assert any(fault.row == 2 and fault.allowed == "a share from 0 to 1 (6 % is 0.06)" for fault in mine), mine


def test_an_end_before_its_beginning(folder):
    set_cell(folder, "measures.csv", "valid_to", "2019-06-30")
    (fault,) = faults(folder)
    assert (fault.file, fault.row, fault.column, fault.found) == ("measures.csv", 2, "valid_to", "2019-06-30")
    assert "2019-07-01" in fault.allowed


def test_all_faults_of_all_files_come_in_one_message(folder):
    set_cell(folder, "trade.csv", "share", "7")
    set_cell(folder, "trade.csv", "exporter", "XQZ", line=4)
    set_cell(folder, "parameters.csv", "as_of", "soon")
    (folder / "timeline.csv").unlink()
    found = {(fault.file, fault.row) for fault in faults(folder)}
    assert {("trade.csv", 2), ("parameters.csv", 2), ("timeline.csv", None)} <= found


def test_many_faults_are_counted_not_poured_out(folder):
    rows = rows_of(folder / "trade.csv")
    save(folder / "trade.csv", [rows[0]] + [[*row[:5], "x", *row[6:]] for row in rows[1:]])
    with pytest.raises(InputError) as error:
        load_case(folder)
    assert len(error.value.faults) == len(rows) - 1
    assert str(error.value).endswith(f"and {len(rows) - 21} more")


def test_line_numbers_count_line_breaks_inside_quotes(folder):
    rows = rows_of(folder / "claims.csv")
    rows.insert(1, ["C0", "a claim\nof two lines", "wrong", "a fact", "made", "seen"])
    rows[2][4] = "nobody"
    save(folder / "claims.csv", rows)
    assert [(fault.row, fault.column) for fault in faults(folder)] == [(4, "source_id")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "file is empty"),
        (b'source_id,citation\n"made,open', "not readable as CSV"),
        (b"source_id,citation\nmade", "1 fields"),
        (b"source_id,source_id,citation\na,b,c\n", "stands twice"),
    ],
)
def test_files_that_are_no_tables(folder, content, says):
    (folder / "sources.csv").write_bytes(content)
    assert any(fault.file == "sources.csv" and says in fault.found for fault in faults(folder))


@pytest.mark.parametrize("name", ["trade.csv", "measures.csv"])
def test_a_header_and_no_rows_is_a_fault(folder, name):
    save(folder / name, rows_of(folder / name)[:1])
    told = [fault for fault in faults(folder) if fault.file == name]
    assert [str(fault) for fault in told] == [
        f"{name} line 1: a header and no rows; allowed: at least one row below the header"
    ]


def test_a_mark_that_excel_puts_first_is_no_part_of_the_header(folder):
    path = folder / "sources.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(folder).table("sources")["source_id"].tolist() == ["made"]


TOML = {
    "not TOML": ("[case]", "[case", "valid TOML"),
    "no title": ('title = "A small case"\n', "", "case.title"),
    "a number for a title": ('title = "A small case"', "title = 3", "case.title"),
    "start is no day": ('start = "2019-07-01"', 'start = "July 2019"', "case.start"),
    "end before start": ('end = "2021-07-01"', 'end = "2018-01-01"', "case.end"),
    "no cut-off": ('cutoffs = ["2019-07-01"]', "cutoffs = []", "case.cutoffs"),
    "cut-off is no day": ('cutoffs = ["2019-07-01"]', 'cutoffs = ["soon"]', "cutoffs"),
    "cut-off after the end": ('cutoffs = ["2019-07-01"]', 'cutoffs = ["2031-01-01"]', "cutoffs"),
    "unknown role": ('role = "patron"', 'role = "friend"', "states[3].role"),
    "two senders and none leads": ('role = "patron"', 'role = "sender"', "2 in the role sender"),
    "no target": ('role = "target"', 'role = "other"', "0 in the role target"),
    "state twice": ('code = "QTB"', 'code = "QSA"', "QSA"),
    "a product without a name": ('name = "resin"\n', "", "products[1].name"),
    "users as text": (
        'users = [["QTB", "electrical and optical equipment"]]',
        'users = "QTB electrical"',
        "products[1].users",
    ),
    "users without a sector": (
        'users = [["QTB", "electrical and optical equipment"]]',
        'users = [["QTB"]]',
        "products[1].users",
    ),
    "codes of customs as numbers": ('hs = ["390000"]', "hs = [390000]", "products[1].hs"),
    "no horizon": ("disruption_days = 400", "days = 200", "horizon.disruption_days"),
    "a horizon of nothing": ("disruption_days = 400", "disruption_days = 0", "horizon.disruption_days"),
    "a horizon below nothing": ("bargaining_months = 12", "bargaining_months = -1", "horizon.bargaining_months"),
    "a horizon of ages": ("disruption_days = 400", "disruption_days = 400000", "horizon.disruption_days"),
    "states are no tables": ("[[states]]", "states = 3\n[[others]]", "states"),
    "scenario is no table": ("[scenario]", "[scenarios]\n[[scenario]]", "scenario"),
}


@pytest.mark.parametrize("kind", TOML)
def test_bad_case_toml(folder, kind):
    old, new, says = TOML[kind]
    path = folder / "case.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    if kind == "states are no tables":
        text = "states = 3\n" + text.replace("[[states]]", "[[others]]")
    else:
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    assert any(fault.file == "case.toml" and says in f"{fault.column} {fault.found} {fault.allowed}"
               for fault in faults(folder))  # fmt: skip


def test_a_folder_that_is_none():
    with pytest.raises(
        InputError, match=r"no case 'nowhere'; allowed: a folder with a case\.toml, a packed case \(\.zip\), or china"
    ):
        load_case("nowhere")


@pytest.mark.parametrize("fault", ["share", "toml"])
def test_the_command_line_says_it_once_and_writes_nothing(folder, capsys, tmp_path, fault):
    from geoecon.cli import main

    if fault == "share":
        set_cell(folder, "trade.csv", "share", "1.2")
    else:
        (folder / "case.toml").write_text("[case", encoding="utf-8")
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        main(["run", str(folder), "--draws", "0", "--out", str(out)])
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.out == ""
    assert "allowed" in said.err
    assert "Traceback" not in said.err
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small"]


def test_faults_of_cells_and_of_rows_come_in_one_message(folder):
    set_cell(folder, "parameters.csv", "low", "1e9", line=2)
    set_cell(folder, "trade.csv", "exporter", "QQQ", line=2)
    set_cell(folder, "trade.csv", "value_usd", "-1", line=3)
    told = [(fault.file, fault.row, fault.column) for fault in faults(folder)]
    assert told == [("trade.csv", 2, "exporter"), ("trade.csv", 3, "value_usd"),
                    ("parameters.csv", 2, "low, central, high")]  # fmt: skip


def test_a_missing_column_does_not_hide_the_cells(folder):
    rows = rows_of(folder / "trade.csv")
    rows[1][rows[0].index("value_usd")] = "much"
    at = rows[0].index("hs")
    save(folder / "trade.csv", [row[:at] + row[at + 1 :] for row in rows])
    told = [(fault.row, fault.column) for fault in faults(folder)]
    assert told == [(1, "hs"), (2, "value_usd")]


@pytest.mark.parametrize("name", ["Duty rate", "duty_rates", "dutyrate"])
def test_a_column_that_may_be_absent_is_not_lost_by_its_spelling(folder, name):
    rows = [[*row, "0.25" if number else name] for number, row in enumerate(rows_of(folder / "measures.csv"))]
    save(folder / "measures.csv", rows)
    (found,) = faults(folder)
    assert (found.column, found.allowed.split(",")[0]) == (name, "duty_rate")


def test_a_heading_with_an_open_quote_is_a_fault(folder):
    path = folder / "macro.csv"
    path.write_text('"state,series\nJPN,gdp\n', encoding="utf-8")
    assert "not readable as CSV" in str(faults(folder)[0])


@pytest.mark.parametrize("name", ["trade.csv", "measures.csv", "macro.csv", "parameters.csv"])
def test_a_row_that_stands_twice_is_not_counted_twice(folder, name):
    rows = rows_of(folder / name)
    save(folder / name, [*rows, rows[1]])
    (found,) = faults(folder)
    assert (found.file, found.row, found.found) == (name, len(rows) + 1, "the same row as line 2")


CHANGED = {"trade.csv": "value_usd", "macro.csv": "value", "parameters.csv": "central", "measures.csv": "rule",
           "sources.csv": "citation"}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_second_row_with_other_values_names_both_lines(folder, name):
    rows = rows_of(folder / name)
    place = rows[0].index(CHANGED[name])
    row = next(row for row in rows[1:] if row[place])
    other = [*row]
    other[place] = f"{float(row[place]) * (1 + 1e-6)}" if name in ("trade.csv", "macro.csv", "parameters.csv") else "x"
    save(folder / name, [*rows, other])
    found = next(one for one in faults(folder) if one.row == len(rows) + 1 and "already" in one.found)
    assert found.file == name
    assert f"stands in line {rows.index(row) + 1} already" in found.found


def test_shares_of_one_flow_may_come_from_two_sources_but_not_from_one(folder):
    rows = rows_of(folder / "trade.csv")
    head = rows[0]
    row = dict(zip(head, rows[1], strict=True)) | {"period": "1995", "value_usd": "", "tonnes": "", "quantity": ""}
    known = rows_of(folder / "sources.csv")
    second = ["another", *known[1][1:]]
    save(folder / "sources.csv", [*known, second])
    told = [row | {"source_id": source, "share": share} for source, share in ((known[1][0], "0.7"), ("another", "0.6"))]
    save(folder / "trade.csv", [*rows, *([one.get(name, "") for name in head] for one in told)])
    read(folder)
    told[1]["source_id"] = known[1][0]
    save(folder / "trade.csv", [*rows, *([one.get(name, "") for name in head] for one in told)])
    (found,) = faults(folder)
    assert (found.row, found.column) == (len(rows) + 2, "share")


def test_a_parameter_of_a_good_that_the_case_lacks(folder):
    rows = rows_of(folder / "parameters.csv")
    save(folder / "parameters.csv", [*rows, ["inventory_days.polysilicon", *rows[1][1:]]])
    (fault,) = faults(folder)
    assert (fault.file, fault.row, fault.column) == ("parameters.csv", len(rows) + 1, "name")
    assert "no 'polysilicon'" in fault.found and "an id of case.toml" in fault.allowed
    save(folder / "parameters.csv", [*rows, ["inventory_days.hs2804", *rows[1][1:]]])
    load_case(folder)
