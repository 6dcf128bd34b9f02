"""The small grammar of questions: who acts on whom, with what, and what is refused with an offer."""

from datetime import date

import pytest

from geoecon.errors import InputError
from geoecon.questions.wording import read_question

READ = [
    ("China stops graphite to Korea", "CHN", "KOR", "natural_graphite", "ban"),
    ("what if China stops graphite to Korea?", "CHN", "KOR", "natural_graphite", "ban"),
    ("graphite to Korea from China stopped", "CHN", "KOR", "natural_graphite", "ban"),
    ("Graphite exports to Korea are stopped by China", "CHN", "KOR", "natural_graphite", "ban"),
    ("Korea loses Chinese graphite", "CHN", "KOR", "natural_graphite", "ban"),
    ("Indonesia bans nickel ore exports to Japan", "IDN", "JPN", "nickel_ore", "ban"),
    ("Chile taxes copper exports to China", "CHL", "CHN", "copper_ore", "export-tax"),
    ("Russia halves palladium to the United States", "RUS", "USA", "palladium", "quota"),
    ("Congo sets a cobalt quota for China", "COD", "CHN", "cobalt", "quota"),
    ("China bans Australian iron ore", "CHN", "AUS", "iron_ore", "import-ban"),
    ("China refuses Lithuanian beef", "CHN", "LTU", "beef", "import-ban"),
    ("Germany stops buying Russian gas", "DEU", "RUS", "natural_gas", "import-ban"),
    ("China boycotts Australian wine", "CHN", "AUS", "wine", "boycott"),
    ("The US puts a 25 % tariff on Chinese magnets", "USA", "CHN", "magnets", "tariff"),
    ("South Africa licences manganese to India", "ZAF", "IND", "manganese_ore", "licence"),
    ("China requires licences for gallium to the EU", "CHN", "EU27", "gallium", "licence"),
    ("Japan puts photoresist under licences for China", "JPN", "CHN", "photoresist", "licence"),
    ("the Gulf four stop gas to India", "GULF4", "IND", "natural_gas", "ban"),
    ("3C002 from Japan to China under licences", "JPN", "CHN", "photoresist", "licence"),
    ("DRC suspends cobalt exports to China", "COD", "CHN", "cobalt", "ban"),
]


@pytest.mark.parametrize(("text", "sender", "target", "good", "instrument"), READ)
def test_who_acts_on_whom_with_what(text, sender, target, good, instrument):
    made = read_question(text)
    assert (made.sender.code, made.target.code, made.good.id, made.instrument) == (sender, target, good, instrument)


@pytest.mark.parametrize("text", [
    "Chile and Peru stop copper ore to Japan", "Chile, Peru and Mexico stop copper ore to Japan",
    "Chile together with Peru stops copper ore to Japan", "Chile & Peru tax copper ore to Japan",
])  # fmt: skip
def test_several_states_may_withhold_together(text):
    made = read_question(text)
    assert (made.sender.code, made.target.code) == ("CHL", "JPN")
    assert {place.code for place in made.allies} >= {"PER"}
    assert made.senders.startswith("Chile")
    assert made.senders.endswith(("and Peru", "and Mexico"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Russia halves palladium to the United States", 0.5), ("Russia cuts gas to Germany by 40 %", 0.4),
        ("Peru cuts copper ore exports to China to a third", 2 / 3),
        ("Congo sets a cobalt quota of 30 % for China", 0.7),
        ("Chile reduces lithium to Japan by two thirds", 2 / 3), ("China stops graphite to Korea", None),
        ("Russia halves palladium to the United States", 0.5),
        ("Russia cuts gas to Germany by 40 %", 0.4),
        ("Chile reduces lithium to Japan by two thirds", 2 / 3),
        ("China stops graphite to Korea", None),
    ],
)  # fmt: skip
def test_how_much(text, cut):
    assert read_question(text).cut == (None if cut is None else pytest.approx(cut))


def test_a_rate_is_a_duty_and_no_cut():
    made = read_question("Brazil sets a 30 % export tax on iron ore to China")
    assert (made.instrument, made.duty, made.cut) == ("export-tax", pytest.approx(0.3), None)


def test_from_when_and_how_long():
    made = read_question("Canada stops potash to Brazil for six months from 2027-03-01")
    assert made.start == date(2027, 3, 1)
    assert made.days == pytest.approx(6 * 365 / 12)
    until = read_question("Qatar stops LNG to Japan from January 2027 until 2028-01-01")
    assert (until.start, until.days) == (date(2027, 1, 1), 365)


def test_a_shared_name_is_said():
    assert any("North Korea" in note for note in read_question("China stops graphite to Korea").notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Chna stops graphite to Korea", "did you mean .*China"),
        ("China stops graphit to Korea", "did you mean .*graphite"),
        ("China stops graphite", "a sender or a target is missing"),
        ("what happens?", "a product is missing"),
        ("China stops graphite to Korea and Japan", "several targets"),
        ("China stops graphite and gallium to Korea", "2 products"),
        ("Korea bans Korean steel from South Korea", "missing"),
        ("China does not stop graphite to Korea", "denies"),
        ("Germany stops gas to the European Union", "DEU would stand twice"),
        ("China cuts graphite to Korea by 140 %", "cut 1.4"),
        ("Qatar stops LNG to Japan from 2027 until 2026", "before the start"),
        ("China boycotts Chinese graphite in Korea", "refuse its own goods"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(text, says):
    with pytest.raises(InputError, match=says):
        read_question(text)
