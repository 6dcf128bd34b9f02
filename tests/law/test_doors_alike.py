"""One answer at every door: terminal, JSON, memo and page say the same; and what would change it does so when asked."""

import html
import json
import random
import re
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pandas as pd
import pytest

from geoecon.cli.licence_words import as_json, in_words, lines
from geoecon.law import licence, licence_card, load_regimes, screen
from geoecon.views.page import render
from geoecon.web.licence_card import card as page_card
from geoecon.web.verbs import licence as api

QUESTIONS = [
    ("China", "Japan", "gallium", "2026-03-01", {}),
    ("China", "Japan", "TERBIUM", "2026-03-01", {"party": "Nobody GmbH"}),
    ("USA", "Viet Nam", "H200", "2026-02-01", {"parent_place": "CHN"}),
    ("USA", "Germany", "EAR99", "2026-11-28", {}),
    ("USA", "Syria", "EAR99", "2025-08-01", {"food_or_medicine": "yes"}),
    ("Japan", "China", "LIST", "2025-06-01", {}),
    ("Japan", "Korea", "hydrogen fluoride", "2019-07-05", {"wt_pct": "49"}),
    ("Germany", "Cuba", "UNLISTED", "2025-06-01", {"origin": "USA", "foreign_content_pct": "12"}),
    ("USA", "Russia", "EAR99", "2026-07-01", {}),
    ("China", "Germany", "rare earth magnets", "2026-05-01", {}),
    ("Germany", "Russia", "LIST", "2023-01-01", {}),
    ("USA", "China", "H100", "2025-03-01", {}),
    ("USA", "China", "EAR99", "2024-06-01", {"party": "Huawei Technologies Co., Ltd."}),
    ("USA", "China", "EAR99", "2024-06-01", {"party": "ZTE Kangxun"}),
    ("China", "USA", "TERBIUM", "2026-03-01", {"party": "US Army"}),
    ("China", "USA", "gallium", "2026-03-01", {"party": "Lockheed Martin Corporation"}),
    ("Japan", "Syria", "LIST", "2019-09-07", {"party": "Tehran Gostaresh"}),
    ("USA", "Samoa", "EAR99", "2026-07-25", {"party": "Scavenger Manufacturing (Pty) Ltd."}),
    ("USA", "Pakistan", "EAR99", "2023-05-01", {"end_use": "nuclear"}),
    ("USA", "China", "EAR99", "2023-03-10", {"catch_all_trigger": "knowledge", "end_use": "wmd"}),
    ("Japan", "China", "UNLISTED", "2023-03-10", {"end_use": "military", "notice_received": "yes"}),
    ("Japan", "Germany", "RESIST", "2024-05-01", {}),
    ("Japan", "North Korea", "UNLISTED", "2020-01-01", {}),
    ("South Korea", "Russia", "LIST", "2024-02-01", {}),
    ("Korea", "Japan", "LIST", "2020-06-01", {}),
    ("Korea", "China", "UNLISTED", "2024-06-01", {"end_use": "missile"}),
    ("Netherlands", "China", "3B001.f.4", "2024-03-01", {}),
    ("Netherlands", "Russia", "LIST", "2023-10-01", {}),
    ("Taiwan", "China", "LIST", "2025-07-01", {"party": "Huawei Technologies Co., Ltd."}),
    ("Taiwan", "Russia", "UNLISTED", "2024-01-01", {}),
    ("United Kingdom", "Japan", "LIST", "2024-01-01", {}),
    ("Great Britain", "Russia", "UNLISTED", "2024-01-01", {"party": "Nobody GmbH"}),
    ("France", "Germany", "LIST", "2025-01-01", {}),
    ("Germany", "Japan", "LIST", "2026-11-28", {}),
    ("China", "Japan", "graphite", "2026-05-01", {"end_use": "military"}),
    ("China", "Netherlands", "NEXPERIA", "2025-12-01", {"end_use": "civil"}),
    ("USA", "Iran", "EAR99", "2024-01-01", {}),
    ("USA", "Ukraine", "EAR99", "2024-01-01", {"region": "Crimea"}),
    ("USA", "India", "9A610", "2026-01-10", {"value_usd": "1000"}),
    ("USA", "China", "3A090.a", "2026-02-01", {"export_from_us": "yes", "tpp": "15832"}),
]


