"""What would change the answer: counterfactuals, what matters most, and the map over what nobody can observe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from geoecon.bargaining.dispute import dispute_of
from geoecon.bargaining.mechanism import GameForecast, forecast_of, game_for_case
from geoecon.bargaining.payoffs import Array
from geoecon.case import Case
from geoecon.dispute import day_of
from geoecon.draws import Draws, band, sample
from geoecon.figure import Figure
from geoecon.result import Result

if TYPE_CHECKING:
    import pandas as pd

Upstream = Callable[[Case, Draws], Mapping[str, Any]]
AS_IT_STANDS = "as it stands"
STOCK_DAYS = 180


def upstream(case: Case, draws: Draws) -> dict[str, Any]:
    """The results that bargaining needs, computed anew for a case under another scenario."""
    from geoecon import capacity, catchup, costs, triangle

    has_patron = any(state.role == "patron" for state in case.states)
    found: dict[str, Any] = {"alliance": triangle.for_case(case, draws) if has_patron else None}
    let_through = capacity.for_case(case, draws)
    found["catchup"] = catchup.for_case(case, draws, let_through)
    found["losses"] = costs.losses_for_case(case, draws, let_through)
    return found


@dataclass(frozen=True)
class Counterfactuals(Result):
    """The forecast as it stands and under other assumptions; draws are paired, so differences have bands."""

    forecasts: Mapping[str, GameForecast]
    month: int

    METHOD: ClassVar[str] = """Every variant plays the same game with the same draws of the parameters, so that a
difference is due to the variant alone. Variants that change losses run the stages before this one again."""

    @property
    def base(self) -> GameForecast:
        return self.forecasts[AS_IT_STANDS]

    @property
    def sources(self) -> frozenset[str]:
        return frozenset[str]().union(*(forecast.sources for forecast in self.forecasts.values()))

    def change(self, name: str, ending: str) -> Array:
        """Change (draw,) of an ending's probability by `month`."""
        return self.forecasts[name].by(ending, self.month) - self.base.by(ending, self.month)

    def to_frame(self) -> pd.DataFrame:
        """Tidy: variant, ending, probability and change with bands."""
        import pandas as pd

        rows = []
        for name, forecast in self.forecasts.items():
            for ending in forecast.probability.ending.values:
                central, low, high = band(forecast.by(ending, self.month))
                change, less, more = band(self.change(name, ending))
                rows.append((name, ending, central, low, high, change, less, more))
        columns = ["variant", "ending", "central", "low", "high", "change", "change_low", "change_high"]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> pd.DataFrame:
        """One row a variant: probabilities in per cent by `month`, and the median length in months."""
        import pandas as pd

        rows = []
        for name, forecast in self.forecasts.items():
            row: dict[str, Any] = {"variant": name}
            for ending in forecast.probability.ending.values:
                row[f"{forecast.label(ending)}, %"] = round(100 * float(forecast.by(ending, self.month)[0]), 1)
            row["median length, months"] = round(float(forecast.median_length[0]), 1)
            rows.append(row)
        return pd.DataFrame(rows)

    def sentences(self) -> list[str]:
        """One for each variant, made from the numbers."""
        found = []
        for name in self.forecasts:
            if name == AS_IT_STANDS:
                continue
            changes = {ending: self.change(name, ending) for ending in ("target_concedes", "sender_concedes", "open")}
            parts = []
            for ending, values in changes.items():
                central, low, high = (100 * float(value) for value in band(values))
                text = f"{self.base.label(ending)} {_signed(central)} points"
                parts.append(text if np.isnan(low) else f"{text} ({_signed(low)} to {_signed(high)})")
            shift = float(self.forecasts[name].median_length[0] - self.base.median_length[0])
            when = f"{abs(shift):.1f} months {'later' if shift > 0 else 'earlier'}" if abs(shift) >= 0.05 else "as soon"
            length = f"half of such disputes end {when}"
            found.append(f"With {name}, by {self.base.day(self.month):%B %Y}: {', '.join(parts)}; {length}.")
        return found

    def sentence(self) -> str:
        """The variant that moves a concession by the target most."""
        others = [name for name in self.forecasts if name != AS_IT_STANDS]
        largest = max(others, key=lambda name: abs(self.change(name, "target_concedes")[0]))
        return self.sentences()[others.index(largest)]

    def figures(self) -> dict[str, Figure]:
        found = {}
        for name in self.forecasts:
            central, low, high = band(100 * self.change(name, "target_concedes"))
            period = f"by {self.base.day(self.month):%B %Y}"
            figure = Figure(float(central), "percentage points", period, self.sources, False, label=name)
            found[name] = figure if np.isnan(low) else figure.with_band(float(low), float(high))
        return found

    def chart(self) -> Any:
        from geoecon import charts

        frame = self.to_frame()
        frame = frame[(frame["variant"] != AS_IT_STANDS) & (frame["ending"] == "target_concedes")]
        frame = frame.drop(columns=["low", "high"])
        frame = frame.rename(columns={"change_low": "low", "change_high": "high"})
        for column in ("change", "low", "high"):
            frame[column] = 100 * frame[column]
        drawn = charts.bars(frame, "variant", "change", x_title="percentage points")
        subtitle = f"Change of P({self.base.label('target_concedes')}) by {self.base.day(self.month):%B %Y}, points"
        largest = frame.iloc[int(frame["change"].abs().to_numpy().argmax())]
        title = f"Largest change: {largest['variant']} ({largest['change']:+.1f} points)"
        return charts.finish(drawn, title, subtitle, self.sources)


