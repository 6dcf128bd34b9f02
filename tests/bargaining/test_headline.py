"""The forecast of a case from coded disputes: its issue, its trade, who is pressed, what stands beside it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from bargaining_games import made_alliance, made_losses

from geoecon import InputError, load_case, sample
from geoecon.bargaining import for_case

MARCH_2023 = 44


def edited(case, tmp_path, file, edit):
    folder = tmp_path / "case"
    shutil.copytree(case.folder, folder, dirs_exist_ok=True)
    path = folder / file
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return load_case(folder).at(case.cutoff)


def pressed(case, press, effect, draws=0):
    changed = case.with_scenario(press=press, press_effect=effect)
    return for_case(changed, sample(changed.parameters, draws))


def test_korea_pressed_from_may_2022(case):
    """Effect 0 changes nothing; then what Korea does rises at every step, what others do falls, none before May."""
    plain = for_case(case, sample(case.parameters, 20)).probability.values
    before = pressed(case, "KOR:2022-05", 0.0, 20).probability.values
    assert np.abs(before - plain).max() < 1e-9
    for effect in (0.5, 1.0, 2.2):
        found = pressed(case, "KOR:2022-05", effect, 20).probability.values
        assert np.array_equal(found[:, :35], plain[:, :35])
        assert (found[:, 35:, 0] > before[:, 35:, 0]).all()
        assert (found[:, 36:, 1:] < before[:, 36:, 1:]).all()
        month = slice(40, 42)
        rate, own = (np.diff(p[:, month], axis=1)[:, 0] for p in (found, plain))
        assert rate[:, 0] / rate[:, 1] / (own[:, 0] / own[:, 1]) == pytest.approx(np.exp(effect), abs=1e-9)
        before = found


def test_a_prior_on_the_effect_widens_the_band_and_says_so(case):
    free = case.with_scenario(press="KOR:2019-08")
    forecast = for_case(free, sample(free.parameters, 200))
    low, high = np.quantile(forecast.by("target_concedes", MARCH_2023)[1:], [0.1, 0.9])
    less, more = np.quantile(
        for_case(case, sample(case.parameters, 200)).by("target_concedes", MARCH_2023)[1:], [0.1, 0.9]
    )
    assert high - low > 1.5 * (more - less)
    said = " ".join(forecast.sentences())
    assert (
        "Pressed by the United States: Korea, from August 2019." in said
        and "23 of 30" in said
        and "shows cause" in said
    )


def test_pressing_known_by_the_cutoff_counts_and_later_pressing_does_not(case):
    blind = for_case(case.at(date(2019, 7, 1)), sample(case.parameters, 0))
    later = for_case(case.at(date(2019, 8, 4)), sample(case.parameters, 0))
    assert blind.pressed == () and len(later.pressed) == 2
    assert later.by("settlement", 6)[0] > blind.by("settlement", 6)[0]
    nobody = case.at(date(2019, 8, 4)).with_scenario(press="none")
    assert np.array_equal(for_case(nobody, sample(case.parameters, 0)).probability, blind.probability)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("KOR", "SIDE:YYYY-MM"),
        ("USA:2022-05", "USA is no side; allowed: JPN, KOR"),
        ("KOR:2022-13", "no such day"),
        ("KOR:2031-01", "from 2019-07-01 to the horizon"),
        ("KOR:2022-05/2021-01", "days in order"),
    ],
)
def test_faulty_press_scenarios(case, value, words):
    with pytest.raises(InputError, match=words):
        pressed(case, value, 1.0)


ROW = "KOR,press,2020-01-01,,words,,asked,2020-01-01,jk115,seen,medium\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("KOR,", "USA,", r"alliance.csv line \d+, state: USA; allowed: a side of the dispute: JPN, KOR"),
        (",words,", ",loudly,", "words, conditional, sanction"),
        ("asked,2020-01-01", "asked,", "known_from: a press row without known_from"),
        ("2020-01-01,,words", ",,words", r"alliance.csv line \d+, date"),
        ("KOR,press", ",press", r"alliance.csv line \d+, state"),
    ],
)
def test_faulty_press_rows(case, tmp_path, old, new, words):
    with pytest.raises(InputError, match=words):
        broken = edited(case, tmp_path, "alliance.csv", lambda text: text + ROW.replace(old, new, 1))
        for_case(broken, sample(broken.parameters, 0))


def test_a_patron_is_needed_to_press(case, tmp_path):
    alone = edited(case, tmp_path, "case.toml", lambda text: text.replace('role = "patron"', 'role = "other"'))
    with pytest.raises(InputError, match="names no patron"):
        for_case(alone.with_scenario(press="KOR:2022-05"), sample(alone.parameters, 0))


def coded(case, tmp_path, issue):
    return edited(
        case,
        tmp_path,
        "case.toml",
        lambda text: text.replace('issue = ["other", "trade practices"]', f"issue = {issue}"),
    )


def test_the_issue_moves_the_answer_and_what_fits_twice_is_shown_twice(case, tmp_path):
    deals = {}
    for issue in ('["other"]', '["trade practices"]', '["other", "trade practices"]', "[]", '["sand mining"]'):
        known = coded(case, tmp_path, issue)
        forecast = for_case(known, sample(known.parameters, 100))
        deals[issue] = forecast.by("settlement", MARCH_2023)
        said = " ".join(forecast.sentences())
        assert ("all issues are averaged" in said) == (issue in ("[]", '["sand mining"]'))
        assert ("If it is about trade practices" in said) == ("," in issue)
        assert ("'sand mining'" in said) == ("sand" in issue)
    assert deals['["trade practices"]'][0] > 3 * deals['["other"]'][0]
    both = deals['["other", "trade practices"]'][0]
    assert deals['["other"]'][0] < both < deals['["trade practices"]'][0]
    assert np.ptp(deals["[]"][1:]) > np.ptp(deals['["other"]'][1:])


@pytest.mark.parametrize("issue", ["3", '["other", "territory", "regime"]', "[1]"])
def test_faulty_issues(case, tmp_path, issue):
    with pytest.raises(InputError, match=r"dispute\.issue"):
        known = coded(case, tmp_path, issue)
        for_case(known, sample(known.parameters, 0))


def test_a_dispute_without_trade_on_record_says_so():
    case = load_case("china-japan-rare-earths-2010")
    known = replace(case, states=tuple(replace(s, code="EUU") if s.role == "target" else s for s in case.states))
    forecast = for_case(known, sample(known.parameters, 20))
    assert any("no total trade of EUU" in note for note in forecast.notes)
    assert np.allclose(forecast.probability.sum("ending"), 1)


def test_what_other_methods_say_stands_in_one_column(case):
    draws = sample(case.parameters, 5)
    forecast = for_case(case, draws, made_losses(6), made_alliance())
    table = forecast.others(MARCH_2023)
    assert list(table.columns[1:]) == ["this forecast", "all such disputes", "the most similar", "the game"]
    assert table[table.columns[2:]].sum().to_numpy() == pytest.approx(100)  # medians need not sum to that
    summary = forecast.summary()
    assert len(summary) == 5 and summary.iloc[0, -1].count(",") == 2
    alone = for_case(case, draws)
    assert alone.game is None and "the game" not in alone.others(12)
    assert np.array_equal(alone.probability, forecast.probability)


def test_protocol_and_passages(case):
    forecast = for_case(case, sample(case.parameters, 30, 1))
    assert forecast.probability.sum("ending").values == pytest.approx(1)
    assert forecast.chart().to_dict() and all(figure.sources for figure in forecast.figures().values())
    assert forecast.predictions()["ending_probability", "target_concedes@2023-03"].shape == (31,)
    assert forecast.passage("imposed", 0) == pytest.approx(1)
    with pytest.raises(InputError, match="passage 'war'"):
        forecast.passage("war", 3)


def test_a_threat_is_carried_out_in_time(case, tmp_path):
    threat = edited(case, tmp_path, "case.toml", lambda text: text.replace('control = "listed"', 'control = "none"'))
    forecast = for_case(threat, sample(threat.parameters, 10))
    came = np.stack([forecast.passage("imposed", month) for month in range(61)])
    assert (came[0] == 0).all() and (np.diff(came, axis=0) >= 0).all() and 0.1 < came[12, 0] < 0.5
    assert forecast.probability.sum("ending").values == pytest.approx(1)


def test_whom_a_patron_would_press(case):
    """Equal dependence and no first mover: one half; exchanging the dependence exchanges the sides."""
    from types import SimpleNamespace

    from geoecon.bargaining.headline import pressed_first

    held = case.with_scenario(press_mover=0, press_dependence=1)
    draws = sample(held.parameters, 0)
    equal, more, less = (
        pressed_first(case, draws, SimpleNamespace(dependence={"JPN": a, "KOR": b}))[0]
        for a, b in ((0.8, 0.8), (0.9, 0.5), (0.5, 0.9))
    )
    assert equal == 0.5 and more == pytest.approx(1 - less) and more > 0.5
    free = pressed_first(case, sample(case.parameters, 200))
    assert 0.55 < np.median(free) < 0.75 and np.quantile(free, 0.1) < 0.55
    assert "which moved first" in " ".join(for_case(case, sample(case.parameters, 20)).sentences())
