"""Words in, words out: places, items and trade names; the card of the licence desk; own regimes; what changed."""

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from geoecon.errors import InputError
from geoecon.law import (
    check_golden,
    check_regime,
    due,
    is_working,
    law_diff,
    licence,
    licence_card,
    load_regimes,
    own_regimes,
    read_regime,
    suggestions,
    verdict,
)


@pytest.mark.parametrize(
    ("item", "exporter", "codes"),
    [("H100", "USA", {"3A090.a"}), ("nvidia h100", "United States", {"3A090.a"}),
     ("EUV lithography", "Netherlands", {"LIST", "NL-DUV"}),
     ("rare earth magnets", "China", {"MAGNET-NDFEB-TBDY", "MAGNET-NDFEB", "MAGNET-SMCO"}),
     ("2811.11", "Japan", {"HF", "UNLISTED"}), ("3A090", "USA", {"3A090.a", "3A090.b", "3A090.c"}),
     ("5 axis machine tool", "Japan", {"ROW6", "UNLISTED"}), ("photoresists", "japan", {"RESIST"})],
)  # fmt: skip
def test_items_in_words_are_answered_or_given_as_choices(item, exporter, codes):
    answer = licence(exporter=exporter, destination="South Korea", item=item, on="2025-06-01")
    assert {code for code, _, _ in answer.choices} == codes if len(codes) > 1 else answer.item in codes


def test_what_is_no_item_is_refused_with_the_near_ones():
    with pytest.raises(InputError, match="HF"):
        licence(exporter="Japan", destination="Korea, Republic of", item="hydrogen flouride", on="2019-07-04")
    with pytest.raises(InputError, match="JPN"):
        licence(exporter="Jpan", destination="KOR", item="HF", on="2019-07-04")


def test_the_card_leads_with_the_verdict_and_says_what_would_change_it():
    card = licence_card("China", "Japan", "gallium", "2026-03-01")
    assert (card.verdict["word"], card.verdict["sign"]) == ("case by case", "◐")
    assert card.headline == "Licence needed, case by case"
    assert card.sentence.startswith("Gallium metal and seven compounds from China to Japan needs a licence")
    use = next(question for question in card.questions if question["fact"] == "end_use_class")
    assert {"military": "prohibited"}.items() <= {o["value"]: o["verdict"] for o in use["options"]}.items()
    assert [step["verdict"] for step in card.history][-1] == "not known"
    assert any(other["regime"] == "USA" and other["reaches"] is None for other in card.others)
    assert card.memo.splitlines()[0] == "CASE BY CASE" and card.link in card.memo and "Not legal advice" in card.memo
    json.dumps(card.to_dict(), default=str)


@pytest.mark.parametrize(
    ("kind", "policy", "word"),
    [("none", None, "no licence"), ("general_bulk", None, "general licence"), ("exception", None, "general licence"),
     ("individual", None, "case by case"), ("individual", "denial", "refused as policy"),
     ("individual", "presumption_denial", "refused as policy"), ("prohibited", None, "prohibited"),
     ("unknown", None, "not known")],
)  # fmt: skip
def test_six_verdicts(kind, policy, word):
    assert verdict(kind, policy).word == word


def test_refused_as_policy_says_how_long_a_refusal_takes():
    card = licence_card("USA", "RUS", "2B350", "2023-01-01")
    assert card.verdict["word"] == "refused as policy" and "do not ship" in card.sentence
    assert card.how_long.endswith("a refusal is to be expected")


def test_suggestions_for_a_search_box():
    assert {"regime": "JPN", "item": "HF"}.items() <= suggestions("fluoride")[0].items()


# --- working days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "day", "working"),
    [("USA", date(2025, 1, 9), False), ("USA", date(2024, 12, 24), False), ("USA", date(2023, 12, 22), True),
     ("USA", date(2018, 12, 5), False), ("JPN", date(2025, 12, 29), False), ("JPN", date(2026, 1, 2), False),
     ("JPN", date(2025, 12, 26), True), ("JPN", date(2026, 1, 5), True)],
)  # fmt: skip
def test_offices_close_by_order_and_over_the_new_year(place, day, working):
    assert is_working(place, day) is working


def test_a_due_day_past_the_last_published_year_is_marked():
    late = licence(exporter="CHN", destination="DEU", item="GALLIUM", on="2026-10-05")
    assert due("CHN", late.on, 45) == late.decision_by()
    assert not late.decision_note()
    later = licence(exporter="CHN", destination="DEU", item="GALLIUM", on="2026-12-15")
    assert later.presumed and "2027 are not published yet" in later.decision_note()
    assert "not published yet" in later.sentence()