def _signed(points: float) -> str:
    """With its sign; what rounds to nothing has none."""
    return f"{points:+.1f}" if abs(points) >= 0.05 else "0.0"


def counterfactuals(
    case: Case,
    draws: Draws,
    losses: Any,
    alliance: Any = None,
    catchup: Any = None,
    *,
    month: int | None = None,
    rerun: Upstream | None = upstream,
    changes: Mapping[str, str | float] = MappingProxyType({}),
) -> Counterfactuals:
    """The forecast under the usual variants and each of `changes`, a scenario key or parameter of the case.

    Usual: the patron engaged from the second month, a trilateral forum, no change of leader, six months of stocks,
    a fifth of the dependence left. `rerun(case, draws)` gives losses, alliance and catchup of a changed case for
    variants that change them; with None those are left out. month: where probabilities are compared, the horizon if
    not given. Raises InputError for an unknown key.
    """
    base = game_for_case(case, draws, losses, alliance, catchup)
    given = (losses, alliance, catchup)
    found = {AS_IT_STANDS: base}
    if any(state.role == "patron" for state in case.states):
        second = day_of(case.start, 1).strftime("%Y-%m")
        engaged = case.with_scenario(patron_engaged_from=second)
        found[f"the patron engaged from {second}"] = game_for_case(engaged, draws, *given)
        if hasattr(alliance, "with_architecture"):
            found["a trilateral forum"] = game_for_case(case.with_scenario(architecture="trilateral"), draws, *given)
    found["no change of leader"] = _variant(case, draws, given, change_leaders=False)
    found["a fifth of the dependence left"] = _variant(case, draws, given, remaining=0.2)
    stocks = {name: STOCK_DAYS for name in case.parameters if name.split(".")[0] == "inventory_days"}
    if rerun is not None and stocks:
        found["six months of stocks"] = _again(case.with_scenario(**stocks), draws, rerun)
    for key, value in changes.items():
        changed = case.with_scenario(**{key: value})
        own = key in GAME_KEYS or rerun is None
        again = game_for_case(changed, _draws_of(changed, draws), *given) if own else _again(changed, draws, rerun)
        found[f"{key} = {value}"] = again
    return Counterfactuals(found, base.months if month is None else month)


GAME_KEYS = ("architecture", "patron_engaged_from")


def _variant(case: Case, draws: Draws, given: tuple[Any, Any, Any], **change: Any) -> GameForecast:
    dispute = dispute_of(case, draws, *given, **change)
    return forecast_of(case, dispute, dispute.play())


def _draws_of(case: Case, draws: Draws) -> Draws:
    """The same sample for a changed case: the draw of a parameter depends on its name and the seed alone."""
    return sample(case.parameters, draws.n - 1, draws.seed)


def _again(case: Case, draws: Draws, rerun: Upstream | None) -> GameForecast:
    assert rerun is not None
    changed = _draws_of(case, draws)
    return game_for_case(case, changed, **rerun(case, changed))
