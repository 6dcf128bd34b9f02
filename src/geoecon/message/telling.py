"""The message: one headline, two sentences, three numbers, one warning, and what came. Made from results by rules.

Each rule is a function of `Findings`; tests hold every shipped case, asked questions and odd made-up findings to
`phrases.faults_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoecon.message import phrases as say
from geoecon.message.findings import Findings
from geoecon.message.further import second
from geoecon.message.headline import kicker, title
from geoecon.message.lead import lead
from geoecon.message.tiles import Tile, tiles
from geoecon.message.trust import came, trust


@dataclass(frozen=True)
class Message:
    """What the first screen says."""

    kicker: str
    title: str
    lead: str
    second: str
    tiles: tuple[Tile, ...]
    trust: str
    came: tuple[str, ...]  # what came, one sentence each; empty where nothing is known yet

    @property
    def text(self) -> str:
        """Everything that is said, for the rules of reading."""
        tiles = " ".join(f"{say.capital(tile.label)}." for tile in self.tiles)
        return " ".join((f"{self.title}.", self.lead, self.second, tiles, self.trust, *self.came))


@dataclass(frozen=True)
class Change:
    """A row: what is changed, the chance of a shortage and the loss in the middle in words, why nothing moved."""

    label: str
    chance: str
    loss: str
    reason: str = ""
    moved: float = 0.0  # the chance of a shortage, 0 to 1
    ending: str = ""  # how likely it is that the target gives way
    turned: float = 0.0  # that chance, in points
    spared: float = 0.0  # the loss, as a part of the larger of the two; nothing below what can be measured

    @property
    def weight(self) -> float:
        """How much the row moves what it moves most."""
        return max(abs(self.moved), abs(self.turned) / 100, abs(self.spared))


def message(found: Findings, rows: Sequence[Change] = ()) -> Message:
    """The message of an assessment; `rows` are what-ifs, for a forecast that knew of no cut."""
    first, further = lead(found), second(found)
    if found.blind_to_measures:
        first, further = f"{first} {condition(rows)}".strip(), further
    return Message(kicker(found), title(found), first, further, tiles(found), trust(found), tuple(came(found)))


def condition(rows: Sequence[Change]) -> str:
    """What a cut would do, told beside a forecast that knew of none."""
    moved = [row for row in rows[1:] if row.moved or (not row.reason and row.loss[:5] not in ("none", "–", "under"))]
    if not moved:
        return ""
    row = moved[0]
    chance = {"none": "nothing runs short", "all": "it runs short in every run", "–": ""}.get(
        row.chance, f"the chance of a shortage is {row.chance}"
    )
    loss = (
        f"the loss in the middle {row.loss.replace('bn', 'billion').replace(f'{say.NBSP}m', f'{say.NBSP}million')}"
        if row.loss[:5] not in ("none", "–", "under")
        else ""
    )
    return f"With {row.label}, {' and '.join(part for part in (chance, loss) if part)}."
