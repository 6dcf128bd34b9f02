"""A what-if on a terminal: who gives way first, a reason once, sentences that anybody reads."""

from geoecon.figure import Figure
from geoecon.message.phrases import faults_of
from geoecon.questions import Outcome, Row, WhatIf

COLUMNS = {
    "disruption.lost_value_added.KOR": "value added lost over the horizon, with what travels through it, Korea",
    "disruption.stop_chance": "some plant stops for lack of a material",
    "bargaining.target_concedes": "Korea gives way",
    "bargaining.sender_concedes": "Japan backs down",
    "game.target_concedes": "in the game, Korea gives way",
}


def cell(value, unit, change=None, why=""):
    moved = None if change is None else Figure(change, unit, "")
    return Outcome(Figure(value, unit, ""), moved, why)


def row(label, *changes, why="nothing in it depends on this"):
    units = ("USD million", "share of runs", "%", "%", "%")
    values = (1200.0, 0.8, 24.0, 31.0, 20.0)
    cells = {key: cell(value, unit, change, "" if change is not None else why)
             for key, value, unit, change in zip(COLUMNS, values, units, changes, strict=True)}  # fmt: skip
    return Row(label, {}, cells)


def found():
    rows = (row("as it stands", *[None] * 5, why=""), row("six months of stocks", -770.0, -35.0, None, None, 0.1),
            row("the patron presses Korea", None, None, 4.0, -1.0, 8.0), row("a forum", *[None] * 5),
            row("a game alone", None, None, None, None, 3.0))  # fmt: skip
    return WhatIf("a case", COLUMNS, rows, 20, 20, frozenset())


def test_who_gives_way_stands_first_and_an_unmoved_row_says_why_once():
    table = found().summary().set_index("scenario")
    assert list(table.columns) == ["Korea gives way", "Japan backs down", "a plant stops", "loss, Korea",
                                   "in the game, Korea gives way"]  # fmt: skip
    assert table.loc["the patron presses Korea", "Korea gives way"] == "24 % (+4 points)"
    assert list(table.loc["a forum"]) == ["no change: nothing in it depends on this", "", "", "", ""]
    assert table.loc["six months of stocks", "Korea gives way"] == "no change"
    alone = table.loc["a game alone"]
    assert alone.iloc[0].startswith("no change: ") and alone["in the game, Korea gives way"] == "20 % (+3 points)"


def test_every_row_is_told_in_sentences_that_anybody_reads():
    told = found().sentences()
    assert told[0] == "With six months of stocks, a plant stops: 80 % (−35 points). Loss, Korea: USD 1.2 billion " \
                      "(−770 million)."  # fmt: skip
    assert "gives way: 24 % (+4 points)" in told[1] and told[2] == "With a forum nothing changes."
    assert not [fault for one in told for fault in faults_of(one, ["Korea", "Japan"])]
