"""What is said of an assessment: its numbers as a reader needs them, and the message that every door prints. A name is
loaded with its file when it is first used, so that a page that only needs the phrases waits for none of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.loaded import lazily

if TYPE_CHECKING:
    from geoecon.message.ending import ending_told as ending_told
    from geoecon.message.ending import ending_words as ending_words
    from geoecon.message.ending import endings as endings
    from geoecon.message.ending import favoured as favoured
    from geoecon.message.ending import half_life as half_life
    from geoecon.message.findings import Findings as Findings
    from geoecon.message.headline import VISIBLE as VISIBLE
    from geoecon.message.headline import depends as depends
    from geoecon.message.headline import hidden as hidden
    from geoecon.message.headline import leading as leading
    from geoecon.message.headline import main_lever as main_lever
    from geoecon.message.headline import refused as refused
    from geoecon.message.headline import title as title
    from geoecon.message.lead import times as times
    from geoecon.message.levers import Lever as Lever
    from geoecon.message.levers import called as called
    from geoecon.message.levers import curve as curve
    from geoecon.message.levers import read_here as read_here
    from geoecon.message.losses import MILLION as MILLION
    from geoecon.message.shortages import Array as Array
    from geoecon.message.telling import Change as Change
    from geoecon.message.telling import Message as Message
    from geoecon.message.telling import message as message
    from geoecon.message.tiles import Tile as Tile
    from geoecon.message.trust import event_words as event_words
    from geoecon.message.trust import remembered as remembered

HELD = {
    "ending": "ending_told ending_words endings favoured half_life",
    "findings": "Findings",
    "headline": "VISIBLE depends hidden leading main_lever refused title",
    "lead": "times",
    "levers": "Lever called curve read_here",
    "losses": "MILLION",
    "shortages": "Array",
    "telling": "Change Message message",
    "tiles": "Tile",
    "trust": "event_words remembered",
}  # file: its public names
FILE_OF = {name: file for file, names in HELD.items() for name in names.split()}


__getattr__ = lazily(__name__, FILE_OF)
