"""The dispute played as a game: the mechanism behind the forecast, read in differences on paired draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from geoecon.bargaining.course import Course
from geoecon.bargaining.dispute import Dispute, dispute_of, ties_of
from geoecon.bargaining.forecast import EndingForecast, labelled, with_band
from geoecon.bargaining.game import ENDINGS, ENGAGED, EXITS, PLAYERS, PRESSING
from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.countries import named
from geoecon.draws import Draws, band
from geoecon.figure import Figure, cite
from geoecon.result import Sample

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from geoecon.bargaining.dispute import DependenceLeft, LossesByState
    from geoecon.bargaining.payoffs import Ties
    from geoecon.triangle import Triangle

PAPERS = ("barg_mckelvey_palfrey", "barg_eibelshaeuser", "barg_doraszelski", "barg_fearon", "barg_ties")


@dataclass(frozen=True, eq=False)
class GameForecast(EndingForecast):
    """What the game says of the endings, and what the sides expect.

    first_mover: (draw, month, side) probability of a settlement that this side opened; values (draw, player): expected
    payoffs from the first day on, per cent of a month's GDP. Where the patron is free to choose: pressing
    (draw, month, side) probability that it presses this side while the dispute is open, package (draw, month) that it
    has settled with the sender over the target's head, a part of the settlements; else None.
    """

    first_mover: xr.DataArray
    values: Array
    precision: float
    pressing: Array | None = None
    package: Array | None = None

    METHOD: ClassVar[str] = """A game in continuous time: each government and the patron moves when its clock rings
