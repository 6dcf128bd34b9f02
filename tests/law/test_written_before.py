"""Dated questions whose answers were written down from the texts of law, most with a source, before the tables were
asked: `written_before.csv`. The letters are the verdicts that are right; the first is the one that the text gives."""

import csv
from pathlib import Path

import pytest

from geoecon.law import licence, verdict

LETTERS = {"no licence": "N", "general licence": "G", "case by case": "C", "refused as policy": "R",
           "prohibited": "P", "not known": "U"}  # fmt: skip
ROWS = list(csv.DictReader((Path(__file__).parent / "written_before.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("start", range(0, len(ROWS), 50))
def test_the_answer_is_one_that_the_law_allows(start):
    wrong = []
    for row in ROWS[start : start + 50]:
        facts = dict(pair.split("=", 1) for pair in row["facts"].split(";") if pair)
        answer = licence(item=row["item"], exporter=row["from"], destination=row["to"], on=row["date"], facts=facts)
        letter = LETTERS[verdict(answer.kind, answer.review_policy).word]
        if letter not in row["verdicts"]:
            wrong.append({**row, "got": letter, "ground": answer.ground})
    assert wrong == []
