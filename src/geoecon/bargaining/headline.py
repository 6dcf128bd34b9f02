"""The forecast of a case: the record of coded disputes in front, other methods in one row beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from geoecon import hazards
from geoecon.bargaining.central import central_inputs
from geoecon.bargaining.dispute import Dispute, dispute_of
from geoecon.bargaining.first_day import Known, known_of, pressing_of
from geoecon.bargaining.forecast import EndingForecast, labelled, with_band
from geoecon.bargaining.game import ENDINGS
from geoecon.bargaining.lanes import Tracks, tracks_for_case
from geoecon.bargaining.mechanism import GameForecast, forecast_of, names_of_sides
from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.countries import named
from geoecon.dates import MEAN_MONTH, month_on
from geoecon.dispute import STEPS, level_endings
from geoecon.draws import Draws, band
from geoecon.errors import InputError, MissingData

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.bargaining.dispute import DependenceLeft, LossesByState
    from geoecon.bargaining.payoffs import Ties
    from geoecon.triangle import Triangle

# Where a patron pressed: hand-coded disputes (the pressed side alone gave way), and crises of two of its allies
PRESS = (
    "Where a patron pressed one side, that side gave way in 23 of 30 disputes.",
    "In 16 crises of two allies of one patron the one it disfavoured did worse in 9 and better in 2.",
    "Neither shows cause, and dependence on the patron did not tell who gave way.",
)


@dataclass(frozen=True, eq=False)
class DisputeForecast(EndingForecast):
    """The forecast from coded disputes as known on the first day, with what must be said of it.

    carried (draw, month): probability that measures had been imposed; pressed: who is pressed from when, in words;
    by_issue: where two fit, each with its probabilities (ending,) at the horizon; package (draw,): share of deals
    struck over the target's head or with linked issues; whom (draw,): probability that a patron that presses one side
    presses the sender, None where the two are not both its allies; similar: the most similar by name; base (month,
    ending): what all disputes that start so do.
    """

    carried: Array
    notes: tuple[str, ...]
    pressed: tuple[str, ...]
    by_issue: tuple[tuple[str, Array], ...]
    package: Array
    whom: Array | None
    similar: pd.DataFrame
    base: Array
    dispute: Dispute | None = None  # the game of the case at central values, played when asked for
    case: Case | None = None
    tracks: Tracks | None = None

    METHOD: ClassVar[str] = """Competing risks (Prentice et al. 1978): a dispute is threatened, then imposed, and ends
