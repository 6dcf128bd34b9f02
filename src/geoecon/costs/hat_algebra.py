"""Exact-hat general equilibrium with input-output linkages: Caliendo & Parro 2015, and the wedges they lack.

    (W1) c_n^j = w_n^B prod_k (P_n^k)^(G_n[k,j] (1 - B_n^j))            unit cost
    (W2) P_n^j = (sum_i pi_ni^j (kappa_ni^j c_i^j / A_i^j)^-theta)^(-1/theta)   price
    (W3) pi'   = pi (kappa c_i / (A_i P_n))^-theta                      shares
    (W4) X'_n^j = sum_k G_n[j,k] (1 - B_n^k) E'_n^k + alpha_n^j I'_n    spending
    (W5) sum_j sum_i border_ni' - D'_n = sum_j sum_i border_in'         trade balance, solves w
    (W6) I'_n = w_n VA_n + tariffs' + export taxes' + D'_n              income

All but X', I', D' are changes (hats). border_ni' = pi' X' / tariff'; output E' is what the factory gets,
border' / export tax'. kappa is the change of all that stands between gate and buyer. Export quotas are export taxes
or tariffs found to meet the quantity (`quotas`), so that the rent goes to whoever holds the licences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geoecon.costs.model import Model
from geoecon.costs.model import model_from_table as model_from_table
from geoecon.costs.shocks import Shock
from geoecon.draws import Array
from geoecon.errors import InputError, NotConverged

if TYPE_CHECKING:
    from geoecon.kinds import Ints

TOLERANCE = 1e-9
STEP, MEMORY, LIMIT = 0.2, 10, 1500
STAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of a shock that no single leap reaches
RETRIES = ((0.1, 6, 3000), (0.03, 3, 8000))  # step of the wage, memory, passes: for shocks that overshoot


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """One or many solved counterfactuals of a base. Leading dimensions `…` are scenarios or draws, or none.

    wage (…, n) and price (…, n, j) are changes (1 is no change) with world value added as numeraire; spending
    (…, n, j) is a level, tariff included. `residual` (…,) is the largest relative error of (W2), (W4) and (W5).
    """

    model: Model
    shock: Shock
    wage: Array
    price: Array
    spending: Array
    residual: Array
    passes: NDArray[np.int64]

    @cached_property
    def elasticity(self) -> Array:
        """(…, j)"""
        return self.model.elasticity if self.shock.elasticity is None else self.shock.elasticity

    @cached_property
    def cost(self) -> Array:
        """(…, n, j) change of unit cost at the factory gate, productivity included (W1)."""
        m = self.model
        inputs = np.einsum("nkj,...nk->...nj", m.input_share, np.log(self.price))
        log_cost = m.value_added_share * np.log(self.wage)[..., None] + (1 - m.value_added_share) * inputs
        return np.asarray(np.exp(log_cost) / self.shock.productivity)

    @cached_property
    def share(self) -> Array:
        """(…, j, n, i) new spending shares (W3)."""
        kappa, theta = self.shock.barrier(self.model), self.elasticity[..., :, None, None]
        relative = kappa * _by_sector(self.cost)[..., :, None, :] / _by_sector(self.price)[..., :, :, None]
        return np.asarray(self.model.share * relative**-theta)

    @cached_property
    def border_value(self) -> Array:
        """(…, j, n, i) new flows at the border, before n's tariff."""
        return np.asarray(self.share * _by_sector(self.spending)[..., :, :, None] / self.shock.tariff)

    @cached_property
    def output(self) -> Array:
        """(…, n, j) new output at the factory gate."""
        return np.swapaxes((self.border_value / self.shock.export_tax).sum(axis=-2), -1, -2)

    @cached_property
    def tax_revenue(self) -> Array:
        """(…, n) tariffs, export taxes and licence rents."""
        tariffs = (self.border_value * (self.shock.tariff - 1)).sum(axis=(-3, -1))
        export = (self.border_value * (1 - 1 / self.shock.export_tax)).sum(axis=(-3, -2))
        return np.asarray(tariffs + export)

    @cached_property
    def income(self) -> Array:
        """(…, n) final spending."""
        return np.asarray(self.wage * self.model.value_added + self.tax_revenue + self.shock.deficit)

    @cached_property
    def final_price(self) -> Array:
        """(…, n) change of the price of final spending."""
        return np.asarray(np.exp((self.model.final_share * np.log(self.price)).sum(axis=-1)))

    def rebased(self) -> Model:
        """The counterfactual as a new base: shares, incomes, tariffs and taxes as solved. One scenario only."""
        if self.wage.ndim != 1:
            raise InputError("a batch cannot become a base; allowed: one of its scenarios, as batch[3]")
        m, s = self.model, self.shock
        return replace(m, share=self.share / self.share.sum(axis=-1, keepdims=True), tariff=s.tariff,
                       export_tax=s.export_tax, value_added=self.wage * m.value_added, deficit=s.deficit,
                       spending=self.spending, elasticity=self.elasticity)  # fmt: skip

    def __getitem__(self, number: int) -> Equilibrium:
        """One scenario of a batch."""
        return Equilibrium(self.model, self.shock[number], self.wage[number], self.price[number],
                           self.spending[number], self.residual[number], self.passes[number])  # fmt: skip