(Doraszelski & Judd 2012), so that no period length matters. Choices are logit quantal responses (McKelvey & Palfrey
1995; Eibelshäuser & Poensgen 2019) against reference rates; values run back from the far future through the known
election dates, where a leader's type is drawn. Losses by state come from the welfare stage, fears of abandonment
and entrapment from the alliance stage. Coded beforehand: who gives up the issue without an offer standing concedes;
an offer that the other side meets is a settlement, recorded with its first mover; a dispute may fade. Precision,
patience, audience cost, the worth of the issue and the rates of conceding, offering and fading are drawn together
from their joint posterior on 836 coded disputes: one alone cannot be told, and moving one alone leaves what the
disputes allow. Pressing by the patron begins as a surprise on its date and raises the log-odds of giving way of the
side that is pressed. With `patron_moves = "free"` the patron chooses by itself whom to press and when, and may
settle with the sender over the target's head, at a precision of its own. The game forecasts no better than the base
rate: read it in differences."""

    def summary(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.yearly())

    def figures(self) -> dict[str, Figure]:
        found = super().figures()
        for player, value in zip(PLAYERS, self.values.T, strict=True):
            if player in self.names:
                label = f"expected payoff of {self.names[player]}"
                found[f"payoff_{player}"] = self.figure(value, "% of a month's GDP", f"from {self.start}", label)
        return found

    def samples(self) -> dict[str, Sample]:
        return {key: replace(one, label=f"in the game, {one.label}") for key, one in super().samples().items()}

    def sentence(self) -> str:
        order = sorted(ENDINGS, key=lambda ending: -band(self.by(ending, self.months))[0])
        shares = ", ".join(
            f"{self.label(ending)} {with_band(100 * self.by(ending, self.months))} %" for ending in order
        )
        return f"In the game, by {self.day(self.months):%B %Y}: {shares}."

    @property
    def whom(self) -> Array | None:
        """Probability (draw,) that it is the sender whom a patron free to choose presses, of all its pressing."""
        if self.pressing is None:
            return None
        both = self.pressing.sum(axis=1)
        return np.asarray(both[:, 0] / both.sum(axis=1))

    def _free_sentence(self) -> str:
        if self.pressing is None or self.package is None or self.whom is None:
            return ""
        patron, sender, target = (named(self.names[role]) for role in ("patron", "sender", "target"))
        still = self.probability.sel(ending="open").values.sum(axis=1)
        times = [with_band(100 * self.pressing[:, :, side].sum(axis=1) / still) for side in (0, 1)]
        return (
            f"Free to choose, {patron} presses {sender} {times[0]} % of the time and {target} {times[1]} %: of its "
            f"pressing {with_band(100 * self.whom)} % falls on {sender}; it settles with {sender} over {target}'s head "
            f"in {with_band(100 * self.package[:, -1])} %."
        )

    def sentences(self) -> list[str]:
        payoffs = {PLAYERS[i]: band(column) for i, column in enumerate(self.values.T)}
        gains = ", ".join(f"{self.names[p]} {payoffs[p][0]:+.1f}" for p in PLAYERS if p in self.names)
        said = [self.sentence(), self._free_sentence()]
        return [*filter(None, said), f"Expected payoffs from the first day on, in per cent of a month's GDP: {gains}."]


def forecast_of(case: Case, dispute: Dispute, played: Course) -> GameForecast:
    """The result of a played dispute."""
    import xarray as xr

    exits = dispute.by_draw(played.probability)
    both = exits[..., [EXITS.index(f"settlement_{side}_first") for side in PLAYERS[:2]]]
    package = exits[..., EXITS.index("package")]
    ended = [exits[..., 0], exits[..., 1], both.sum(-1) + package, exits[..., -1]]
    free = any(state.patron in PRESSING for state in dispute.board.states)
    month = np.arange(exits.shape[1])
    return GameForecast(
        labelled(np.stack([*ended, 1 - sum(ended)], axis=-1)),
        case.start,
        names_of_sides(case),
        dispute.sources | {cite(paper) for paper in PAPERS},
        xr.DataArray(both, dims=("draw", "month", "side"), coords={"month": month, "side": list(PLAYERS[:2])}),
        dispute.by_draw(played.values),
        float(dispute.stakes.precision[0]),
        dispute.by_draw(played.patron)[..., len(ENGAGED) :] if free else None,
        package if free else None,
    )


def names_of_sides(case: Case) -> dict[str, str]:
    """The name of each player; of several in a role, of the one that leads."""
    return {role: case.name_of(held[0]) for role in PLAYERS if (held := case.in_role(role))}


def game_for_case(
    case: Case,
    draws: Draws,
    losses: LossesByState,
    alliance: Triangle | Ties | None = None,
    catchup: DependenceLeft | None = None,
) -> GameForecast:
    """The dispute of a case played as a game, as it could be known at `case.cutoff`.

    losses: `.monthly` xr.DataArray (draw, control, retaliation, remaining, side), USD million a month; alliance:
    fears of abandonment and entrapment and net patronage; catchup: `.remaining` (draw, month, product).
    Raises InputError for faulty leader or election rows, MissingData without losses or GDP, NotConverged.
    """
    return _played(case, draws, losses, alliance, catchup)


GAME_RUNS = 12  # draws on which questions play the game; it takes a hundred times as long as the record of disputes


class FewLosses(NamedTuple):
    monthly: xr.DataArray
    sources: frozenset[str]


class FewMonths(NamedTuple):
    remaining: xr.DataArray


def game_for_questions(
    case: Case,
    draws: Draws,
    losses: LossesByState,
    alliance: Triangle | Ties | None = None,
    catchup: DependenceLeft | None = None,
) -> GameForecast:
    """`game_for_case` on the first draws: enough for paired changes."""
    few = slice(0, GAME_RUNS + 1)
    monthly = FewLosses(losses.monthly[few], losses.sources)
    path = None if catchup is None else FewMonths(catchup.remaining[few])
    ties = ties_of(case, draws.n, alliance).rows(np.arange(min(draws.n, GAME_RUNS + 1)))
    return _played(case, draws.only(few), monthly, ties, path)


def _played(
    case: Case, draws: Draws, losses: LossesByState, alliance: Triangle | Ties | None, catchup: DependenceLeft | None
) -> GameForecast:
    dispute = dispute_of(case, draws, losses, alliance, catchup)
    return forecast_of(case, dispute, dispute.play())