# --- own regimes, golden files, what changed ----------------------------------------------------------------------


def test_a_regime_of_ones_own_stands_beside_the_built_in_ones(own, rows):
    folder = own()
    regimes = own_regimes([folder])
    assert {"JPN", "NZL"} <= set(regimes)
    assert (
        licence(regimes, exporter="New Zealand", destination="Brazil", item="vitriol", on="2020-01-01").kind
        == "individual"
    )
    assert own_regimes([folder.parent])["NZL"].title == "Utopia"
    with pytest.raises(InputError, match="no regime folder"):
        own_regimes([folder / "nothing"])


def test_a_workbook_of_rules_is_read_by_its_own_days(traps, tmp_path):
    workbook = traps.parent / "traps2" / "workbook-of-rules" / "rules_1904.xlsx"
    with pytest.raises(InputError, match="save the sheet as CSV with days as YYYY-MM-DD"):
        read_regime(workbook)
    rows = load_regimes(workbook)["JPN"].rows["licence_rule"]
    assert [(str(row["valid_from"]), str(row["valid_to"])) for row in rows] == [
        ("2010-06-01", "2019-07-04"), ("2019-07-04", "2021-01-01")]  # fmt: skip
    assert check_regime(workbook).ok
    (tmp_path / "rules.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match=r"rules\.xlsx"):
        load_regimes(tmp_path / "rules.xlsx")


@pytest.mark.parametrize(("name", "told"), [("golden", "became 370790"), ("golden_no", "became false"),
                                            ("golden_octal", "became 4177")])  # fmt: skip
def test_yaml_without_quotes_is_told(traps, name, told):
    with pytest.raises(InputError, match=f"{told}.*in quotes"):
        check_golden(traps.parent / "traps2" / "yaml-without-quotes" / f"{name}.yaml")


def golden(folder, lines, name="g.yaml"):
    text = "cases:\n- {id: a, from: JPN, to: KOR, item: HF, date: '2019-07-05', expect: {kind: individual}, %s}\n"
    (folder / name).write_text(text % lines, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("name", ["facts", "attributes"])
def test_facts_of_a_golden_file_are_text_as_they_stand(tmp_path, name):
    lines = (
        name + ": {end_use: off, party: 010, party_place: NO, purpose: ~, wt_pct: 017, exporter_icp: 1, end_user: 5}"
    )
    with pytest.raises(InputError) as error:
        check_golden(golden(tmp_path, lines))
    told = {(fault.column, fault.found) for fault in error.value.faults}
    assert told == {("end_use", "became false (bool)"), ("wt_pct", "became 15 (int)"), ("party", "became 8 (int)"),
                    ("exporter_icp", "became 1 (int)"), ("party_place", "became false (bool)"),
                    ("purpose", "became nothing"), ("end_user", "became 5 (int)")}  # fmt: skip
    assert all("quotes" in fault.allowed for fault in error.value.faults)
    plain = golden(tmp_path, name + ": {wt_pct: 49, exporter_icp: yes}")
    assert check_golden(plain) == check_golden(golden(tmp_path, "attributes: {wt_pct: '49', exporter_icp: 'yes'}"))


@pytest.mark.parametrize(("lines", "told"), [
    ("to: TWN", "line 2, to: stands twice"), ("facts: {party: a, party: b}", "line 2, party: stands twice"),
    ("atributes: {party: a}", "atributes: unknown; allowed: attributes"), ("end_use: military", "a fact beside"),
    ("attributes: {}, facts: {party: a}", "one of the two"), ("attributes: military", "facts by name"),
    ("note: {}}\n- {id: b, from: JPN, to: KOR, item: HF, date: 2019-02-30, expect: {kind: bulk}", "day is out of"),
    ("note: {}}\n- {id: b, from: JPN, to: KOR, item: HF, date: 2019-07-05, expect: bulk", "answers by name"),
    ("note: {}}\ndeadlines:\n- {id: d, place: JPN, filed: 2019-07-05, days: ten", "days: 'ten'"),
])  # fmt: skip
def test_nothing_of_a_golden_file_is_lost_without_a_word(tmp_path, lines, told):
    with pytest.raises(InputError, match=re.escape(told)):
        check_golden(golden(tmp_path, lines))


def test_facts_of_a_golden_file_are_asked(tmp_path):
    text = "cases:\n- {id: a, from: USA, to: CHN, item: EAR99, date: '2024-01-05', %s, expect: {kind: none}}\n"
    (tmp_path / "g.yaml").write_text(text % "facts: {end_use: military}")
    (tmp_path / "h.yaml").write_text(text % "attributes: {end_use: military}")
    assert check_golden(tmp_path / "g.yaml")[1][0].found == check_golden(tmp_path / "h.yaml")[1][0].found


def test_no_review_time_can_be_expected(tmp_path):
    (tmp_path / "g.yaml").write_text(
        "cases:\n- {id: a, from: USA, to: DEU, item: EAR99, date: '2026-01-05',\n"
        "   expect: {kind: none, review_days: ''}}\n"
    )
    assert check_golden(tmp_path / "g.yaml") == (1, [])


def test_what_changed_between_two_days_and_which_shipments_it_touches(tmp_path):
    (tmp_path / "s.csv").write_text(
        "from,to,item,date\nJPN,KOR,HF,2019-01-01\nJPN,DEU,HF,2019-01-01\nCHN,DEU,GALLIUM,2019-01-01\n"
    )
    found = law_diff("2019-07-03", "2019-07-04", shipments=tmp_path / "s.csv")
    assert any(row[3] == "JP-020" and row[4].startswith("begins") for row in found.rows)
    assert list(found.to_frame()["to"]) == ["KOR"] and list(found.to_frame()["after"]) == ["case by case"]
    assert "1 of the shipments" in found.sentence()
    with pytest.raises(InputError, match="the earlier one first"):
        law_diff("2019-07-04", "2019-07-03")


def test_what_changed_between_two_versions_of_the_tables(own, rows, tmp_path):
    old = own()
    new = tmp_path / "new"
    import shutil

    shutil.copytree(old, new)
    text = (new / "licence_rule.csv").read_text().replace("individual", "prohibited")
    (new / "licence_rule.csv").write_text(text)
    found = law_diff(str(old), str(new))
    assert [(row[3], row[4]) for row in found.rows] == [("R2", "kind: individual -> prohibited")]


def test_the_command_line_answers_in_words_and_refuses_with_code_2():
    def run(*words):
        return subprocess.run([sys.executable, "-m", "geoecon", "licence", *words], capture_output=True, text=True)

    found = run("--from", "China", "--to", "Japan", "--item", "gallium", "--on", "2026-03-01", "--party", "Nobody GmbH")
    assert (
        "CASE BY CASE" in found.stdout
        and "not found is not cleared" in " ".join(found.stdout.split())
        and found.returncode == 0
    )
    found = run(
        "--from", "Jpan", "--to", "Atlantis", "--item", "gallium", "--on", "1/3/2026", "--fact", "end_use=militray"
    )
    assert found.returncode == 2 and found.stderr.count("allowed") == 4


def test_the_web_application_answers_with_regimes_of_ones_own(own, rows, tmp_path, monkeypatch):
    from geoecon.law import serve_regimes, served_regimes
    from geoecon.web.licence_card import card

    monkeypatch.setenv("GEOECON_REGIMES", "")
    assert served_regimes() is None
    with pytest.raises(InputError, match="allowed"):
        serve_regimes([tmp_path / "nothing"])
    assert served_regimes() is None
    serve_regimes([own(licence_rule=rows["licence_rule"])])
    assert card("New Zealand", "Australia", "vitriol", "2020-01-01", {})["verdict"]["word"] == "general licence"


def test_one_question_on_the_command_line_loads_no_tables_of_pandas_and_no_charts():
    import subprocess
    import sys

    code = ("import sys; from geoecon.cli import app; sys.argv = ['geoecon']\n"
            "try: app(['licence', '--from', 'JPN', '--to', 'KOR', '--item', 'HF', '--on', '2019-07-05'])\n"
            "except SystemExit: pass\n"
            "assert not {'numpy', 'pandas', 'altair', 'scipy'} & set(sys.modules), 'slow'")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "CASE BY CASE" in done.stdout, done.stderr


def test_a_question_that_changes_nothing_is_not_asked_and_a_code_that_no_row_matches_is_said_to_be():
    banned = licence_card("China", "USA", "gallium", "2025-01-10")
    assert banned.answer.missing == ("general_licence_held",) and banned.questions == ()
    chair = licence_card("China", "Germany", "HS 9403", "2025-06-01")
    assert chair.sentence.startswith("Customs code 9403: no row matches it to an entry")
    assert [one["item"] for one in chair.choices] == ["LIST", "UNLISTED"]