def _by_sector(values: Array) -> Array:
    """(…, n, j) as (…, j, n)"""
    return np.swapaxes(values, -1, -2)


def solve(
    model: Model,
    shock: Shock | None = None,
    *,
    start: Equilibrium | None = None,
    tolerance: float = TOLERANCE,
    limit: int | None = None,
) -> Equilibrium:
    """The equilibrium after one shock, or after each of a batch (a shock with a leading dimension).

    `start` is an earlier solution near by. `limit` bounds the passes and switches the slower second try off.
    Raises NotConverged with passes, residual, and the country and equation of the largest residual.
    """
    answer, failed = attempt(model, shock, start=start, tolerance=tolerance, limit=limit)
    if failed:
        number, where = next(iter(failed.items()))
        single = answer.wage.ndim == 1
        what = "the exact-hat system" if single else f"scenario {number} of the exact-hat batch ({len(failed)} failed)"
        residual = answer.residual if single else answer.residual[number]
        passes = answer.passes if single else answer.passes[number]
        raise NotConverged(what, float(residual), int(passes), where)
    return answer


def attempt(
    model: Model,
    shock: Shock | None = None,
    *,
    start: Equilibrium | None = None,
    tolerance: float = TOLERANCE,
    limit: int | None = None,
) -> tuple[Equilibrium, dict[int, str]]:
    """Like `solve`, but says which scenarios failed and where instead of raising; their numbers are NaN."""
    if not 0 < tolerance < 1 or (limit is not None and limit < 1):
        raise InputError(
            f"tolerance {tolerance:g}, limit {limit}; allowed: a tolerance between 0 and 1, a limit from 1"
        )
    shock = Shock.none(model) if shock is None else shock
    batch = shock.leading
    count = batch[0] if batch else 1
    z = _start(model, start, count)
    residual, passes, worst = np.full(count, np.inf), np.zeros(count, np.int64), np.zeros(count, np.int64)
    todo = np.arange(count)
    tries = ((STEP, MEMORY, limit),) if limit else ((STEP, MEMORY, LIMIT), *RETRIES)
    for step, memory, passes_allowed in tries:
        guess = z if step == STEP else _start(model, None, todo.size)
        scale = _scale(model, step)
        part = shock if todo.size == count else shock.only(todo)
        done, error, place = _run(model, part, guess, scale, step, memory, tolerance, passes_allowed)
        z[todo], residual[todo], worst[todo] = guess, error, place
        passes[todo] += done.astype(np.int64)
        todo = todo[~(error < tolerance)]
        if not todo.size:
            break
    if not limit:
        stuck = []
        for number in map(int, todo):
            alone = shock.only(slice(number, number + 1)) if batch else shock
            if not _in_stages(model, alone, z, residual, number, tolerance):
                stuck.append(number)
        todo = np.array(stuck, dtype=np.int64)
    failed = {int(number): _place(model, int(worst[number])) for number in todo}
    z[todo] = np.nan
    one = slice(None) if batch else 0
    N, J = model.shape
    return Equilibrium(
        model, shock, np.exp(z[:, 2 * N * J :])[one], np.exp(z[:, : N * J]).reshape(count, N, J)[one],
        z[:, N * J : 2 * N * J].reshape(count, N, J)[one], residual[one], passes[one],
    ), failed  # fmt: skip


