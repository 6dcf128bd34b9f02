"""A what-if that touches one late stage must not solve the early ones again."""

import geoecon as ge
from geoecon.draws import sample
from geoecon.line import Memo, known


def test_a_late_key_leaves_the_early_stages_alone():
    case, memo = known(ge.load_case("japan-korea-2019")), Memo()
    memo.solve(case, "here", sample(case.parameters, 2))
    again = memo.solve(case.with_scenario(leaders="stay"), "here", sample(case.parameters, 2))
    fresh = {name for name, answer in again.items() if answer.fresh}
    assert not fresh & {
        "trade",
        "scan",
        "precedents",
        "controls",
        "catchup",
        "disruption",
        "welfare",
        "losses",
        "alliance",
    }