in one of four ways; each has its rate by months in the state, learned from 836 disputes of 1945 to 2005 (TIES 4.1)
with trade dependence both ways and the issue, a campaign one vote, shrunk towards no effect. Only what the first
day tells is used. Endings without a date count in every month by their chance. Bands: 200 fits to campaigns drawn
anew; where two issues fit the dispute lies between them (its log rates are their mean), in each draw at a place of
its own. A pool with the most similar disputes did no better, so none is used. Trade practices are dealt over,
politics is not: most of the gain is the issue, which a written rule codes. Pressing multiplies the rate of giving
way of the pressed side by e^effect from its date; effect 1.0, give or take 0.7, between what 61 disputes coded by
one person who knew the endings say (2.2) and what independent crisis data say (1.4 to 1.6), lowered because patrons
press likely losers."""

    @cached_property
    def game(self) -> GameForecast | None:
        """The game at central values; None where the stages before it gave nothing to play with."""
        if self.dispute is None or self.case is None:
            return None
        return forecast_of(self.case, self.dispute, self.dispute.play())

    def passage(self, name: str, month: int) -> Array:
        """Probability (draw,) that a step had come by the month: `imposed`, an ending, `package` or a step of a track.

        `package`: a deal over the target's head or with linked issues, a part of the deals. Raises InputError for
        another name.
        """
        if name == "imposed":
            return np.asarray(self.carried[:, month])
        if name in ENDINGS:
            return self.by(name, month)
        if name == "package":
            return self.package * self.by("settlement", month)
        if self.tracks is not None and name in STEPS:
            return self.tracks.passage(name, month)
        allowed = ("imposed", *ENDINGS, "package", *STEPS)
        raise InputError(f"passage {name!r}; allowed: {', '.join(allowed)}")

    def others(self, month: int) -> pd.DataFrame:
        """What each method says by a month, per cent: a row an ending, columns this forecast and the others."""
        import pandas as pd

        similar = share_by(self.similar, month)
        rows = []
        for k, ending in enumerate(ENDINGS):
            row: dict[str, Any] = {"ending": self.label(ending), "this forecast": band(self.by(ending, month))[0] * 100}
            row["all such disputes"] = 100 * self.base[month, k]
            row["the most similar"] = 100 * similar[k]
            if self.game is not None:
                row["the game"] = 100 * float(self.game.by(ending, month)[0])
            rows.append(row)
        return pd.DataFrame(rows)

    def summary(self) -> pd.DataFrame:
        """Probabilities in per cent at the end of every year with the 80 % band, and what other methods say."""
        import pandas as pd

        table, others = pd.DataFrame(self.yearly()), self.others(self.months)
        names = list(others.columns[2:])
        said = [", ".join(f"{name} {row[name]:.0f}" for name in names) for _, row in others.iterrows()]
        return table.assign(**{f"other methods say, by month {self.months}, %": said})

    def sentence(self) -> str:
        """The two likeliest endings by the horizon, or all that are level with the likeliest: then none is favoured."""
        chances = {ending: float(band(self.by(ending, self.months))[0]) for ending in ENDINGS}
        order = sorted(ENDINGS, key=lambda ending: -chances[ending])
        told = [f"{self.label(ending)} ({100 * chances[ending]:.0f} %)" for ending in order]
        when, level = f"{self.day(self.months):%B %Y}", len(level_endings(chances))
        if level > 1:
            return f"By {when} no ending is favoured: {', '.join(told[: level - 1])} or {told[level - 1]}."
        return f"By {when} it is likeliest that {told[0]}, then that {told[1]}."

    def sentences(self) -> list[str]:
        """The forecast, all endings with bands, the similar disputes, who is pressed, what is known of that, notes."""
        order = sorted(ENDINGS, key=lambda ending: -band(self.by(ending, self.months))[0])
        shares = ", ".join(f"{self.label(e)} {with_band(100 * self.by(e, self.months))} %" for e in order)
        length = f"it has ended, as likely as not, within {with_band(self.median_length)} months"
        said = [self.sentence(), f"By {self.day(self.months):%B %Y}: {shares}; {length}.", self._similar_sentence()]
        said += [self._package_sentence(), hazards.scores_told(), *self.beside()]
        if "patron" in self.names:
            said.append(self._whom_sentence())
        for name, chances in self.by_issue:
            told = ", ".join(f"{self.label(e)} {100 * p:.0f} %" for e, p in zip(ENDINGS, chances, strict=True))
            said.append(f"If it is about {name}: {told}.")
        return said

    def beside(self) -> list[str]:
        """What a page says in sight beside the forecast: notes, who is pressed, what the record of pressing says."""
        return [*self.notes, *((*self.pressed, *PRESS) if "patron" in self.names else ())]

    def _whom_sentence(self) -> str:
        patron, sender, target = (named(self.names[role]) for role in ("patron", "sender", "target"))
        if self.whom is None:
            return f"Whom {patron} would press the record cannot say: {sender} and {target} are not both its allies."
        chance = with_band(100 * self.whom)
        return f"If it pressed one side, {patron} would press {sender}, which moved first, with {chance} %."

    def _package_sentence(self) -> str:
        head = ""
        if "patron" in self.names:
            sender, patron, target = (named(self.names[role]) for role in ("sender", "patron", "target"))
            head = f"by {sender} and {patron} over {target}'s head, or "
        share = with_band(100 * self.passage("package", self.months))
        return (
            f"Part of the deals are packages, struck {head}with linked issues: "
            f"{share} % by then, at a share of deals from memory."
        )

    def _similar_sentence(self) -> str:
        counts = self.similar["ending"].value_counts()
        nearest = ", ".join(
            f"{row.sender} and {row.target} ({str(row.start)[:4]})" for row in self.similar.head(3).itertuples()
        )
        return (
            f"Of the {len(self.similar)} most similar coded disputes the target gave way in "
            f"{counts.get('target_concedes', 0)}, the sender backed down in {counts.get('sender_concedes', 0)} "
            f"and a deal was made in {counts.get('settlement', 0)}; the nearest are {nearest}."
        )


def pressed_first(case: Case, draws: Draws, alliance: Triangle | Ties | None = None) -> Array | None:
    """Probability (draw,) that a patron which presses one side presses the sender, who moved first.

    Log-odds: press_mover, and press_dependence times how much more the sender depends on the patron than the target.
    None where the two are not both its allies: the disputes behind it are between two clients of one patron.
    """
    bond = getattr(alliance, "bond", None)
    if bond is not None and not bond.ties[1:, 0].all():
        return None
    dependence = getattr(alliance, "dependence", {})
    roles = {"sender": case.sender, "target": case.target, **getattr(alliance, "roles", {})}
    gap = dependence.get(roles["sender"], 0.0) - dependence.get(roles["target"], 0.0)
    odds = draws.get("press_mover") + draws.get("press_dependence") * gap
    return np.asarray(1 / (1 + np.exp(-odds)))


def share_by(similar: pd.DataFrame, month: int) -> Array:
    """Shares (ending,) of similar disputes that had ended so by the month, the last one open; campaigns vote.

    An ending without a date counts as those of its kind with one.
    """
    vote, months = similar["vote"].to_numpy(), similar["months"].to_numpy()
    shares = np.zeros(len(ENDINGS))
    for k, ending in enumerate(ENDINGS[:-1]):
        mine = (similar["ending"] == ending).to_numpy()
        dated = mine & ~np.isnan(months)
        if dated.any():
            shares[k] = vote[mine].sum() * vote[dated & (months <= month)].sum() / vote[dated].sum()
    shares /= vote.sum()
    shares[-1] = 1 - shares.sum()
    return shares


def for_case(
    case: Case,
    draws: Draws,
    losses: LossesByState | None = None,
    alliance: Triangle | Ties | None = None,
    catchup: DependenceLeft | None = None,
) -> DisputeForecast:
    """How the dispute of a case ends, from coded disputes and what its first day told; known at `case.cutoff`.

    losses, alliance and catchup are those of the stages before; with them the game is played beside the forecast.
    Raises InputError for faults under [dispute], in press rows or in the scenario `press`.
    """
    known = known_of(case, draws)
    months = case.horizon_months
    pressing, behind = pressing_of(case)
    lift = hazards.lift_of(pressing, months, draws.get("press_effect"), draws.get("press_both"))
    found = hazards.forecast(known.first, months, draws.n, lift=lift, hazards=known.model, seed=draws.seed)
    alike = hazards.FirstDay(None, (), known.first.threat)
    base = hazards.forecast(alike, months, 1, hazards=known.model)
    effects = {draws.parameter(name).source for name in ("press_effect", "press_both")} if pressing else set()
    return DisputeForecast(
        labelled(np.concatenate([found.ended, found.still[:, :, None]], axis=2)),
        case.start,
        names_of_sides(case),
        known.sources | behind | effects,
        found.carried,
        known.notes,
        tuple(_pressed(case, one) for one in pressing),
        tuple(_by_issue(known, months, None if lift is None else lift[:1])),
        draws.get("package_share"),
        pressed_first(case, draws, alliance),
        _similar(known),
        np.concatenate([base.ended[0], base.still[0, :, None]], axis=1),
        _game(case, draws, losses, alliance, catchup),
        case,
        tracks_for_case(case, draws),
    )


def _game(
    case: Case,
    draws: Draws,
    losses: LossesByState | None,
    alliance: Triangle | Ties | None,
    catchup: DependenceLeft | None,
) -> Dispute | None:
    """The game at central values; None where a stage before it is missing."""
    try:
        return dispute_of(case, draws.only(slice(0, 1)), *central_inputs(case, draws, losses, alliance, catchup))
    except MissingData:
        return None


def _by_issue(known: Known, months: int, lift: Array | None) -> Iterator[tuple[str, Array]]:
    """Where two issues fit: each with the probabilities (ending,) at the horizon, central values."""
    for number in known.first.issues if len(known.first.issues) > 1 else ():
        first = replace(known.first, issues=(number,))
        found = hazards.forecast(first, months, 1, lift=lift, hazards=known.model)
        yield hazards.issue_in_words(number), np.append(found.ended[0, -1], found.still[0, -1])


def _pressed(case: Case, one: hazards.Pressing) -> str:
    names = names_of_sides(case)
    until = "" if np.isinf(one.until) else f" until {_named_month(case, one.until)}"
    by = named(case.name_of(one.by) if one.by else names["patron"])
    return f"Pressed by {by}: {names[one.side]}, from {_named_month(case, one.month)}{until}."


def _named_month(case: Case, month: float) -> str:
    return f"{month_on(case.start, int(month + (case.start.day - 1) / MEAN_MONTH + 1e-6)):%B %Y}"


def _similar(known: Known) -> pd.DataFrame:
    """The class of similar disputes: of the issues that fit, or of any where none is known."""
    coded = hazards.shipped()
    weight, dependence, _ = hazards.kinds_of(known.first, known.model)
    middle = np.exp(weight @ np.log(np.maximum(dependence, 1e-4)))
    issues = known.first.issues or tuple(hazards.ISSUES)
    return hazards.similar_disputes(coded, middle, issues, known.first.threat)
