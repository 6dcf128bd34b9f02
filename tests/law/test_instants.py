"""Instants with a zone are the day at the exporter's place, in arguments as in tables (the rule is of 2019-07-04)."""

from datetime import UTC, datetime

import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError

LATE = ["2019-07-03T16:30:00Z", "2019-07-03T16:30Z", "2019-07-04T01:30:00+09:00", "2019-07-03 16:30 UTC",
        "2019-07-04 01:30:00 +0900", datetime(2019, 7, 3, 16, 30, tzinfo=UTC),
        pd.Timestamp("2019-07-03T16:30Z")]  # fmt: skip
EARLY = ["2019-07-03T14:30:00Z", "2019-07-03 23:30:00 +0900"]


def kind(on, exporter="JPN"):
    return ge.licence(item="hydrogen fluoride", exporter=exporter, destination="KOR", on=on).kind


@pytest.mark.parametrize(("on", "wanted"), [(on, "individual") for on in LATE] + [(on, "general_bulk") for on in EARLY])
def test_an_instant_asked_for_is_the_day_of_the_exporter(on, wanted):
    assert kind(on) == wanted


@pytest.mark.parametrize(
    ("on", "wanted"), [(LATE[3], "individual"), (LATE[4], "individual"), (EARLY[1], "general_bulk")]
)
def test_zones_written_apart_in_a_table(on, wanted, tmp_path):
    (tmp_path / "s.csv").write_text(f"from,to,item,date\nJPN,KOR,hydrogen fluoride,{on}\n")
    assert ge.screen(tmp_path / "s.csv").to_frame()["licence"].tolist() == [wanted]


@pytest.mark.parametrize("on", ["2019-07-03T16:30:00", datetime(2019, 7, 3, 16, 30)])
def test_a_time_without_a_zone_is_asked_for(on):
    with pytest.raises(InputError, match="day"):
        kind(on)
