"""The message of a question: readable by anybody, and the same words at every door."""

from __future__ import annotations

import re

import pytest

import geoecon as ge
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.views import asked, blocks
from geoecon.views.notebook import html
from geoecon.web import verbs

DAY = "2026-06-01"
QUICK = ("China stops graphite to Korea", "China bans Australian iron ore")
LONG = (
    "Indonesia bans nickel ore exports to Japan",
    "Chile taxes copper exports to China",
    "Russia halves palladium to the United States",
    "Canada stops potash to Brazil for six months",
    "Japan puts photoresist under licences for China",
    "Qatar stops LNG to Japan for a year",
    "The US puts a 25 % tariff on Chinese magnets",
    "China stops its tourists to Korea",
    "Chile and Peru stop copper ore to Japan",
    "Algeria halves gas to Italy",
)


def squeezed(text: str) -> str:
    """A text without what breaks its lines."""
    return re.sub(r"[\s\u00a0\u2007]+", " ", text)


@pytest.mark.parametrize("question", [*QUICK, *(pytest.param(one, marks=pytest.mark.nightly) for one in LONG)])
def test_the_message_of_a_question_can_be_read_and_is_one_at_every_door(question, monkeypatch):
    answer = ge.ask(question, draws=20, start=DAY)
    found, told = Findings(answer.assessment), answer.message
    goods = [*found.products.values(), *map(say.capital, found.products.values())]
    names = [*(state.name for state in found.case.states), *goods]
    said = (told.kicker, told.text, answer.sentence(), answer.share_words(), *(one.sentence for one in blocks(found)))
    for text in said:
        assert say.faults_of(text, names) == []
    monkeypatch.setattr("geoecon.questions.ask", lambda *_, **__: answer)
    terminal, page, web = asked(answer), html(answer), verbs.ask(question)
    for text in (told.lead, told.second, told.trust, answer.share_words()):
        assert squeezed(text) in squeezed(terminal)
    assert squeezed(told.title).upper() in squeezed(terminal) and max(map(len, terminal.splitlines())) <= 80
    for tile, shown in zip(told.tiles, web["tiles"], strict=True):
        assert (tile.number, tile.label) == (shown["number"], shown["label"])
        assert squeezed(tile.number) in terminal
    assert (web["kicker"], web["title"], web["lead"], web["second"], web["trust"]) == (
        told.kicker, told.title, told.lead, told.second, told.trust
    )  # fmt: skip
    assert squeezed(told.title).split(",")[0] in squeezed(page)
    assert all(squeezed(text) in squeezed(answer.sentence()) for text in (told.title, told.lead, told.second))
