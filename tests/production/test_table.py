"""The table itself: conservation, closed forms, and what it says about bad cells."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from geoecon import InputError, load_case
from geoecon.production import IOTable, economy


@pytest.fixture(scope="module")
def worked():
    return economy(load_case("japan-korea-2019"))


def test_case_table_balances_and_the_inverse_returns_output(worked):
    assert worked.n == 112 and worked.regions[:2] == ("JPN", "KOR")
    assert worked.Z.sum(axis=1) + worked.Y.sum(axis=1) == approx(worked.x, rel=1e-12)
    assert worked.L @ worked.Y.sum(axis=1) == approx(worked.x, rel=1e-9)
    assert worked.gdp[0] == approx(worked.gdp[1], rel=1e-12)


def test_negative_stock_changes_of_the_case_table_are_named(worked):
    named = {(finding.where, finding.value) for finding in worked.findings if finding.kind == "negative"}
    assert named == {("JPN/mining", -7495.0), ("KOR/mining", -163.0), ("TWN/mining", -81.0)}


def test_round_trip_through_the_tidy_form(worked):
    again = IOTable.from_economy(worked.to_frame())
    assert again.regions == worked.regions and again.sectors == worked.sectors
    assert np.array_equal(again.Z, worked.Z) and np.array_equal(again.final, worked.final)


def test_a_cell_that_stands_twice_is_refused(worked):
    frame = worked.to_frame()
    with pytest.raises(InputError, match="each cell once"):
        IOTable.from_economy(pd.concat([frame, frame.head(1)]))


def test_unknown_industry_lists_the_known_ones(worked):
    with pytest.raises(InputError, match=r"C25.*agriculture"):
        worked.index("KOR", "C25")


def test_arrays_are_frozen(worked):
    with pytest.raises(ValueError):
        worked.Z[0, 0] = 1.0


def test_the_callers_arrays_stay_writable(worked):
    Z = np.array(worked.Z)
    IOTable(Z, np.array(worked.final), np.array(worked.x), worked.regions, worked.sectors)
    Z[0, 0] = 1.0


def test_shapes_and_numbers_are_checked(worked):
    with pytest.raises(InputError, match="shape"):
        IOTable(worked.Z[:3, :3], worked.final, worked.x, worked.regions, worked.sectors)
    broken = np.array(worked.x)
    broken[0] = np.nan
    with pytest.raises(InputError, match="finite"):
        IOTable(worked.Z, worked.final, broken, worked.regions, worked.sectors)


def test_a_case_without_a_table_or_its_source_says_so(worked):
    from dataclasses import replace

    from geoecon import MissingData

    case = load_case("japan-korea-2019")
    bare = replace(case, tables={name: table for name, table in case.tables.items() if name != "economy"})
    stood_in = economy(bare)
    assert (stood_in.name[:10], stood_in.apart["status"], stood_in.year) == ("world 2022", "computed", 2022)
    assert stood_in.regions[:2] == ("JPN", "KOR")
    assert "electrical and optical equipment" in stood_in.sectors  # in the names that the case's users have
    unknown = replace(bare, states=tuple(replace(s, code="XXA" if s.role == "target" else s.code) for s in case.states))
    with pytest.raises(MissingData, match=r"economy\.csv: XXA"):
        economy(unknown)
    with pytest.raises(InputError, match="nowhere"):
        economy(replace(case, settings=dict(case.settings) | {"economy": {"source_id": "nowhere"}}))
    with pytest.raises(MissingData, match="source_id"):
        economy(replace(case, settings={k: v for k, v in case.settings.items() if k != "economy"}))