def bare(text):
    """A text without spaces, breaks and marks, days as people write them: lines break anywhere."""
    text = in_words(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"[\s\u00a0]|[.;:,“”\"'’]", "", text).casefold()


@pytest.mark.parametrize(("exporter", "destination", "item", "day", "facts"), QUESTIONS)
def test_terminal_json_memo_and_page_say_the_same(exporter, destination, item, day, facts):
    card = licence_card(exporter, destination, item, day, facts)
    found = page_card(exporter, destination, item, day, facts)
    page = bare(html.unescape(render("web/licence_answer.html", found=found)))
    interface = api(exporter, destination, item, day, facts)
    assert interface["sentence"] == card.sentence and interface["answer"]["kind"] == card.answer.kind
    assert interface["verdict"]["word"] == card.verdict["word"] and interface["link"] == card.link
    terminal, memo = bare("\n".join(lines(card))), bare(card.memo)
    kept = json.loads(as_json(card))["card"]
    clause = card.clause
    told = [card.sentence, card.link]
    told += [str(clause[key]) for key in ("clause", "source", "summary") if clause.get(key) and clause["row"]]
    told += [str(clause["read"])] if clause["read"] and not card.choices else []
    told += [one["question"] for one in card.questions] + [one["text"] for one in card.others]
    told += [*clause["missing"], *card.party, *card.coming[:3]]
    for text in told:
        assert bare(text) in terminal and bare(text) in memo and bare(text) in page, text
    for text in [one["told"] for one in card.questions] + list(card.since):
        assert bare(text) in terminal and bare(text) in memo, text
    for option in (option for one in card.questions for option in one["options"] if option["changes"]):
        assert bare(f"{option['words']} → {option['sign']} {option['verdict']}") in page
    for name in (
        "verdict",
        "sentence",
        "questions",
        "others",
        "history",
        "since",
        "link",
        "memo",
        "headline",
        "clause",
    ):
        assert kept[name] == json.loads(json.dumps(card.to_dict()[name], default=str)), name
    assert terminal.startswith(bare(f"{card.verdict['sign']}{card.headline}"))
    assert memo.startswith(bare(card.verdict["word"])) and bare(card.headline) in page
    assert kept["verdict"]["kind"] == kept["answer"]["asks"] and kept["answer"]["verdict"] == kept["verdict"]["word"]


def test_a_list_says_of_each_line_what_the_single_question_says():
    import pandas as pd

    rows = [{"from": a, "to": b, "item": c, "date": d, **facts} for a, b, c, d, facts in QUESTIONS]
    found = screen(pd.DataFrame(rows).fillna(""))
    for line, (exporter, destination, item, day, facts) in enumerate(QUESTIONS):
        card = licence_card(exporter, destination, item, day, facts)
        many = found.answer(line)
        assert (many.verdict, many.presumed, many.clause) == (
            card.verdict["word"],
            card.answer.presumed,
            card.clause["clause"] if card.clause["decides"] else None,
        )
        assert [one for one in many.reasons if one not in card.reasons] == []
        assert list(found.to_frame()["licence"])[line] == card.verdict["kind"]


def random_questions(count, seed):
    pick = random.Random(seed)
    places = ["KOR", "JPN", "USA", "CHN", "DEU", "RUS", "IND", "VNM", "TWN", "IRN", "UKR", "BRA", "SYR", "VEN"]
    homes = {"JPN": "JPN", "KOR": "KOR", "CHN": "CHN", "USA": "USA", "DEU": "EU", "NLD": "NLD", "GBR": "GBR",
             "TWN": "TWN"}  # fmt: skip
    regimes = load_regimes()
    for _ in range(count):
        exporter = pick.choice(sorted(homes))
        day = date(2019, 1, 1) + timedelta(days=pick.randrange(2900))
        item = pick.choice(sorted(regimes[homes[exporter]].items))
        yield exporter, pick.choice([place for place in places if place != exporter]), item, day.isoformat()


def test_what_would_change_it_gives_the_told_verdict_when_asked_by_the_link():
    turns = 0
    for exporter, destination, item, day in random_questions(300, seed=20):
        card = licence_card(exporter, destination, item, day)
        asked = dict(parse_qsl(card.link.partition("?")[2]))
        for one in card.questions:
            for option in one["options"]:
                facts = {name: value for name, value in asked.items() if name not in ("exporter", "destination", "item",
                                                                                      "on")}  # fmt: skip
                facts |= {one["fact"]: option["value"]}
                other = licence_card(asked["exporter"], asked["destination"], asked["item"], asked["on"], facts)
                found = (other.verdict["word"], other.verdict["kind"], other.answer.presumed)
                assert found == (option["verdict"], option["kind"], option["presumed"]), (asked, facts)
                same = found[:2] == (card.verdict["word"], card.verdict["kind"])
                assert option["changes"] is not same
                turns += option["changes"]
    assert turns > 100  # else nothing was tried


