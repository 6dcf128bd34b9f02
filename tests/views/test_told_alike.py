"""What stands in two places of a report is one comparison, one heading, one rule."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

import geoecon as ge
from geoecon.message import Findings
from geoecon.views import events
from geoecon.views.brief import _moved
from geoecon.views.changes import Change


def test_the_year_after_is_compared_with_the_twelve_months_before_as_its_outcome_is():
    case = ge.load_case("japan-korea-2019")
    told, _, _ = events.second_screen(Findings(SimpleNamespace(case=case, draws=0, results={})))
    assert told == "In the year after, hydrogen fluoride fell by nine tenths and photoresist rose by a twentieth."


def test_what_a_question_supposes_has_not_happened():
    rows = pd.DataFrame([{"date": date(2026, 11, 29), "source_id": "question"}])
    case = SimpleNamespace(has=lambda name: True, table=lambda name: rows)
    assert events.happened_heading(SimpleNamespace(case=case)) == "What is asked"
    assert events.brief_event("what if China stops gallium to Germany?") == "China stops gallium to Germany"


def test_what_decides_names_only_what_moves():
    found = SimpleNamespace(name=lambda role: "Germany")
    base = Change("as known", "32 %", "USD 18 m", ending="25 %")
    assert _moved(found, base, Change("a forum", "32 %", "USD 18 m")) == ""
    assert _moved(found, base, Change("a forum", "32 %", "USD 18 m", ending="(+3 in the game)")) == ""
    pressed = Change("the patron presses Germany", "32 %", "USD 18 m", ending="54 % (+29)")
    assert _moved(found, base, pressed) == "The patron presses Germany: Germany gives way in 54 %."
    stocks = Change("more stocks", "none", "none")
    assert _moved(found, base, stocks) == "More stocks: no shortage and no loss."
