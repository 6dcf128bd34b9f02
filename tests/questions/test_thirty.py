"""Thirty questions over all continents, and some harder ones: the whole line answers, no two sentences contradict, and
all are in words and numbers that a reader takes in."""

import math
import re

import pytest

import geoecon as ge
from geoecon.line import STAGES
from geoecon.spoken import money, percent, whole
from geoecon.views import asked

DAY, DRAWS = "2026-06-01", 20
TEN = [
    "China stops graphite to Korea",
    "Indonesia bans nickel ore exports to Japan",
    "Chile taxes copper exports to China",
    "Russia halves palladium to the United States",
    "Congo sets a cobalt quota for China",
    "China bans Australian iron ore",
    "Canada stops potash to Brazil for six months",
    "South Africa licences manganese to India",
    "Turkey bans boron to the European Union",
    "Japan puts photoresist under licences for China",
]
TWENTY = [
    "Guinea stops bauxite to China",
    "Morocco stops phosphate rock to India",
    "South Africa stops platinum to Japan",
    "Algeria halves gas to Italy",
    "Qatar stops LNG to Japan for a year",
    "Philippines bans nickel ore to China",
    "Mongolia stops coal to China",
    "Saudi Arabia halves crude oil to Korea",
    "Myanmar stops rare earths to China",
    "Norway stops gas to Britain",
    "Ukraine stops iron ore to Poland",
    "Peru taxes zinc ore exports to Korea by 20 %",
    "Argentina stops lithium to the United States",
    "Brazil puts niobium under licences for the US",
    "Mexico stops fluorspar to America",
    "Australia stops iron ore to Japan for six months",
    "New Caledonia stops nickel ore to Korea",
    "India bans rice exports to Bangladesh",
    "Kazakhstan stops titanium sponge to Germany",
    "The US puts a 25 % tariff on Chinese magnets",
]
# the buyer acts, services, several senders, sellers and buyers outside the table, a good without rows
MORE = [
    "Japan buys no seafood from China",
    "China stops its tourists to Korea",
    "Chile and Peru stop copper ore to Japan",
    "Tajikistan stops antimony to China",
    "Saudi Arabia stops crude oil to Ethiopia",
]
# stages that a question may lack, by what it asks: nobody's ally, services
MAY_LACK = {"alliance", "precedents"}


def numbers(text):
    return [
        float(found.replace("\u2212", "-").replace(" ", "")) for found in re.findall(r"[−-]?\d[\d\u202f]*\.?\d*", text)
    ]


def runs_the_whole_line(answer, page):
    lacking = set(answer.assessment.skipped)
    assert lacking <= MAY_LACK, answer.assessment.skipped
    assert set(answer.assessment.results) | lacking >= {name for name, stage in STAGES.items() if not stage.asked}
    assert all(len(reason) > 5 for reason in answer.assessment.skipped.values())
    assert answer.asked.sender.name in answer.sentence()
    assert set(answer.to_frame()["rests_on"]) - {""}


def says_each_middle_inside_its_band(answer, page):
    for key, figure in answer.figures().items():
        if figure.low is not None and figure.value is not None and math.isfinite(figure.value):
            assert figure.low <= figure.value <= figure.high, key


def is_in_words_and_numbers_of_the_house(answer, page):
    assert "nan" not in page.lower().split()
    for never in ("USD million", "[unverified]", "residual", "e-0", "−0 %", "0 % (0 to 0)"):
        assert never not in page, never
    assert not re.findall(r"\d\.\d+ ?%", page)
    assert not re.findall(r"USD \d{3,}[.,]\d|USD \d\.\d\d", page)


def changes_imports_by_one_number(answer, page):
    """The middle of the number under the message is the middle of the sentence about the controls."""
    told = answer.assessment.controls.sentence()
    assert answer.imports is not None
    assert whole(abs(answer.imports.value)) in {whole(abs(one)) for one in numbers(told)}, told
    assert answer.imports.value < 0
    assert "as it was" not in page


def says_short_or_not_short(answer, page):
    if "No material runs short" in page:
        falls = answer.assessment.disruption.figures()
        assert all(one.value == 0 for key, one in falls.items() if key.startswith(("fall_chance", "stop_chance")))


def has_one_loss(answer, page):
    """ "Nothing one could measure" stands only where the number is that small; money in the message is the number's."""
    said = answer.figures()
    loss, message = said.get("then_loss") or said["loss"], answer.sentence()
    if "cannot be told" in message:  # not even the side is known
        assert -loss.low >= max(loss.high / 2, 10)
    elif re.search(r"loses (?:nothing|no |less than)", message) or "less than USD 10 million, at most" in message:
        assert loss.value < 10
    elif "make up for that" not in message and answer.assessment.draws >= 20:
        assert money(abs(loss.value)) in message


def has_one_share(answer, page):
    share = answer.rows.share
    assert answer.assessment.trade.share(answer.asked.good.id) == pytest.approx(share, rel=1e-6)
    if not answer.asked.allies:
        assert percent(share) in answer.assessment.trade.sentence()
    assert percent(share) in answer.share_words()
    seller = answer.asked.target.name if answer.asked.buying else answer.asked.senders
    assert seller in answer.assessment.trade.sentence()


def says_once_who_gives_way(answer, page):
    ending, message = answer.assessment.bargaining.sentence(), answer.sentence()
    favoured = re.search(r"likeliest that (.*?) \(", ending)
    assert ("no ending is favoured" in message) == (favoured is None) == ("no ending is favoured" in ending.lower())
    if favoured:
        assert favoured[1] in message or "Most likely it stays open" in message


def counts_only_what_was_asked(answer, page):
    """No boycott and no retaliation that nobody asked about stands in what the answer says it costs."""
    if not answer.asked.buying:
        attribution = answer.assessment.welfare.attribution
        for player in ("retaliation", "boycott"):
            assert abs(attribution.sel(player=player)).max() < 1e-6


def costs_the_one_who_no_longer_sells(answer, page):
    """A refused seller loses in the first year; whoever loses sales does not lose nothing by the month."""
    if answer.asked.buying and answer.sales_lost.value > 50:
        assert answer.assessment.losses.figures()["listed.none.target"].value > 0


CHECKS = (
    runs_the_whole_line, says_each_middle_inside_its_band, is_in_words_and_numbers_of_the_house,
    changes_imports_by_one_number, says_short_or_not_short, has_one_loss, has_one_share, says_once_who_gives_way,
    counts_only_what_was_asked, costs_the_one_who_no_longer_sells,
)  # fmt: skip


@pytest.mark.parametrize("question", [*TEN, *TWENTY, *MORE])
def test_the_answer(question):
    answer = ge.ask(question, draws=DRAWS, start=DAY)
    page = asked(answer)
    for check in CHECKS:
        check(answer, page)