def test_an_amount_on_the_told_side_of_a_limit_gives_the_told_verdict():
    pick = random.Random(3)
    cards = [licence_card("Japan", "Korea", "hydrogen fluoride", "2019-07-05"),
             licence_card("USA", "China", "3A090.a", "2026-02-01", {"export_from_us": "yes"}),
             licence_card("USA", "China", "H100", "2023-12-01"),
             licence_card("Germany", "Korea", "1C350.24", "2022-06-01")]  # fmt: skip
    tried = 0
    for card in cards:
        for one in (one for one in card.questions if one["kind"] in ("number", "percent")):
            for option in one["options"]:
                sides = dict(re.findall(r"(below|at most|above|at least) ([\d.,]+)", option["words"]))
                low = float((sides.get("at least") or sides.get("above") or "0").replace(",", ""))
                high = float((sides.get("below") or sides.get("at most") or "inf").replace(",", ""))
                amount = pick.uniform(low, min(high, low + 50))
                amount = amount if low < amount < high else option["value"]
                asked = {"exporter": card.answer.exporter, "destination": card.answer.destination,
                         "item": card.asked["item"], "on": card.asked["on"]}  # fmt: skip
                other = licence(**asked, facts={**card.asked["facts"], one["fact"]: amount})
                assert (other.verdict, other.asks) == (option["verdict"], option["kind"]), (one["fact"], amount, option)
                tried += 1
    assert tried >= 4


@pytest.mark.parametrize(("exporter", "to", "item", "on"), [
    ("KOR", "RUS", "chips", "2024-02-01"), ("TWN", "CHN", "chips", "2025-07-01"), ("DEU", "JPN", "chips", "2025-07-01"),
    ("GBR", "ZAF", "machine tools", "2025-07-01"), ("NLD", "JPN", "NXT:2000i", "2024-02-01"),
    ("NLD", "RUS", "lithography", "2024-02-01"), ("JPN", "CHN", "lithography", "2025-12-01"),
    ("CHN", "USA", "rare earths", "2025-07-01"),
])  # fmt: skip
def test_each_choice_is_answered_as_when_asked_alone(exporter, to, item, on):
    for code, _, kind in licence(exporter=exporter, destination=to, item=item, on=on).choices:
        alone = licence(exporter=exporter, destination=to, item=code, on=on)
        assert kind == alone.kind + (" (presumed)" if alone.presumed else "")


def test_every_file_of_a_screening_holds_the_shipments_as_given_and_the_same_answers(tmp_path):
    table = pd.DataFrame([
        ("China", "Japan", "TERBIUM", "", "2026-03-01", "Mitsubishi Shipbuilding", "rail"),
        ("USA", "Germany", "EAR99", "", "2026-11-28", "", "sea"), ("USA", "China", "H100", "", "2025-03-01", "", "air"),
    ], columns=["Ship from", "Ship to", "item", "HS Code", "Ship date", "party", "why"])  # fmt: skip
    table.to_excel(tmp_path / "in.xlsx", index=False)
    for ending in ("csv", "xlsx", "parquet"):
        result = screen(tmp_path / "in.xlsx", out=tmp_path / f"out.{ending}")
    read = [pd.read_csv(tmp_path / "out.csv", dtype=str),
            pd.read_excel(tmp_path / "out.xlsx", dtype=str, engine="openpyxl"),
            pd.read_parquet(tmp_path / "out.parquet").astype(str)]  # fmt: skip
    for found in (frame.fillna("").replace({"None": "", "nan": "", "NaT": ""}) for frame in read):
        assert list(found.columns) == list(read[0].columns)
        assert found[["party", "why"]].equals(table[["party", "why"]])
        for line, told in enumerate(found.to_dict("records")):
            answer = result.answer(line)
            assert answer.verdict in told["verdict"] and told["known"] == ("yes" if answer.known else "no")
            assert told["licence"] == answer.asks and told["ground"] == (answer.ground or "")
            assert told["party (answer)"] == "; ".join(answer.party)
