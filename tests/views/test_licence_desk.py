"""The licence desk in a browser: never a wrong "no licence", the verdict first, the party's caveat, words refused."""

import re

import pytest

LONG = 240_000  # milliseconds, for a busy machine


@pytest.mark.parametrize(
    ("query", "verdict", "told"),
    [
        ("exporter=USA&destination=Russia&item=EAR99&on=2026-07-01", "Not known", "a gap, not a permission"),
        ("exporter=USA&destination=Russia&item=2B350&on=2023-01-01", "refused as policy", "do not ship"),
        ("exporter=China&destination=Japan&item=gallium&on=2026-03-01&end_use=Military", "Prohibited", "is prohibited"),
        ("exporter=China&destination=Japan&item=gallium&on=2026-07-01&party=Nobody+GmbH", "case by case",
         "not found is not cleared"),
        ("exporter=USA&destination=China&item=EAR99&on=2025-05-05&party=Yangtze+Memory+Technology", "Not known",
         "check"),
        ("exporter=USA&destination=Germany&item=EAR99&on=2026-11-28", "presumed", "no change looked for since"),
    ],
)  # fmt: skip
def test_verdict_and_caveat_stand_on_the_page(watched, server, query, verdict, told):
    watched.page.goto(f"{server}/licence?{query}", timeout=LONG)
    text = watched.page.inner_text("#answer")
    assert verdict.casefold() in text.casefold() and told in " ".join(text.split())
    assert watched.outside(server) == [] and watched.errors == []


def test_a_word_that_no_table_knows_is_refused_on_the_page(watched, server):
    query = "exporter=China&destination=Japan&item=gallium&on=2026-03-01&end_use=militray"
    watched.page.goto(f"{server}/licence?{query}", timeout=LONG)
    assert "military" in watched.page.inner_text("#answer")
    assert "No licence" not in watched.page.inner_text("#answer")


def test_a_name_of_two_states_is_asked_and_the_list_of_what_is_to_come_stands_below(watched, server):
    watched.page.goto(
        f"{server}/licence?exporter=Japan&destination=Republic%20of%20China&item=LIST&on=2019-07-05", timeout=LONG
    )
    text = " ".join(watched.page.inner_text("#answer").split())
    assert "Republic of China may be 2 states" in text and "Taiwan" in text and "Not known" in text
    watched.page.click("#answer a:has-text('TWN')", timeout=LONG)
    watched.page.wait_for_load_state(timeout=LONG)
    assert "Licence needed, case by case" in watched.page.inner_text("#answer")
    assert "10 November 2026" in watched.page.inner_text("#coming")
    assert watched.outside(server) == [] and watched.errors == []


def test_days_to_come_stand_as_people_write_them_and_questions_alone_name_their_fields(watched, server):
    watched.page.goto(f"{server}/licence?exporter=China&destination=Japan&item=gallium&on=2026-03-01")
    assert not re.search(r"20\d\d-\d\d-\d\d", watched.page.locator("#coming").inner_text())
    asked = watched.page.locator("aside").first.inner_text()
    assert "end use class" not in asked and "Who is the buyer or user?" in asked
    assert watched.page.get_by_label("Who is the buyer or user?").count()
