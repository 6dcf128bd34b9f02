"""What testers misread: halves rounded down, falls by "nearly all", events before the rule, losses that move."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

import geoecon as ge
from geoecon import charts
from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.message import Findings, times
from geoecon.message import phrases as say
from geoecon.questions.comparison import Comparison
from geoecon.questions.outcome import Outcome, Row
from geoecon.questions.scenarios import scenarios
from geoecon.views.changes import Change, changes, changes_told
from geoecon.views.events import shown_events
from geoecon.web import assumptions
from geoecon.web.licence_card import card


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.25, "one time in four"), (0.85, "more than eight times in ten"), (0.3, "three times in ten"),
     (0.35, "about one time in three"), (0.45, "more than four times in ten"), (0.83, "about eight times in ten"),
     (0.06, "less than one time in ten"), (0.04, "less than one time in ten"), (0.95, "more than nine times in ten")],
)  # fmt: skip
def test_halves_are_rounded_up_and_said_to_be_about(share, words):
    assert times(share) == words


@pytest.mark.parametrize(("fall", "words"), [(1.0, "to nothing"), (0.97, "to nearly nothing"), (0.9, "by nine tenths")])
def test_how_far_something_fell(fall, words):
    assert say.by(fall) == words


def test_what_moves_the_answer_may_be_the_loss_or_the_ending():
    base = Change("as known", "none", "USD 4.4 bn")
    still = Change("more stocks", "none", "USD 4.4 bn", "no change")
    pressed = Change("Korea is pressed", "none", "USD 4.4 bn", ending="65 %", turned=28.0)
    spared = Change("nobody stays away", "none", "none", spared=-1.0)
    assert changes_told([base, still]) == "Nothing that we tried moves the answer much."
    assert "Korea is pressed" in changes_told([base, still, pressed])
    assert "nobody stays away" in changes_told([base, still, pressed, spared])


@pytest.mark.parametrize("key", ge.cases())
def test_every_case_knows_of_something_on_the_day_of_its_forecast(key):
    case = ge.load_case(key)
    found = Findings(SimpleNamespace(case=case, results={}, told={}, skipped={}, draws=0, seed=0))
    known = shown_events(found, until=case.cutoff)
    assert known and all(day <= case.cutoff for day, _ in known)


def test_a_rule_announced_before_it_holds_is_known_where_no_event_is():
    case = ge.load_case("china-graphite-2023")
    tables = {**case.tables, "timeline": case.tables["timeline"].iloc[:0]}
    found = Findings(SimpleNamespace(case=ge.load_case("china-graphite-2023"), results={}, draws=0))
    object.__setattr__(found.case, "tables", tables)
    assert (date(2023, 10, 20), "A licence for each contract for natural graphite, from 1 December 2023") in (
        shown_events(found, until=date(2023, 10, 25))
    )


def test_what_a_case_of_visitors_hangs_on_is_among_its_what_ifs():
    asked = {one.label: one.changes for one in scenarios(ge.load_case("china-korea-thaad-2017"))}
    assert asked["nobody stays away or refuses to buy"] == {"measures": "none"}
    assert all("stays away" not in one.label for one in scenarios(ge.load_case("china-graphite-2023")))


@pytest.mark.parametrize("key", ["japan-korea-2019", "russia-germany-gas-2022", "china-gallium-2023"])
def test_no_two_sliders_have_one_label_and_a_month_is_said(key):
    case = ge.load_case(key).at(ge.load_case(key).cutoffs[0])
    front, more = assumptions.sliders(case)
    labels = [one.label for one in (*front, *more)]
    assert sorted(labels) == sorted(set(labels))
    said = {word: choice.said(word) for choice in assumptions.choices(case) for word in choice.words}
    assert not any(":" in words or re.search(r"\d-\d", words) for words in said.values())


def test_a_long_title_of_a_histogram_is_broken_and_not_cut():
    picture = charts.histogram(
        [("under\n10 m", 40.0, "teal"), ("over\n10 m", 60.0, "red")],
        title="t", said="s", x="Runs in a hundred by loss for the United States over two and a half years, USD",
    )  # fmt: skip
    narrow = picture.file(narrow=True)
    assert "…" not in narrow and "half years, USD" in narrow.replace("</text>", " ")


def test_bars_of_shares_refuse_what_is_no_share():
    with pytest.raises(ValueError, match="allowed: 0 to 1"):
        charts.shares([("GDP", [(5e12, "red", "Japan"), (1e12, "blue", "Korea")])], title="t", said="s")


@pytest.mark.parametrize(
    ("months", "words", "tile"),
    [(10.8, "eleven months", "11 months"), (12.0, "a year", "12 months"), (12.6, "13 months", "13 months"),
     (20.3, "21 months", "21 months"), (24.0, "two years", "24 months"), (24.2, "two and a half years", "25 months")],
)  # fmt: skip
def test_what_ends_within_a_time_has_ended_by_then(months, words, tile):
    assert (say.within(months), say.within(months, tile=True)) == (words, tile)


def test_a_folder_may_be_named_by_a_string(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x.txt").write_text("")
    with pytest.raises(InputError, match="holds other files"):
        ge.views.write(None, str(tmp_path / "mine"))


def test_a_long_table_of_what_ifs_leaves_out_only_what_changes_nothing():
    cells = {"disruption.stop_chance": Outcome(None, None, "nothing in it depends on this"),
             "alliance.x": Outcome(None, Figure(1.0, "%", "2019"))}  # fmt: skip
    still = [Row(f"idle {n}", {"a": n}, cells, chance=0.4, loss=100.0) for n in range(7)]
    moved = Row("stocks", {"inventory_days": 180}, cells, chance=0.1, loss=20.0)
    found = Findings(SimpleNamespace(results={}, told={}, draws=30, case=SimpleNamespace(cutoff=date(2019, 7, 4))))
    found.__dict__.update(chance=0.4, middle=(1e8, 0.0, 2e8))
    told = changes(found, [*still, moved])
    assert len(told) == 8 and told[1].label == "stocks"
    assert told[2].reason == "no change: nothing in it depends on this"


def test_words_for_a_share_are_close_and_never_round_a_half_up():
    sizes = {f"{say.whole(k)} time{'s' if k > 1 else ''} in {of}": k / n
             for n, of in ((10, "ten"), (4, "four"), (3, "three")) for k in range(1, n)}  # fmt: skip
    for thousandth in range(70, 951, 5):
        share = thousandth / 1000
        words = times(share)
        size = sizes[words.removeprefix("more than ").removeprefix("about ")]
        assert abs(size - share) <= 0.07 and (size <= share + 1e-9 or not words.startswith("more than")), words


@pytest.mark.parametrize(("exporter", "to", "item", "day"), [
    ("China", "Japan", "gallium", "2026-03-01"), ("Japan", "Korea", "hydrogen fluoride", "2019-07-05"),
    ("Japan", "Korea", "photoresist", "2019-06-05"), ("United States", "China", "3B001", "2024-01-05"),
    ("Indonesia", "China", "nickel ore", "2021-01-05"), ("China", "Korea", "dysprosium", "2026-11-01"),
])  # fmt: skip
def test_a_verdict_is_said_in_sentences_that_can_be_read(exporter, to, item, day):
    found = card(exporter, to, item, day, {})
    names = [found["answer"]["authority"] or "", str(found["sentence"]).split(" from ")[0], exporter, to]
    assert say.faults_of(str(found["sentence"]), names) == []


def test_what_followed_is_said_in_sentences_that_can_be_read():
    for code, seller, buyer in (("260400", "Indonesia", "China"), ("284690", "China", "Japan")):
        assert say.faults_of(ge.precedents(code, seller, buyer).sentence(), [seller, buyer]) == []


@pytest.mark.parametrize(
    ("exporter", "to", "item", "day", "words"),
    [
        (
            "JPN",
            "KOR",
            "hydrogen fluoride",
            "2019-07-05",
            "from Japan to Korea on 5 July 2019 needs a licence for each",
        ),
        ("USA", "RUS", "2B350", "2023-01-01", "refused as policy: do not ship"),
        ("JPN", "USA", "HF", "2034-06-01", "from Japan to the United States on 1 June 2034: not known"),
        ("CHN", "USA", "antimony", "2025-01-10", "from China to the United States on 10 January 2025 is prohibited"),
    ],
)
def test_a_licence_in_python_speaks_in_names_and_not_in_codes(exporter, to, item, day, words):
    """The sentence of a notebook held "from JPN to KOR" and "needs: special general bulk licence"."""
    answer = ge.licence(exporter=exporter, destination=to, item=item, on=day)
    said = answer.sentence()
    assert words in said
    assert not re.search(r"\b[A-Z]{3}\b|_|\d{4}-\d\d-\d\d", said), said
    states = ge.licence_history(exporter=exporter, destination=to, item=item).sentence()
    assert not re.search(r"\bfrom [A-Z]{3}\b|_|\d{4}-\d\d-\d\d", states), states


def test_cases_side_by_side_are_told_by_title_and_name_within_the_rules_of_reading():
    """ "cost the target most in russia-germany-gas-2022" named a role and a folder."""

    def loss(value: float) -> dict[str, Figure]:
        return {"loss of the target": Figure(value, "USD million a month", "2022")}

    cases = {"a-b-2022": loss(2400.0), "c-d-2017": loss(3.0), "e-f-2019": loss(70.0)}
    titles = {"a-b-2022": "Gas that was cut off, 2022-2023", "c-d-2017": "A port that was closed, 2017"}
    targets = {"a-b-2022": "Germany", "c-d-2017": "United States", "e-f-2019": "Korea"}
    told = Comparison(cases, titles | {"e-f-2019": "Other"}, {}, targets).sentence()
    assert not say.faults_of(told, titles.values()) and "target" not in told
    assert "cost Germany USD 2.4 billion a month" in told and "cost the United States USD 3 million a month" in told
