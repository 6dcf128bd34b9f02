"""What a question says of the end and the size of a measure holds in every stage."""

from itertools import pairwise

import pytest

from geoecon.capacity import for_case, profiles
from geoecon.case import case_of_texts
from geoecon.draws import sample
from geoecon.episodes import stage
from geoecon.questions.ask import made_case, wording

DAY = "2026-06-01"


def asked_case(words, **options):
    asked, day = wording(words, start=DAY, **options)
    made = made_case(asked, patron=None, start=day)[1]
    case = case_of_texts(made.texts, "asked")
    return case, sample(case.parameters, 20, 0), made


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("China bans import of coal from Australia", {}),
        ("United States tariff on steel from Canada", {"duty": 0.25}),
        ("India boycotts Chinese magnets", {}),
        ("China stops group tours to Thailand", {}),
        ("China licence on graphite to Korea", {}),
        ("China stops graphite to Korea", {}),
    ],
)
def test_fewer_days_never_stop_more(words, options):
    stopped = []
    for days in (7, 30, 180, 700):
        case, draws, _ = asked_case(words, days=days, **options)
        found = profiles(case, draws)
        if found:
            stopped.append(found[0][1].sum(axis=1))
            assert not found[0][1][:, days + 1 :].any()
        else:
            flow = for_case(case, draws).share.values[:, :, 0]
            stopped.append((1 - flow).sum(axis=1))
    assert all((less <= more + 1e-9).all() for less, more in pairwise(stopped))
    assert stopped[0].mean() < 0.3 * stopped[-1].mean()


@pytest.mark.parametrize(
    ("cut", "days", "part"), [(0.5, None, 0.5), (1.0, None, 1.0), (0.4, 73, 0.08), (None, 73, 0.2)]
)
def test_the_record_is_asked_of_the_cut_that_is_said(cut, days, part):
    case, draws, _ = asked_case("China stops graphite to Korea", cut=cut, days=days)
    assert stage._cut(case, case.products[0].id, "250410", None, draws) == pytest.approx(part)


def test_a_stop_without_a_size_is_asked_of_the_record():
    case, draws, _ = asked_case("China stops graphite to Korea")
    assert stage._cut(case, case.products[0].id, "250410", None, draws).std() > 0


@pytest.mark.parametrize("measure", ["ban", "licence", "quota", "export-tax", "tariff", "import-ban", "boycott"])
def test_how_long_it_lasts_is_said(measure):
    words = (
        "India boycotts Chinese magnets" if measure in ("tariff", "import-ban", "boycott") else "China graphite Korea"
    )
    assert "the end is not said: it " in asked_case(words, measure=measure)[2].lasts
    assert asked_case(words, measure=measure, days=30)[2].lasts == ""
