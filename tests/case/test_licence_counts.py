"""Licence statistics: what was public at the cut-off is in the forecast, what came later is not."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon import sample
from geoecon.capacity import for_case
from geoecon.errors import InputError

CASE = ge.load_case("china-rare-earths-2025")
SPRING, AUTUMN = date(2025, 4, 14), date(2025, 10, 9)


def licensed(case, product="ndfeb_magnets", draws=40):
    return for_case(case, sample(case.parameters, draws)).licensed.sel(product=product).values


def with_counts(case, *rows):
    names = ["day", "known_from", "buyer", "product", "applied", "granted", "refused", "pending", "granted_share"]
    table = pd.DataFrame(
        [
            dict(zip(names, (date.fromisoformat(row[0]), date.fromisoformat(row[0]), *row[1:]), strict=False))
            for row in rows
        ],
        columns=names,
    )
    table = table.assign(line=range(2, 2 + len(table)), source="an office", status="seen", source_id="x")
    return replace(case, tables={**case.tables, "licences": table})


def without(case):
    return replace(case, tables={name: table for name, table in case.tables.items() if name != "licences"})


def test_no_count_was_public_in_spring():
    case = CASE.at(SPRING)
    assert np.array_equal(licensed(case), licensed(without(case)))


def test_in_autumn_the_counts_are_in_the_forecast():
    case = CASE.at(AUTUMN)
    end_of_june = (date(2025, 6, 30) - case.start).days
    told, untold = (np.median(licensed(one)[:, end_of_june]) for one in (case, without(case)))
    assert untold < told < 0.6  # other buyers' 60 % count half


def test_many_applications_of_the_buyer_itself_fix_the_day_and_few_do_not():
    case = CASE.at(AUTUMN)
    day = (date(2025, 9, 1) - case.start).days
    many = licensed(with_counts(case, ("2025-09-01", "USA", "ALL", 100_000.0, 70_000.0)))[:, day]
    few = licensed(with_counts(case, ("2025-09-01", "USA", "ALL", 4.0, 3.0)))[:, day]
    assert many == pytest.approx(0.7, abs=0.01)
    assert np.ptp(few) > 0.3


def test_counts_of_others_give_way_to_the_buyers_own():
    case = CASE.at(AUTUMN)
    own = ("2025-09-01", "USA", "ALL", 1000.0, 700.0)
    mixed = with_counts(case, own, ("2025-09-01", "IND", "ALL", 1000.0, 0.0))
    assert np.array_equal(licensed(with_counts(case, own)), licensed(mixed))


def test_another_target_reads_its_own():
    case = with_counts(CASE.at(AUTUMN), ("2025-09-01", "JPN", "ALL", 100_000.0, 90_000.0),
                       ("2025-09-01", "USA", "ALL", 100_000.0, 10_000.0))  # fmt: skip
    day = (date(2025, 9, 1) - case.start).days
    assert licensed(case.towards("JPN"))[:, day] == pytest.approx(0.9, abs=0.01)
    assert licensed(case)[:, day] == pytest.approx(0.1, abs=0.01)


def test_before_the_rule_nothing_is_bent_and_shares_stay_shares():
    path = licensed(CASE.at(AUTUMN))
    assert (path >= 0).all() and (path <= 1).all()
    assert path[:, 0] == pytest.approx(licensed(without(CASE.at(AUTUMN)))[:, 0], abs=1e-12)


def test_counts_that_contradict_themselves_are_refused_together(tmp_path):
    import shutil

    shutil.copytree(CASE.folder, tmp_path / "case")
    head = "day,known_from,buyer,product,applied,granted,refused,pending,granted_share,source_id,status\n"
    rows = (
        "2025-06-30,2025-06-30,USA,ALL,10,8,3,,,r17,seen\n"  # eleven of ten
        "2025-06-30,2025-06-30,USA,ALL,,,,,,r17,seen\n"  # nothing
        "2025-06-30,2025-06-30,USA,ALL,10,8,,,0.2,r17,seen\n"  # two shares
        "2025-06-30,2025-06-01,USA,ALL,10,8,,,,r17,seen\n"  # known before its day
    )
    (tmp_path / "case" / "licences.csv").write_text(head + rows, encoding="utf-8")
    with pytest.raises(InputError) as error:
        ge.load_case(tmp_path / "case")
    text = str(error.value)
    assert all(f"licences.csv, line {line}" in text or f"line {line}" in text for line in (2, 3, 4, 5))
    assert text.count("licences.csv") >= 4
