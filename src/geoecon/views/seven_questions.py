"""The seven questions, each as one sentence and one picture, with how we know behind it."""

from __future__ import annotations

from collections.abc import Callable

from geoecon.message import Findings
from geoecon.views.beside import beside_endings
from geoecon.views.block import Answer, Block
from geoecon.views.block_loss import how_far, what_it_costs
from geoecon.views.block_power import how_good, how_unequal, who_gives_way
from geoecon.views.block_trade import what_changed, who_depends


def blocks(found: Findings) -> list[Block]:
    """All seven in order; a question that no stage answers says why in its sentence."""
    made = []
    for number, (key, kicker, stages, answer) in enumerate(QUESTIONS, 1):
        sentence, picture, source = answer(found)
        beside = beside_endings(found) if key == "ending" else {}
        made.append(Block(key, f"{number} · {kicker}", sentence, picture, source, stages, **beside))
    return made


QUESTIONS: tuple[tuple[str, str, tuple[str, ...], Callable[[Findings], Answer]], ...] = (
    ("depends", "Who depends on whom?", ("trade", "scan"), who_depends),
    ("controls", "What did the controls change?", ("controls",), what_changed),
    ("shock", "How far does the shock travel?", ("disruption", "catchup"), how_far),
    ("cost", "What does it cost?", ("welfare", "losses"), what_it_costs),
    ("triangle", "How unequal is the triangle?", ("alliance",), how_unequal),
    ("ending", "Who gives way, and when?", ("bargaining", "tracks"), who_gives_way),
    ("outcome", "How good was this?", ("evidence",), how_good),
)
