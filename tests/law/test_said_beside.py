"""What stands beside a light answer: duties that no table holds, lists that do not clear, to whom a rule speaks."""

import pytest

from geoecon.law import licence, screen
from geoecon.law.desk import desk


@pytest.mark.parametrize("item", ["DYSPROSIUM", "rare earths", "INDIUM", "ANTIMONY", "GALLIUM"])
def test_a_duty_that_no_table_holds_is_said_in_the_sentence(item):
    card = desk("CHN", "JPN", item, "2022-06-01")
    assert (card.verdict["word"], card.answer.known) == ("no licence", True)
    assert "Not covered: China's yearly catalogue of goods under export licence" in card.sentence
    assert "Not covered: China's yearly catalogue" in card.answer.sentence()
    assert "catalogue" in card.memo
    assert "Not covered" not in desk("CHN", "JPN", item, "2025-06-01").sentence  # under the dual-use control


def test_a_duty_that_no_table_holds_stands_in_a_file(tmp_path):
    (tmp_path / "in.csv").write_text("from,to,item,date\nCHN,JPN,DYSPROSIUM,2022-06-01\n", encoding="utf-8")
    screen(tmp_path / "in.csv", out=tmp_path / "out.csv")
    assert "yearly catalogue" in (tmp_path / "out.csv").read_text(encoding="utf-8")


SAMSUNG = "Samsung China Semiconductor Co. Ltd."


@pytest.mark.parametrize(
    ("item", "on", "verdict"),
    [("EAR99", "2024-06-01", "not known"), ("EAR99", "2026-02-01", "not known"),  # the list says nothing of the goods
     ("3B001.SME", "2024-06-01", "general licence"), ("3B001.SME", "2026-02-01", "case by case")],
)  # fmt: skip
def test_a_name_on_one_list_is_no_cleaner_on_others_than_one_on_none(item, on, verdict):
    answer = licence(exporter="USA", destination="CHN", item=item, on=on, party=SAMSUNG)
    assert answer.verdict == verdict


def test_the_summary_says_to_whom_a_rule_speaks_and_no_rule_twice(capsys):
    from geoecon.cli import main

    card = desk("CHN", "USA", "graphite", "2026-05-01", {"party": "Lockheed Martin Corporation"})
    assert "for parties on the list “Unreliable entity list”" in card.clause["summary"]
    assert "towards “United States”" in desk("CHN", "USA", "GALLIUM", "2025-06-01").clause["summary"]
    with pytest.raises(SystemExit, match="0"):
        main(["licence", "--from", "CHN", "--to", "USA", "--item", "graphite", "--on", "2026-05-01", "--party",
          "Lockheed Martin Corporation"])  # fmt: skip
    shown = capsys.readouterr().out
    assert "CN-UEL: prohibited" not in shown and "choose one" not in shown and "Choose" not in shown
