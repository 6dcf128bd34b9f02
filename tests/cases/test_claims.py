"""The claims of the article that the worked case answers: rows with a verdict, and what the stages say beside them."""

import geoecon as ge
from geoecon.views.content import content


def test_the_article_s_own_claims_are_answered_with_what_a_stage_says():
    assessment = ge.run(ge.load_case("japan-korea-2019"), draws=4)
    rows = {row["claim_id"]: row for row in content(assessment).claims}
    stages = {"C19": "alliance", "C20": "bargaining", "C21": "tracks", "C22": "disruption", "C24": "alliance"}
    for claim, stage in stages.items():
        assert assessment.results[stage].sentence() in rows[claim]["correct_fact"], claim
    assert rows["C19"]["verdict"] == "unsupported" and "22 (63 %" in rows["C19"]["correct_fact"]
    assert "This page says" not in rows["C01"]["correct_fact"]
