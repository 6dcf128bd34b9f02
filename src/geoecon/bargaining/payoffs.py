"""What the sides gain and lose, and how often they move: the numbers of the game, one row a draw.

Unit of every payoff: one per cent of a month's GDP of the side concerned. Only choice precision times payoff matters
for behaviour, so the unit is fixed once, here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geoecon.bargaining.game import ENGAGED, PATRON, PLAYERS, PRESSING, SENDER, TARGET, Board, Move, State
from geoecon.dispute import CONTROL, RETALIATION
from geoecon.dispute import REMAINING as REMAINING

Array = NDArray[np.float64]
Parameters = Callable[[str], Array]  # name -> (draw,)


@dataclass(frozen=True)
class Ties:
    """What the alliance gives the game: fears of abandonment A and entrapment E of sender and target, and the
    patron's net patronage, each an index from 0 to 1 of shape (draw, 2) or (draw,); dependence (draw, 2) of sender and
    target on the patron, None where it is not known."""

    abandonment: Array
    entrapment: Array
    patronage: Array
    trilateral: bool = False
    sources: frozenset[str] = frozenset()
    known: bool = True  # False: no alliance results came in, every index is zero
    dependence: Array | None = None

    def rows(self, chosen: NDArray[np.int64]) -> Ties:
        return replace(
            self,
            abandonment=self.abandonment[chosen],
            entrapment=self.entrapment[chosen],
            patronage=self.patronage[chosen],
            dependence=None if self.dependence is None else self.dependence[chosen],
        )


@dataclass(frozen=True)
class Stakes:
    """The game's numbers by draw. K lump classes, R reference classes, F = board.per_pair flow classes.

    precision (draw,); discount (draw, 3) a month; clock (draw, 3) rings a month; lapse, fade (draw,) a month;
    turnover (draw, 2) a month and conciliatory (draw, 2) chance of a conciliatory successor, both beyond the dated
    elections; flow (draw, F, 3) a month; losses (draw, control, retaliation, remaining, 3) a month;
    lump (draw, K, 3) at a move; reference (draw, R) log weights; press_effect, press_both (draw,) added to the log
    weight of giving way where the side is pressed, and of meeting an offer where both are; patron_scale (draw,): what
    the patron's payoffs were multiplied by, so that a patron free to choose has a precision of its own.
    """

    precision: Array
    discount: Array
    clock: Array
    lapse: Array
    fade: Array
    turnover: Array
    conciliatory: Array
    flow: Array
    losses: Array
    lump: Array
    reference: Array
    press_effect: Array
    press_both: Array
    patron_scale: Array

    def rows(self, chosen: NDArray[np.int64] | slice) -> Stakes:
        return Stakes(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def lump_key(move: Move, state: State) -> tuple[str, ...]:
    """What the payoff at a move depends on; moves that pay nothing share one class."""
    if move.name not in ("concede", "accept", "refuse", "package"):
        return ("nothing",)
    return (move.name, PLAYERS[move.player], state.patron, state.sender_leader, state.target_leader)


def flow_key(state: State) -> tuple[bool, bool, str, str]:
    """What the payoff of a month in a state depends on, the economic losses apart."""
    return (state.retaliation == "security", state.court == "filed", state.patron, state.offer)


def reference_key(move: Move, state: State) -> tuple[str, ...]:
    """What the reference weight of a move depends on: the move and, for concessions, who makes it, pressed or not."""
    if move.name != "concede":
        return (move.name,)
    name = f"concede_{PLAYERS[move.player]}"
    return (name, "pressed") if state.patron == PRESSING[move.player] else (name,)


def losses_in_gdp(monthly: Array, yearly_gdp: Array) -> Array:
    """Losses in per cent of a month's GDP. monthly (..., side) USD million, yearly_gdp (side,) USD million."""
    return 100 * monthly / (yearly_gdp / 12)


def stakes(board: Board, get: Parameters, ties: Ties, losses: Array) -> Stakes:
    """All numbers of the game. losses (draw, control, retaliation, remaining, 3), see `losses_in_gdp`."""
    lump_classes, _ = board.classes(lump_key)
    reference_classes, _ = board.classes(reference_key)
    n = len(get("choice_precision"))
    none = np.zeros(n)
    free = any(state.patron in PRESSING for state in board.states)
    own = np.ones((n, 1, 3))  # the patron's payoffs in units at which its own precision is that of the game
    if free:
        own[:, 0, PATRON] = get("patron_precision") / np.maximum(get("choice_precision"), 1e-9)
    states = board.states[: board.per_pair]
    flows = {key: _flow(key, get, ties, none) for key in dict.fromkeys(map(flow_key, states))}
    return Stakes(
        precision=get("choice_precision"),
        discount=np.stack([get(f"impatience_{name}") / 12 for name in PLAYERS], axis=1),
        clock=np.stack([get("government_clock"), get("government_clock"), get("patron_clock")], axis=1),
        lapse=1 / get("offer_life"),
        fade=get("fade_rate"),
        turnover=np.stack([1 / get(f"{name}_leader_term") for name in PLAYERS[:PATRON]], axis=1),
        conciliatory=np.stack([get(f"{name}_conciliatory") for name in PLAYERS[:PATRON]], axis=1),
        flow=np.stack([flows[flow_key(state)] for state in states], axis=1) * own,
        losses=losses * own[:, None, None] if free else np.broadcast_to(losses, (n, *losses.shape[1:])),
        lump=np.stack([_lump(key, get, ties, none) for key in lump_classes], axis=1) * own,
        reference=np.stack([_reference(key, get, ties, none) for key in reference_classes], axis=1),
        press_effect=get("press_effect"),
        press_both=get("press_both"),
        patron_scale=own[:, 0, PATRON],
    )


