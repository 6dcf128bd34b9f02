"""Names in any spelling, published lists in any format, two days of a list, and shipments as workbooks."""

import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.law import compare_parties, licence, load_regimes, read_parties, screen, update_parties
from geoecon.law.name_index import Index
from geoecon.law.names import key_of, words_of
from geoecon.law.party_hits import hits

TRAPS = Path(__file__).parent / "traps2"


NAMES = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[2] / "bench" / "party_names.py")))


@pytest.fixture(scope="module")
def listed():
    """Entity List names of the package: (name, entry, primary)."""
    return NAMES.listed_names()


@pytest.fixture(scope="module")
def index(listed):
    return Index.of(listed)


def test_the_shares_of_the_name_table(listed, index):
    found = {name: NAMES.shares(listed, index, spelling) for name, spelling in NAMES.SPELLINGS.items()}
    assert found["capitals, no punctuation"][0] >= 0.93
    assert found["Ltd. for Limited, no commas"][0] >= 0.93
    assert found["legal form dropped"][0] >= 0.99
    exact, near = found["one letter missing"]
    assert exact < 0.05 and near >= 0.4


def test_a_dropped_legal_form_is_found_among_the_names_that_have_one(listed, index):
    having = [(name, entry) for name, entry, _ in listed if NAMES.FORM.search(name)]
    found = [any(one == entry for one, _, _ in index.exact.get(key_of(NAMES.FORM.sub("", name)), ()))
             for name, entry in having]  # fmt: skip
    assert len(having) > 1000 and sum(found) / len(having) >= 0.99


def test_false_alarms_are_few(index):
    names = NAMES.made_names(2000)
    alarms = [name for name in names if key_of(name) in index.exact or index.near(name)]
    assert len(alarms) <= 10, alarms
    american = load_regimes()["USA"]  # by every rule: heads of groups, initials, names inside others
    assert len([name for name in names if hits(american, name)]) <= 10
    assert len([name for name in names if hits(load_regimes()["CHN"], name)]) <= 10  # a list that clears


