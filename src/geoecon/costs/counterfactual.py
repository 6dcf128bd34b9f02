"""One policy on one economy: `welfare`, for any table, without a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoecon.costs import measures
from geoecon.costs.economies import Economies, model_of
from geoecon.costs.hat_algebra import Equilibrium, solve
from geoecon.costs.model import Model
from geoecon.costs.quotas import Quota, QuotaResult, solve_quotas
from geoecon.costs.readers import read_changes
from geoecon.costs.shocks import Change, shock_from
from geoecon.costs.words import decimal
from geoecon.draws import Array
from geoecon.figure import Figure, cite
from geoecon.result import Result

if TYPE_CHECKING:
    import altair as alt


SUMMARY_ROWS = 12
SHOWN = 6  # closed pairs that a note names


@dataclass(frozen=True, eq=False)
class Counterfactual(Result):
    """A solved policy with both welfare measures. Everything in per cent of the base unless a heading says so."""

    solved: Equilibrium
    quotas: QuotaResult | None
    sources: frozenset[str]

    METHOD: ClassVar[str] = (
        "Exact-hat general equilibrium with input-output linkages (Caliendo & Parro 2015): unit costs, prices, shares, "
        "spending and trade balance in changes from the base; wages clear trade balance, world value added is the "
        "numeraire.\n"
        "Export quotas are wedges found to meet the quantity; the rent goes to the licence holder.\n"
        "Real income (exact): income over the price of final goods, lost tariff revenue included. Arithmetic total: "
        "base-weighted terms of trade, volume of trade, technical efficiency and transfer, as papers print it. The two "
        "differ a great deal when tariffs change a lot.\n"
        "Limits: full adjustment, no unemployment, fixed deficits."
    )

    @property
    def model(self) -> Model:
        return self.solved.model

    def to_frame(self) -> pd.DataFrame:
        """One row a region: both measures, the four terms, the real wage, income before."""
        split = measures.decompose(self.solved).by_country()
        return pd.DataFrame({
            "region": self.model.regions,
            "real_income": measures.real_income(self.solved),
            **split,
            "real_wage": measures.real_wage(self.solved),
            f"income ({self.model.unit})": self.model.income,
        })  # fmt: skip

    def terms(self) -> pd.DataFrame:
        """Terms of trade and volume of trade by sector and partner, per cent of the region's income."""
        split = measures.decompose(self.solved)
        J, N, _ = split.terms_of_trade.shape
        j, n, i = np.meshgrid(range(J), range(N), range(N), indexing="ij")
        frame = pd.DataFrame({
            "sector": np.take(self.model.sectors, j.ravel()),
            "region": np.take(self.model.regions, n.ravel()),
            "partner": np.take(self.model.regions, i.ravel()),
            "terms_of_trade": split.terms_of_trade.ravel(),
            "volume_of_trade": split.volume_of_trade.ravel(),
        })  # fmt: skip
        return frame[frame["region"] != frame["partner"]].reset_index(drop=True)

    def trade(self) -> pd.DataFrame:
        """Exports by pair: before and after in the model's unit, and the change in per cent."""
        before = self.model.border_value.sum(axis=0).T
        change = measures.trade_change(self.solved)
        rows = [
            (i, n, before[a, b], before[a, b] * (1 + change[a, b] / 100), change[a, b])
            for a, i in enumerate(self.model.regions)
            for b, n in enumerate(self.model.regions)
            if a != b and before[a, b] > 0
        ]
        return pd.DataFrame(rows, columns=["exporter", "importer", "before", "after", "change (%)"])

    def prices(self) -> pd.DataFrame:
        """Price by region and sector, change in per cent, and what it weighs in the region's spending; empty, with the
        reason, where the region spends nothing on the sector."""
        spent = self.model.spending > 0  # (n, j)
        change = np.where(spent, 100 * (self.solved.price - 1), np.nan)
        weight = self.model.spending / np.maximum(self.model.spending.sum(axis=1, keepdims=True), 1e-300)
        n, j = np.meshgrid(range(len(self.model.regions)), range(len(self.model.sectors)), indexing="ij")
        return pd.DataFrame({
            "region": np.take(self.model.regions, n.ravel()), "sector": np.take(self.model.sectors, j.ravel()),
            "price (%)": change.ravel(), "weight": weight.ravel(),
            "reason": np.where(spent.ravel(), "", "no spending"),
        })  # fmt: skip

    @property
    def notes(self) -> tuple[str, ...]:
        """What the base says of itself, where nobody spends, and which pairs that do not trade stay closed."""
        m, found = self.model, []
        for n, j in np.argwhere(m.spending <= 0):
            found.append(f"{m.regions[n]}/{m.sectors[j]}: no spending, so no price and no weight")
        shut = (m.border_value <= 0).any(axis=0) & ~np.eye(len(m.regions), dtype=bool)
        pairs = [
            f"{m.regions[n]}/{m.sectors[j]} from {m.regions[i]}"
            for n, i in np.argwhere(shut)
            for j in np.flatnonzero(m.border_value[:, n, i] <= 0)
        ]
        if pairs:
            more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
            found.append(f"pairs that do not trade in the base stay closed: {', '.join(pairs[:SHOWN])}{more}")
        return (*m.notes, *found)

    def summary(self) -> pd.DataFrame:
        """The regions that change most."""
        frame = self.to_frame()
        largest = frame["real_income"].abs().sort_values(ascending=False).index[:SUMMARY_ROWS]
        names = {"real_income": "real income (%)", "arithmetic": "arithmetic total (%)", "real_wage": "real wage (%)"}
        return frame.loc[largest, ["region", *names]].rename(columns=names).reset_index(drop=True)

    def figures(self) -> dict[str, Figure]:
        """Exact real income by region, the largest change first, then the residual."""
        frame = self.to_frame()
        order = frame["real_income"].abs().sort_values(ascending=False).index
        found = {
            str(frame.loc[at, "region"]): Figure(
                float(frame["real_income"][at]), "percent", self.model.period, self.sources,
                label=f"change of real income, {frame.loc[at, 'region']}",
            )
            for at in order
        }  # fmt: skip
        found["residual"] = Figure(self.residual, "largest relative error", self.model.period, self.sources,
                                   label="residual of the solver")  # fmt: skip
        return found

    @property
    def residual(self) -> float:
        return float(self.solved.residual)

    def sentence(self) -> str:
        """The largest changes, whatever their sign, with the residual."""
        frame = self.to_frame().sort_values("real_income", key=abs, ascending=False, kind="stable")
        first = " and ".join(f"{row['region']} ({decimal(row['real_income'])} %)" for _, row in frame[:2].iterrows())
        return (
            f"Real income changes most in {first}; solver residual {self.residual:.0e} after "
            f"{int(self.solved.passes)} passes."
        )

    def predictions(self) -> dict[tuple[str, str], Array]:
        return {}

    def chart(self) -> alt.VConcatChart:
        """Ranked bars of exact real income."""
        from geoecon import charts

        frame = self.to_frame().sort_values("real_income")
        bars = charts.bars(
            frame, "region", "real_income", x_title="change of real income (%)", sort=list(frame["region"])
        )
        return charts.finish(bars, self.sentence(), "exact change of real income, per cent", self.sources)


def welfare(
    economy: Economies,
    changes: Sequence[Change] | Path = (),
    *,
    elasticity: Mapping[str, float] | Array | float | None = None,
    deficits: str | float | Array = "kept",
    quotas: Sequence[Quota] = (),
) -> Counterfactual:
    """What a policy costs every region in the long run.

    `economy`: a model, an input-output table or a case, as `model_of` takes it, with `elasticity` where given.
    `changes`: a list of `Change` or a CSV file of them. `quotas`: caps on flows.
    Raises InputError with every fault, NotConverged with the residual.
    """
    model = model_of(economy, elasticity)
    file = changes.name if isinstance(changes, Path) else "changes"
    listed = read_changes(changes) if isinstance(changes, Path) else list(changes)
    shock = shock_from(model, listed, deficits, file)
    sources = model.sources | {cite("caliendo-parro-2015")}
    if quotas:
        met = solve_quotas(model, quotas, shock)
        return Counterfactual(met.solved, met, sources)
    return Counterfactual(solve(model, shock), None, sources)
