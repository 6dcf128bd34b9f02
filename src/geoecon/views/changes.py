"""What would change the answer: what-ifs that were solved, else the runs themselves sorted by what matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from geoecon.message import MILLION, Change, Findings, Lever, endings
from geoecon.message import phrases as say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoecon.questions import Outcome, Row


MOST = 8
MUCH = 0.05  # of a chance, or of the loss: a row that moves less does not move the answer much


def changes(found: Findings, others: Sequence[Row] = ()) -> list[Change]:
    """The answer as it stands, then what moves it, the strongest first; empty without chances."""
    if found.chance is None or found.middle is None:
        return []
    gives_way = endings(found).get("target_concedes")
    base = Change(
        f"as known on {say.day(found.case.cutoff)}",
        _chance(found.chance),
        _loss(found.middle[0]),
        ending="" if gives_way is None else say.percent(gives_way),
    )
    rows = [row for other in others if (row := _solved(found, other)) is not None]
    if not rows:
        rows = [row for lever in found.levers[:3] for row in _thirds(found, lever)]
    rows.sort(key=lambda row: bool(row.reason))  # what is left out of a long table changes nothing
    return [base, *rows[: MOST - 1]] if rows else []


def changes_told(rows: Sequence[Change]) -> str:
    """The finding of the table: what moves the chance most, and what does not."""
    moved = [row for row in rows[1:] if not row.reason and row.weight >= MUCH]
    if not moved:
        return "Nothing that we tried moves the answer much."
    return f"Most is moved by this: {max(moved, key=lambda row: row.weight).label}."


def _chance(share: float) -> str:
    return say.percent(share) if 0 < share < 1 else "none" if share <= 0 else "all"


def _loss(usd: float) -> str:
    return say.loss(usd, tile=True)


def _solved(found: Findings, other: Row) -> Change | None:
    """A what-if that was solved; None where it has neither chance nor loss."""
    chance, usd = other.chance, None if other.loss is None else MILLION * other.loss
    if (chance is None and usd is None) or not other.scenario:
        return None
    reason = other.reason
    moved = (chance - (found.chance or 0)) if chance is not None else 0.0
    if (
        not reason
        and moved == 0
        and usd is not None
        and abs(usd - (found.middle[0] if found.middle else 0.0)) < say.UNMEASURED
    ):
        why = next((cell.why for key, cell in other.cells.items() if key.startswith("disruption") and cell.why), "")
        reason = f"no change: {why or 'the same in every run'}"
    ending, turned = _ending(other.cells)
    if ending:
        reason = ""
    chance_said = "–" if chance is None else _chance(chance)
    spared = 0.0 if usd is None or found.middle is None else _part(usd, found.middle[0])
    return Change(other.label, chance_said, "–" if usd is None else _loss(usd), reason, moved, ending, turned, spared)


def _part(usd: float, base: float) -> float:
    """The change of a loss as a part of the larger one; nothing where nobody could measure it."""
    return 0.0 if abs(usd - base) < say.UNMEASURED else (usd - base) / max(abs(usd), abs(base))


def _ending(cells: Mapping[str, Outcome]) -> tuple[str, float]:
    """What a what-if does to the target's giving way: in the forecast, else in the game, in points; "" where nothing.

    Cells hold paired changes, per cent.
    """
    for stage, words in (("bargaining", ""), ("game", " in the game")):
        cell = cells.get(f"{stage}.target_concedes")
        change = None if cell is None or cell.change is None else cell.change.value
        if cell is not None and change is not None and abs(change) >= 0.5:
            value = f"{cell.figure.value:.0f}{say.NBSP}% " if stage == "bargaining" and cell.figure else ""
            return f"{value}({change:+.0f} points{words})".replace("-", "−"), change
    return "", 0.0


def _thirds(found: Findings, lever: Lever) -> list[Change]:
    """The third of the runs in which the lever was lowest, and that in which it was highest."""
    low, high = np.quantile(lever.values, [1 / 3, 2 / 3])
    made = []
    for words, mask in (
        (_end(low, lever, "below", "lowest"), lever.values <= low),
        (_end(high, lever, "above", "highest"), lever.values >= high),
    ):
        told = found.where(mask)
        if told is not None and abs(told[0] - (found.chance or 0)) >= 0.03:
            made.append(
                Change(f"{lever.label}, {words}", _chance(told[0]), _loss(told[1]), "", told[0] - (found.chance or 0))
            )
    return made


def _end(value: float, lever: Lever, side: str, most: str) -> str:
    """A third of the runs: "below 9 %", "above 45 days"; a number without a unit that people know is not named."""
    if lever.unit.startswith("share") or lever.unit.split(" of ")[0] in ("days", "months", "calendar days"):
        return f"{side} {_value(value, lever)}"
    return f"in the {most} third of runs"


def _value(value: float, lever: Lever) -> str:
    if lever.unit.startswith("share"):
        return say.percent(value)
    unit = lever.unit.split(" of ")[0]
    return (
        f"{say.spoken(float(value))} {unit}"
        if unit in ("days", "months", "calendar days")
        else say.spoken(float(value))
    )