@pytest.mark.parametrize(
    ("one", "other"),
    [("Co., Ltd.", None), ("MITSUI E&S Co., Ltd.", "Mitsui E & S Co Ltd"), ("S.A. Example", "Example SA"),
     ("株式会社SUBARU", "ＳＵＢＡＲＵ"), ("삼성전자 주식회사", "삼성전자(주)"),
     ("Société Générale S.A.", "SOCIETE GENERALE"),
     ("Open Joint Stock Company Almaz-Antey", "OAO Almaz Antey"), ("华为技术有限公司", "华为技术")],
)  # fmt: skip
def test_normal_form(one, other):
    assert words_of(one) if other is None else key_of(one) == key_of(other)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A place of its own for loaded lists; the built-in regimes are read anew before and after."""
    from geoecon.law.read_regimes import forget

    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "data"))
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def test_two_entries_that_read_alike_stand_for_two_that_do_not(machine):
    """A buyer of the same standing as one of whose entries two have one text: each of its own entries is told, none
    twice."""
    (machine / "parties.csv").write_text("name,list\nAlpha Works,us-entity-list\n", encoding="utf-8")
    update_parties(read_parties(machine / "parties.csv", date(2026, 1, 1)))
    rows = [{"from": "USA", "to": "RUS", "item": "EAR99", "date": "2022-12-01", "party": name}
            for name in ("United Engineering", "Skyverse Pte. Ltd.")]  # fmt: skip
    found = screen(pd.DataFrame(rows))
    for line, row in enumerate(rows):
        alone = licence(exporter="USA", destination="RUS", item="EAR99", on=row["date"], facts={"party": row["party"]})
        assert found.answer(line).party == alone.party
    assert len(set(found.answer(1).party[:2])) == 2


def test_a_source_that_vanishes_is_stale_not_delisted(machine):
    folder = TRAPS / "list-missing-a-source"
    first = read_parties(folder / "2023-02-01.csv", date(2023, 2, 1))
    second = read_parties(folder / "2023-02-02.csv", date(2023, 2, 2))
    found = compare_parties(first, second)
    states = {row[1]: row[2] for row in found.rows}
    assert states == {"Iota Example": "source missing", "Kappa Example": "removed", "Lambda Example": "listed"}
    assert "Warning: source missing: us-sdn (1 entry, still listed" in found.sentence()

    def ask(party, day):
        return licence(exporter="USA", destination="CHN", item="EAR99", on=day, party=party)

    update_parties(first)
    loaded = update_parties(second)
    assert loaded.count("removed") == 1 and "cut short? It adds names, ends none" in loaded.sentence()
    assert [row[3] for row in loaded.rows if row[2] == "removed"] == [
        "not in the newer file, which seems cut short: still matched as listed"
    ]
    assert ask("Kappa Example", "2023-02-02").ground == "US-EL"  # what the row says is what the answer does
    assert ask("Lambda Example", "2023-02-02").ground == "US-EL"
    stale = ask("Iota Example", "2023-02-02")
    assert stale.kind == "unknown" and "not known for this day: Iota Example on us-sdn" in stale.party[0]
    assert ask("Huawei Technologies", "2025-01-01").ground == "US-EL"  # a small file ends nothing
    with pytest.raises(InputError, match="a later day"):
        update_parties(first)


def test_an_entry_that_was_renamed_is_told_and_both_names_are_matched(machine):
    head = "_id,source,name,alt_names,start_date,end_date,license_policy\n"
    line = "{},Entity List (EL) - Bureau of Industry and Security,{},{},2019-01-01,,Presumption of denial\n"
    first, *later = [
        head + line.format("c", "Rho Example", "Rho Works") + line.format("d", "Sigma Example Ltd.", ""),
        head + line.format("c", "Tau Trading", "") + line.format("d", "SIGMA EXAMPLE LTD", ""),
        head + line.format("c", "Upsilon Metals", "") + line.format("d", "Sigma Example Ltd", ""),
    ]  # the third name forgets the first
    files = [machine / f"{k}.csv" for k in range(3)]
    for file, text in zip(files, (first, *later), strict=True):
        file.write_text(text)
    read = [read_parties(file, date(2024, 5, k + 1)) for k, file in enumerate(files)]
    found = compare_parties(read[0], read[1])
    states = {row[1]: row[2:] for row in found.rows}
    assert states["Rho Example"] == ("renamed", "now Tau Trading; loading keeps the old name to match")
    assert states["Sigma Example Ltd."][0] == "listed"
    assert "0 added, 0 removed, 1 renamed, 1 unchanged" in found.sentence()
    assert found.summary()["party"].tolist() == ["Rho Example"]
    for one in read:
        last = update_parties(one)
    assert last.count("renamed") == 1

    def ask(party):
        return licence(exporter="USA", destination="CHN", item="EAR99", on="2024-05-03", party=party)

    for name in ("Rho Example", "Rho Works", "Tau Trading", "Upsilon Metals"):
        assert ask(name).ground == "US-EL", name


def test_a_party_of_the_package_that_a_file_calls_otherwise_stays_one_party(machine):
    rows = load_regimes()["USA"].rows["party_listing"]
    mine = [row for row in rows if row["list"] == "us-entity-list" and not row["listed_to"]]
    known = {key_of(name) for row in rows for name in (row["party"], *row["aliases"])}
    lines = ["_id,source,name,alt_names,start_date,end_date,license_policy"]
    lines += [f'y{k},Entity List (EL) - BIS,"{("Psi Example, once " if k == 0 else "") + row["party"]}",'
              f'"{row["party"] if k == 0 else ""}",2020-01-01,,' for k, row in enumerate(mine)]  # fmt: skip
    assert key_of("Psi Example, once " + mine[0]["party"]) not in known
    (machine / "csl.csv").write_text("\n".join(lines) + "\n")
    update_parties(read_parties(machine / "csl.csv", date(2026, 8, 1)))
    after = [row for row in load_regimes()["USA"].rows["party_listing"] if row["party"] == mine[0]["party"]]
    assert [row["listed_to"] for row in after if row["list"] == "us-entity-list"] == [None]
    assert "Psi Example, once " + mine[0]["party"] in after[0]["aliases"]


def test_a_whole_list_clears_no_name_but_answers(machine):
    rows = ["_id,source,entity_number,type,name,alt_names,start_date,end_date,license_policy,country"]
    for number, source in enumerate(("Entity List (EL) - BIS", "Denied Persons List (DPL) - BIS",
                                     "Unverified List (UVL) - BIS", "Military End User (MEU) List - BIS")):  # fmt: skip
        rows.append(f"x{number},{source},,Entity,Example {number} Heavy Works,,2020-01-01,,,CN")
    ask = {"exporter": "USA", "destination": "CHN", "item": "EAR99"}
    (machine / "short.csv").write_text("\n".join(rows) + "\n")  # cut short: most stored names are not in it
    told = update_parties(read_parties(machine / "short.csv", date(2026, 7, 31))).sentence()
    assert "us-entity-list: the file lacks" in told and "clears nobody" in told
    assert licence(**ask, on="2026-07-31", party="Orchard Fruit Traders").kind == "unknown"
    assert licence(**ask, on="2026-07-31", party="Example 1 Heavy Works").kind == "prohibited"
    stored = [row["party"] for row in load_regimes()["USA"].rows["party_listing"] if row["list"] == "us-entity-list"]
    rows += [f'y{k},Entity List (EL) - BIS,,Entity,"{name}",,2020-01-01,,,CN'
             for k, name in enumerate(name.replace('"', "") for name in stored)]  # fmt: skip
    (machine / "csl.csv").write_text("\n".join(rows) + "\n")
    update_parties(read_parties(machine / "csl.csv", date(2026, 8, 1)))
    assert licence(**ask, on="2026-08-01", party="Example 1 Heavy Works").kind == "prohibited"
    assert licence(**ask, on="2026-08-01", party="Example 0 Heavy Works Co Ltd").ground == "US-EL"
    clear = licence(**ask, on="2026-08-01", party="Orchard Fruit Traders")
    assert clear.kind == "none" and "not found is not cleared" in clear.sentence()


FORMATS = {
    "csl.json": ("us-entity-list", json.dumps({"results": [
        {"id": "1", "source": "Entity List (EL) - Bureau of Industry and Security", "name": "Example Works",
         "country": "CN",
         "alt_names": ["Example Factory"], "start_date": "2020-01-01", "source_list_url": "x"}]})),
    "csl.tsv": ("us-entity-list", "_id\tsource\tname\talt_names\tstart_date\tend_date\tlicense_policy\n"
                "1\tEntity List (EL) - BIS\tExample Works\tExample Factory\t2020-01-01\t\t\n"),
    "eu.csv": ("eu-financial-sanctions", "Entity_LogicalId;Entity_Regulation_Programme;NameAlias_WholeName\n"
               "7;RUS;Example Works\n7;RUS;Example Factory\n"),
    "eu.xml": ("eu-financial-sanctions", '<export><sanctionEntity logicalId="7"><nameAlias wholeName="Example Works"/>'
               '<nameAlias wholeName="Example Factory"/></sanctionEntity></export>'),
    "uk.csv": ("uk-sanctions", "Last Updated,01/08/2026\n"
               "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Country,Group ID,Listed On\n"
               "Example Works,,,,,,Russia,7,24/02/2022\nExample Factory,,,,,,Russia,7,24/02/2022\n"),
    "jp.csv": ("jp-end-user-list", "No.,Country or Region,Company or Organization,Also Known As,Type of WMD\n"
               "1,Iran,Example Works,Example Factory,M\n"),
    "own.csv": ("cn-control-list", "name,aliases,list\nExample Works,Example Factory,cn-control-list\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_published_formats(tmp_path, name):
    wanted, text = FORMATS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (entry,) = read_parties(tmp_path / name, date(2026, 8, 1)).entries
    assert (entry.list, entry.names) == (wanted, ("Example Works", "Example Factory"))


def test_a_file_that_is_no_list_is_refused_with_what_is_known(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="US consolidated list"):
        read_parties(tmp_path / "x.csv", date(2026, 8, 1))
    (tmp_path / "y.csv").write_text("name,start\nExample,soon\nOther,later\n")
    with pytest.raises(InputError, match=r"line 2, start(.|\n)*line 3, start"):
        read_parties(tmp_path / "y.csv", date(2026, 8, 1), "cn-control-list")


# --- workbooks and stamps ------------------------------------------------------------------------------------------


def test_a_workbook_in_and_a_coloured_one_out(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    table = pd.DataFrame({"From": ["Japan", "China", "USA"], "To": ["South Korea", "Japan", "Russia"],
                          "Item": ["2811.11", "gallium", "EAR99"], "Date": pd.to_datetime(["2019-07-05"] * 3),
                          "part": ["a", "b", "c"], "party": ["", "Nobody", ""]})  # fmt: skip
    table.loc[1, "Date"] = pd.Timestamp("2026-03-01")
    table.loc[2, "Date"] = pd.Timestamp("2026-03-01")
    table.to_excel(tmp_path / "in.xlsx", index=False)
    found = screen(tmp_path / "in.xlsx", out=tmp_path / "out.xlsx")
    assert list(found.column("verdict")) == ["not known", "case by case", "not known"]
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["shipments"]
    heads = [cell.value for cell in sheet[1]]
    cell = sheet.cell(3, heads.index("verdict") + 1)
    assert cell.value == "◐ case by case" and cell.fill.fgColor.rgb == "FF8A5A00"
    asks = sheet.cell(3, heads.index("ask the supplier or buyer") + 1).value
    assert "Is the use military?" in asks
    screen(table.assign(part="=1+1"), out=tmp_path / "formula.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "formula.xlsx")["shipments"].cell(2, heads.index("part") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("name", ["utc.parquet", "tokyo.parquet"])
def test_an_instant_counts_on_the_day_at_the_exporters_place(name):
    found = screen(TRAPS / "time-zone-stamps" / name)
    assert sorted(found.column("kind")) == ["general_bulk", "individual", "individual"]


def test_stamps_of_which_the_day_is_not_clear_stop(tmp_path):
    shipments = pd.DataFrame({"from": ["USA", "JPN", "JPN"], "to": "KOR", "item": "photoresist",
                              "date": ["2026-01-05T06:30Z", "2019-07-03T16:30", "2019-07-03T16:30+00:00"]})  # fmt: skip
    with pytest.raises(InputError) as caught:
        screen(shipments)
    assert [fault.row for fault in caught.value.faults] == [3, 2] or [f.row for f in caught.value.faults] == [2, 3]
    fine = shipments.iloc[2:].reset_index(drop=True)
    assert list(screen(fine).column("kind")) == ["individual"]


def test_every_bad_cell_is_told_at_once():
    shipments = pd.DataFrame({"from": ["JPN", "Jpan"], "to": ["KOR", "Atlantis"], "item": "HF",
                              "date": ["2019-07-04", "4.7.2019"],
                              "end_use": ["militray", ""], "wt_pct": ["x", "130"]})  # fmt: skip
    with pytest.raises(InputError) as caught:
        screen(shipments)
    assert len(caught.value.faults) == 6


def test_the_head_of_a_listed_group_is_to_be_checked():
    asked = {"exporter": "CHN", "destination": "JPN", "item": "gallium", "on": "2026-03-10"}
    for name in ("Mitsubishi Heavy Industries", "MITSUBISHI HEAVY INDUSTRIES, LTD."):
        found = licence(**asked, party=name)
        assert found.kind == "unknown" and "check the party" in found.reasons[0]
    assert licence(**asked, party="Toyota Motor Corporation").kind == "individual"


def test_a_plain_table_adds_names_and_clears_nobody(machine, tmp_path):
    """One line is not the whole list: who is not in it is not known, unless the user says that it is all."""
    (tmp_path / "own.csv").write_text("name,list,from\nACME Sensors Ltd,us-meu-list,2024-01-01\n", encoding="utf-8")

    def asked(party):
        return licence(load_regimes(), exporter="USA", destination="CHN", item="EAR99", on="2026-10-28",
                       facts={"party": party})  # fmt: skip

    for name in ("us-entity-list", "us-denied-persons", "us-meu-list", "us-unverified-list"):
        update_parties(read_parties(tmp_path / "own.csv", date(2026, 10, 28), name))
    assert asked("Inspur").kind != "none"
    assert asked("ACME Sensors Ltd").kind != "none"


def test_a_list_that_no_rule_asks_and_a_day_to_come_are_refused(tmp_path):
    (tmp_path / "own.csv").write_text("name\nACME Sensors Ltd\n", encoding="utf-8")
    with pytest.raises(InputError, match="no-such-list, which no table asks; allowed: us-entity-list"):
        update_parties(read_parties(tmp_path / "own.csv", date(2026, 10, 28), "no-such-list"))
    with pytest.raises(InputError, match="up to today"):
        read_parties(tmp_path / "own.csv", date(2999, 1, 1), "us-meu-list")
