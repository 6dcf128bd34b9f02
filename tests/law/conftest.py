"""Regimes are loaded once; the folder of a small regime of one's own is made anew for each test."""

import csv
from pathlib import Path

import pytest

from geoecon.law import load_regimes
from geoecon.law.schema import TABLES, columns

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def regimes():
    return load_regimes()


@pytest.fixture(scope="session")
def japan(regimes):
    return regimes["JPN"]


@pytest.fixture
def traps():
    return HERE / "traps"


ROWS = {
    "source": [{"source_id": "law", "title": "a law"}],
    "regime": [{"title": "Utopia", "valid_from": "2010-01-01", "known_through": "2024-12-31"}],
    "authority": [{"authority_id": "office", "place": "NZL", "valid_from": "2010-01-01"}],
    "place_group": [
        {"system": "S", "group": "near", "member_rule": "listed", "valid_from": "2010-01-01"},
        {"system": "S", "group": "far", "member_rule": "complement", "complement_of": "near",
         "valid_from": "2010-01-01"},
    ],
    "group_member": [{"system": "S", "group": "near", "place": "AUS", "valid_from": "2010-01-01"}],
    "control_item": [
        {"code": "LIST", "title": "the list", "listed": "yes", "valid_from": "2010-01-01"},
        {"code": "ACID", "parent": "LIST", "title": "an acid", "aliases": "vitriol", "listed": "yes",
         "valid_from": "2010-01-01"},
        {"code": "UNLISTED", "title": "other goods", "listed": "no", "valid_from": "2010-01-01"},
    ],
    "licence_type": [
        {"licence_type": "IND", "kind": "individual", "review_days": "30", "day_kind": "calendar",
         "validity_days": "100", "valid_from": "2010-01-01"},
        {"licence_type": "GEN", "kind": "general", "valid_from": "2010-01-01"},
    ],
    "licence_rule": [
        {"rule_id": "R1", "item": "LIST", "group_of": "destination", "system": "S", "group": "near",
         "effect": "requirement", "kind": "general", "licence_type": "GEN", "state": "in_force",
         "valid_from": "2010-01-01"},
        {"rule_id": "R2", "item": "LIST", "group_of": "destination", "system": "S", "group": "far",
         "effect": "requirement", "kind": "individual", "licence_type": "IND", "state": "in_force",
         "valid_from": "2010-01-01"},
        {"rule_id": "R3", "item": "UNLISTED", "group_of": "destination", "place": "*", "effect": "requirement",
         "kind": "none", "state": "in_force", "valid_from": "2010-01-01"},
    ],
}  # fmt: skip


def write_regime(folder: Path, **changed):
    """A regime folder; `changed` gives rows of a table anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        rows = changed.get(table, ROWS.get(table, []))
        if not rows:
            continue
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, columns()[table], restval="")
            writer.writeheader()
            shared = {"regime": "NZL", "status": "seen", "confidence": "high"}
            if table != "source":
                shared |= {"source_id": "law", "known_through": "2024-12-31"}
            shared = {key: value for key, value in shared.items() if key in columns()[table]}
            for row in rows:
                writer.writerow(shared | row)
    return folder


@pytest.fixture
def own(tmp_path):
    """Makes a regime folder with changed tables."""
    return lambda **changed: write_regime(tmp_path / "utopia", **changed)


@pytest.fixture
def rows():
    return ROWS
