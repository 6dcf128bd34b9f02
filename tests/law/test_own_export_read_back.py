"""The file that `screen` writes is read by `screen` again, with the same verdicts and no guard in its cells."""

import pandas as pd
import pytest

from geoecon.law import screen
from geoecon.tables import unguarded

ROWS = [
    {"from": "JPN", "to": "KOR", "item": "hydrogen fluoride", "date": "2019-07-05", "note": note}
    for note in ("=1+1", "-2+3", "plain")
]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_answers_are_screened_again(tmp_path, ending):
    first, again = tmp_path / f"first.{ending}", tmp_path / "again.csv"
    one, two = screen(pd.DataFrame(ROWS), out=first), screen(first, out=again)
    assert [two.answer(k).verdict for k in range(3)] == [one.answer(k).verdict for k in range(3)]
    notes = pd.read_csv(again, dtype=str)["note"]
    assert [unguarded(note) for note in notes] == ["=1+1", "-2+3", "plain"]
