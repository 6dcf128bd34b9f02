"""Closed forms of A2.4, the distribution of the time to a licence against simulation, the office against M/M/c."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.capacity.review import (
    Office,
    erlang_c,
    expiry_coverage,
    first_licence_days,
    fit_review,
    lognormal_cdf,
    missing_deliveries,
    mmc_wait,
    shortage_days,
    simulate_contracts,
    simulate_office,
)
from geoecon.errors import InputError


def test_a_fixed_review_of_90_days_with_30_days_of_stock_gives_60_days_of_shortage():
    assert shortage_days(90, 30) == 60 and shortage_days(90, 0) == 90 and shortage_days(30, 90) == 0


@given(st.floats(1, 2000), st.floats(0, 1000), st.floats(0, 1000))
def test_expiry_coverage(validity, review, early):
    assert expiry_coverage(validity, review, early) == pytest.approx(validity / (validity + max(0, review - early)))


def test_random_review_with_p_of_70_percent_over_720_days_gives_279():
    assert missing_deliveries(0.7, 90, 720) == pytest.approx(279)


def test_the_same_by_simulation():
    rng = np.random.default_rng(0)
    licensed = rng.random(200_000) < 0.7
    review = rng.exponential(90, 200_000)
    lost = np.where(licensed, np.minimum(review, 720), 720)
    assert lost.mean() == pytest.approx(279, rel=0.01)


@pytest.mark.parametrize(("n", "spread", "days"), [(10, 0.45, 46), (30, 0.6, 27)])
def test_first_licences_are_minima_of_many_applications(n, spread, days):
    assert first_licence_days(n, 90, spread) == pytest.approx(days, abs=0.5)


def test_first_licence_against_simulation():
    rng = np.random.default_rng(1)
    first = (90 * np.exp(0.5 * rng.standard_normal((20_000, 20)))).min(axis=1)
    for quantile in (0.1, 0.5, 0.9):
        assert np.quantile(first, quantile) == pytest.approx(first_licence_days(20, 90, 0.5, quantile), rel=0.02)


@given(st.floats(5, 300), st.floats(0.1, 0.9))
def test_fits_go_through_their_statistics(median, spread):
    mean, p90 = median * np.exp(spread**2 / 2), median * np.exp(1.2815515655446004 * spread)
    for given_ in ({"p50": median, "p90": p90}, {"p50": median, "mean": mean}, {"mean": mean, "p90": p90}):
        assert fit_review(**given_) == pytest.approx((median, spread), rel=1e-6)


def test_fits_refuse_what_no_skewed_time_can_be():
    with pytest.raises(InputError, match="mean >= median"):
        fit_review(p50=90, mean=60)
    with pytest.raises(InputError, match="no statistic"):
        fit_review()


def office(**changed):
    values = {"median": 90.0, "spread": 0.5, "approval": 0.8, "refile": 0.9, "refile_days": 30.0, "preparation": 10.0,
              "backlog": 20.0} | changed  # fmt: skip
    return Office(**{name: np.array([value]) for name, value in values.items()})


def test_without_refusals_the_time_to_a_licence_is_the_review():
    plain = office(approval=1.0, preparation=0.0, backlog=0.0)
    age = np.arange(400.0)
    assert plain.licensed(age)[0] == pytest.approx(lognormal_cdf(age, 90, 0.5), abs=1e-12)


@pytest.mark.parametrize("changed", [{}, {"approval": 0.5}, {"backlog": 60.0}, {"spread": 0.6, "refile": 0.6}])
def test_time_to_a_licence_against_simulation(changed):
    one = office(**changed)
    simulated = simulate_contracts(one, 200_000, 900, np.random.default_rng(2))
    assert np.abs(one.licensed(np.arange(900.0))[0] - simulated).max() < 0.02


def test_a_delay_fills_up_again_and_a_refusal_for_good_does_not():
    late = np.array([5000.0])
    assert office(refile=1.0, approval=0.9).licensed(late)[0, 0] == pytest.approx(1, abs=1e-5)
    assert office(refile=0.0, approval=0.9).licensed(late)[0, 0] == pytest.approx(0.9)


@given(st.floats(0.05, 0.99), st.integers(1, 40))
def test_erlang_c_against_its_sum(use, servers):
    from math import factorial

    load = use * servers
    terms = [load**k / factorial(k) for k in range(servers)]
    last = load**servers / factorial(servers) / (1 - use)
    assert erlang_c(servers, load) == pytest.approx(last / (sum(terms) + last), rel=1e-9)


def test_one_officer_waits_as_m_m_1():
    assert mmc_wait(0.8, 1.0, 1) == pytest.approx(0.8 / (1 - 0.8))


@pytest.mark.parametrize(("servers", "use"), [(1, 0.7), (3, 0.8), (8, 0.6)])
def test_simulated_office_against_m_m_c(servers, use):
    rng = np.random.default_rng(3)
    n, service = 400_000, 0.2
    filed = np.cumsum(rng.exponential(1 / (use * servers * service), n))
    work = rng.exponential(1 / service, n)
    took = simulate_office(filed, work, servers)
    waited = (took - work)[20_000:]
    assert waited.mean() == pytest.approx(mmc_wait(use * servers * service, service, servers), rel=0.06)
    assert (waited > 1e-9).mean() == pytest.approx(erlang_c(servers, use * servers), abs=0.02)


def test_an_office_that_is_overrun_is_refused_by_the_formula_and_grows_in_the_simulation():
    with pytest.raises(InputError, match="queue grows"):
        mmc_wait(3, 1, 2)
    burst = simulate_office(np.zeros(60), np.full(60, 10.0), 3)
    assert burst.max() == 200 and burst.min() == 10  # 60 / 3 rounds of ten days


def test_bad_arrivals():
    with pytest.raises(InputError):
        simulate_office([2, 1], [1, 1], 1)


@pytest.mark.parametrize(("median", "spread"), [(90, 0.5), (45, 0.6)])
def test_contracts_licensed_one_by_one_lose_the_review_once_and_the_refused_for_good(median, spread):
    """Sum of p - p F(t) is p E[tau]; a delay does not cut the long-run volume."""
    days = np.arange(0.5, 3000)
    flow = 0.8 * lognormal_cdf(days, median, spread)
    assert flow[-1] == pytest.approx(0.8, abs=1e-6)
    assert (0.8 - flow).sum() == pytest.approx(0.8 * median * np.exp(spread**2 / 2), rel=1e-3)


def test_observed_means_are_fitted_and_limits_and_first_licences_are_not(regimes):
    from datetime import date

    from geoecon.capacity.phases import observed_review

    median, source = observed_review(regimes["USA"], "CHN", date(2024, 1, 1))
    assert median == pytest.approx(90 / np.exp(0.52**2 / 2)) and source
    assert observed_review(regimes["CHN"], "USA", date(2024, 1, 1)) is None  # 37 days are a minimum
    assert observed_review(regimes["JPN"], "KOR", date(2020, 1, 1)) is None  # 90 days are a limit


def test_renewal_gaps_over_a_long_time():
    """A licence of 182 days whose renewal takes 90 days and is filed 30 days early lies idle 60 days each time."""
    covered = total = 0
    while total < 1_000_000:
        covered, total = covered + 182, total + 182 + max(0, 90 - 30)
    assert covered / total == pytest.approx(float(expiry_coverage(182, 90, 30)), rel=1e-9)
