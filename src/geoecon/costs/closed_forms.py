"""Closed forms: what trade, an access or a critical input is worth, in one line each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geoecon.costs.model import Model
from geoecon.draws import Array
from geoecon.errors import InputError


def gains_from_trade(own_share_change: ArrayLike, elasticity: ArrayLike) -> Array:
    """Change of real income λ̂^(−1/θ), a factor. Arkolakis, Costinot & Rodríguez-Clare 2012.

    `own_share_change` is the new own share over the old; for the loss from autarky pass 1/λ.
    """
    change, theta = np.asarray(own_share_change, float), np.asarray(elasticity, float)
    _positive(own_share_change=change, elasticity=theta)
    return np.asarray(change ** (-1 / theta))


def autarky_loss(model: Model) -> Array:
    """(n,) loss of real income from closing all borders, a share of real income: many sectors with inputs.

    1 − Π_j Π_k λ_kk^(α_j b_jk/θ_k), b the Leontief inverse of input shares; Costinot & Rodríguez-Clare 2014,
    equation 29 (Cobb–Douglas across sectors, perfect competition), for balanced trade without tariffs. NaN, not
    defined, where a country uses a sector and makes none of it (own share zero: the loss is everything).
    """
    own = np.einsum("jnn->nj", model.share)
    N, J = model.shape
    loss = np.full(N, np.nan)
    for n in range(N):
        inputs = model.input_share[n] * (1 - model.value_added_share[n])  # (k, j)
        reach = np.linalg.inv(np.eye(J) - inputs) @ model.final_share[n]  # (k,) weight of k's price in final prices
        used = reach > 1e-15
        if (own[n][used] > 0).all():
            loss[n] = 1 - np.exp((reach[used] * np.log(own[n][used]) / model.elasticity[used]).sum())
    return loss


def loss_of_access(share: ArrayLike, substitution: ArrayLike, expenditure: ArrayLike = 1.0) -> Array:
    """Cost in log points of losing suppliers with spending share ω of a bundle: −ln(1 − ω)/(σ − 1) times the
    bundle's expenditure share. Clayton, Maggiori & Schreger. Infinite for a sole supplier; σ above 1 only."""
    omega, sigma = np.asarray(share, float), np.asarray(substitution, float)
    if ((omega < 0) | (omega > 1)).any():
        raise InputError(f"share {np.asarray(share)}; allowed: 0 to 1")
    if (sigma <= 1).any():
        raise InputError(
            f"substitution {np.asarray(substitution)}; allowed: above 1 (below it a lost bundle cannot be replaced)"
        )
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-omega) / (sigma - 1) * np.asarray(expenditure, float))


def critical_input(available: ArrayLike, cost_share: ArrayLike, substitution: ArrayLike) -> Array:
    """Output that is left when a share m of one input is available: Y(m) = [a m^ρ + 1 − a]^(1/ρ), ρ = (σ − 1)/σ.

    σ = 1 is Cobb–Douglas, m^a; σ = 0 is Leontief, m. Baqaee & Farhi 2019; Bachmann et al. 2022.
    """
    m, a, sigma = (np.asarray(value, float) for value in (available, cost_share, substitution))
    if ((m < 0) | ~np.isfinite(m)).any():
        raise InputError(f"available {np.asarray(available)}; allowed: from 0, the share of the need")
    if ((a < 0) | (a > 1)).any():
        raise InputError(f"cost_share {np.asarray(cost_share)}; allowed: 0 to 1")
    if ((sigma < 0) | np.isnan(sigma)).any():
        raise InputError(f"substitution {np.asarray(substitution)}; allowed: from 0")
    m, a, sigma = np.broadcast_arrays(m, a, sigma)
    with np.errstate(all="ignore"):
        log_m = np.log(m)
        rho = (sigma - 1) / sigma
        terms = np.logaddexp(np.log(a) + rho * log_m, np.log1p(-a)) / rho
        near = np.abs(rho) < 1e-7  # the limit, with the next term of its series
        terms = np.where(near, a * log_m + 0.5 * a * (1 - a) * rho * log_m**2, terms)
        left = np.exp(terms)
    left = np.where(sigma < 1e-12, np.where(a > 0, np.minimum(m, 1.0), 1.0), left)
    left = np.where((m == 0) & (a > 0) & (sigma <= 1), 0.0, left)
    return np.asarray(np.where((a == 0) | (m == 1), 1.0, left))


def critical_input_second_order(available: ArrayLike, cost_share: ArrayLike, substitution: ArrayLike) -> Array:
    """ln Y to second order: a ln m − ½ a (1 − a)(1 − σ)/σ (ln m)². Baqaee & Farhi 2019. Poor for σ below 0.2."""
    m, a, sigma = (np.asarray(value, float) for value in (available, cost_share, substitution))
    _positive(available=m, substitution=sigma)
    return np.asarray(a * np.log(m) - 0.5 * a * (1 - a) * (1 - sigma) / sigma * np.log(m) ** 2)


def second_order_loss(share_before: ArrayLike, share_after: ArrayLike, quantity_change: ArrayLike) -> Array:
    """Δ ln GNE ≈ (s + ½ Δs) Δ ln x for an input with spending share s. Baqaee & Farhi 2019; Bachmann et al. 2022."""
    before, after = np.asarray(share_before, float), np.asarray(share_after, float)
    return np.asarray((before + 0.5 * (after - before)) * np.asarray(quantity_change, float))


def _positive(**values: Array) -> None:
    wrong = [f"{name} {value}; allowed: above 0" for name, value in values.items() if not (value > 0).all()]
    if wrong:
        raise InputError(wrong)