def _in_stages(model: Model, shock: Shock, z: Array, residual: Array, number: int, tolerance: float) -> bool:
    """Walks to a far shock in steps, each from the last solution. Writes what it finds; true where it arrived."""
    point = _start(model, None, 1)
    step, memory, limit = RETRIES[0]
    for part in STAGES:
        _, error, _ = _run(model, shock.part(model, part), point, _scale(model, step), step, memory, tolerance, limit)
        if not error[0] < tolerance:
            return False
    z[number], residual[number] = point[0], error[0]
    return True


def _run(model: Model, shock: Shock, z: Array, scale: Array, step: float, memory: int, tolerance: float,
         limit: int) -> tuple[Ints, Array, Ints]:  # fmt: skip
    """Passes, residual and its position for every row of `z`, which ends as the solutions."""
    from geoecon.costs import kernel

    theta = model.elasticity if shock.elasticity is None else shock.elasticity
    taxed = bool((shock.export_tax != 1).any())
    base = (scale, model.value_added_share, model.input_share, model.final_share)
    changes = (_lead(shock.barrier(model), 3), _lead(shock.tariff, 3), _lead(shock.export_tax, 3),
               _lead(shock.productivity, 2))  # fmt: skip
    if len(z) == 1:  # no threads for one
        barrier, tariff, export_tax, productivity = (values[0] for values in changes)
        one = kernel.solve_one(z[0], *base, _lead(theta, 1)[0], model.value_added, _lead(shock.deficit, 1)[0],
                               model.share, barrier, tariff, export_tax, productivity, model.traded, taxed, step,
                               memory, tolerance, limit)  # fmt: skip
        passes, residual, worst = (np.array([value]) for value in one)
        return passes, residual, worst
    return kernel.solve_many(z, *base, _lead(theta, 1), model.value_added, _lead(shock.deficit, 1), model.share,
                             *changes, model.traded, taxed, step, memory, tolerance, limit)  # fmt: skip


def _lead(values: Array, inner: int) -> Array:
    """With a leading dimension, of length one where all scenarios share the array."""
    return np.ascontiguousarray(values.reshape(-1, *values.shape[values.ndim - inner :]))


def _start(model: Model, start: Equilibrium | None, count: int) -> Array:
    """Starting points (scenario, ln P | X | ln w): the base, or an earlier solution."""
    N, J = model.shape
    z = np.zeros((count, 2 * N * J + N))
    if start is None:
        z[:, N * J : 2 * N * J] = np.maximum(model.spending, 1e-12 * model.value_added.mean()).ravel()
        return z
    z[:, : N * J] = np.log(start.price).reshape(-1, N * J)
    z[:, N * J : 2 * N * J] = start.spending.reshape(-1, N * J)
    z[:, 2 * N * J :] = np.log(start.wage).reshape(-1, N)
    return z


def _scale(model: Model, step: float) -> Array:
    """What makes the residuals of prices, spending and wages comparable: relative errors."""
    N, J = model.shape
    spending = np.maximum(model.spending, 1e-3 * model.spending.mean()).ravel()
    return np.concatenate([np.ones(N * J), 1 / spending, np.full(N, 1 / step)])


def _place(model: Model, position: int) -> str:
    N, J = model.shape
    if position >= 2 * N * J:
        return f"{model.regions[position - 2 * N * J]}, trade balance"
    equation = "price" if position < N * J else "spending"
    n, j = divmod(position % (N * J), J)
    return f"{model.regions[n]}, {equation} of {model.sectors[j]}"