def _reference(key: tuple[str, ...], get: Parameters, ties: Ties, none: Array) -> Array:
    """Log weight of a move against holding when nothing is at stake; -inf where the rate is zero."""
    if key == ("hold",):
        return none
    name = "press" if key[0].startswith("press_") else key[0]
    weight = np.log(np.maximum(get(f"reference_{name}"), 1e-12))
    if key[-1] == "pressed":
        return weight + get("press_effect")
    if name != "press":
        return weight
    # the sender moved first; the slope is that of how much more the pressed side depends on the patron
    side = PLAYERS.index(key[0].removeprefix("press_"))
    apart = none if ties.dependence is None else ties.dependence[:, side] - ties.dependence[:, 1 - side]
    return weight + (side == SENDER) * get("press_mover") + get("press_dependence") * apart


def _flow(key: tuple[bool, bool, str, str], get: Parameters, ties: Ties, none: Array) -> Array:
    """Payoffs a month in this state, the economic losses apart: (draw, 3)."""
    at_stake, filed, held, offer = key
    engaged = held in ENGAGED[1:]
    weight = get("alliance_weight")
    sides = []
    for side in (SENDER, TARGET):
        fear = weight * ties.abandonment[:, side]
        holds_out = engaged and offer == PLAYERS[1 - side]
        value = none - fear * at_stake - 0.5 * fear * holds_out
        sides.append(value + filed * (get("court_gain") if side == TARGET else -get("court_cost")))
    patron = -get("patron_stake") * ties.patronage * (1 + get("security_stake") * at_stake)
    cost = get("press_cost" if held in PRESSING else "mediation_cost")
    return np.stack([*sides, patron - (held != "out") * cost], axis=1)


def _lump(key: tuple[str, ...], get: Parameters, ties: Ties, none: Array) -> Array:
    """Payoffs at a move: (draw, 3)."""
    if key == ("nothing",):
        return np.stack([none, none, none], axis=1)
    name, mover, patron, *leaders = key
    me = PLAYERS.index(mover)
    other = 1 - me
    engaged, guaranteed = patron in ENGAGED[1:], patron == "guaranteeing"
    issue = [_issue(get, side, leaders[side]) for side in (SENDER, TARGET)]
    audience = [_audience(get, leaders[side], engaged) for side in (SENDER, TARGET)]
    in_public = 1 - get("forum_effect") * ties.trilateral  # offers shown together in a forum are harder to spurn
    value = [none, none, none]
    if name == "concede":
        value[me] = -issue[me] / 2 - audience[me]
        value[other] = issue[other] / 2
    elif name == "accept":
        bound = guaranteed * get("alliance_weight") * get("guarantee_months")
        value[me] = -get("acceptor_share") * audience[me] - bound * ties.entrapment[:, me]
        first = -get("first_mover_share") * in_public * audience[other] + guaranteed * get("guarantee_worth")
        value[other] = first - bound * ties.entrapment[:, other]
        value[PATRON] = -guaranteed * get("guarantee_cost") + none
    elif name == "package":  # the sender keeps a part of the issue, the target loses it, the patron pays
        value[SENDER], value[TARGET] = issue[SENDER] / 4, -issue[TARGET] / 4
        value[PATRON] = none - get("guarantee_cost")
    else:  # the offer is refused
        value[other] = -get("spurned_share") * in_public * audience[other]
    return np.stack(value, axis=1)


def _issue(get: Parameters, side: int, leader: str) -> Array:
    """Worth of the whole issue to a side under this leader; a concession moves half of it from the middle."""
    sign = 1.0 if leader == "firm" else -1.0
    return get("salience") * get(f"issue_value_{PLAYERS[side]}") * (1 + sign * get("leader_shift"))


def _audience(get: Parameters, leader: str, engaged: bool) -> Array:
    """Audience cost of conceding (Fearon 1994; Putnam 1988), by leader; an engaged patron scales it."""
    scale = np.ones_like(get("audience_cost")) if leader == "firm" else get("conciliatory_audience")
    return get("audience_cost") * scale * (1 - engaged * get("mediation_effect"))


def loss_index(state: State) -> tuple[int, int]:
    """Where the state's losses stand in the table (control, retaliation)."""
    return CONTROL.index(state.control), RETALIATION.index(state.retaliation)


PARAMETERS = (
    "choice_precision", "impatience_sender", "impatience_target", "impatience_patron", "government_clock",
    "patron_clock", "offer_life", "fade_rate", "sender_leader_term", "target_leader_term", "sender_conciliatory",
    "target_conciliatory", "salience", "issue_value_sender", "issue_value_target", "leader_shift", "audience_cost",
    "conciliatory_audience", "first_mover_share", "acceptor_share", "spurned_share", "mediation_effect",
    "guarantee_worth", "guarantee_months", "guarantee_cost", "alliance_weight", "patron_stake", "security_stake",
    "mediation_cost", "court_gain", "court_cost", "forum_effect", "reference_escalate", "reference_ease",
    "reference_offer", "reference_accept", "reference_refuse", "reference_concede_sender",
    "reference_concede_target", "reference_file", "reference_suspend", "reference_resume", "reference_mediate",
    "reference_guarantee", "reference_withdraw", "press_effect", "press_both", "reference_press", "reference_package",
    "press_cost", "patron_precision", "press_mover", "press_dependence",
)  # fmt: skip
"""Names of every parameter of the game, as in defaults.csv."""
