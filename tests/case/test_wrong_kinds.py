"""A case.toml with a part that is missing or of another kind is refused by its name, together with all other faults."""

import copy
import json
import tomllib
from datetime import date

import pytest

import geoecon as ge
from geoecon.case import case_of_texts
from geoecon.errors import InputError

CASE = "gulf-qatar-2017"
FILES = ("case.toml", "sources.csv", "measures.csv", "parameters.csv", "trade.csv", "timeline.csv")
WRONG = ("", -1, [1], {})


@pytest.fixture(scope="module")
def texts():
    folder = ge.load_case(CASE).folder
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def written(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {written(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def read(texts, settings):
    toml = "\n".join(f'"{key}" = {written(value)}' for key, value in settings.items())
    return case_of_texts({**texts, "case.toml": toml}, CASE)


def parts(settings):
    """Every table and row, and what stands in the first row of each kind."""
    for key, value in settings.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, inner) for inner in value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ((key, 0), *((key, 0, inner) for inner in value[0]))


def changed(settings, place, value=None):
    found = copy.deepcopy(settings)
    inner = found
    for step in place[:-1]:
        inner = inner[step]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return found


def test_every_part_of_another_kind_is_refused_or_read_never_a_traceback(texts):
    settings = tomllib.loads(texts["case.toml"])
    for place in parts(settings):
        for value in (None, *WRONG):
            try:
                read(texts, changed(settings, place, value))
            except InputError as error:
                assert all("allowed: " in str(fault) for fault in error.faults), (place, value)


def test_an_empty_file_names_all_that_it_lacks_beside_the_faults_of_the_tables(texts):
    broken = {**texts, "case.toml": "", "trade.csv": texts["trade.csv"].replace("SAU", "QQQ", 1)}
    with pytest.raises(InputError) as error:
        case_of_texts(broken, CASE)
    told = [str(fault) for fault in error.value.faults]
    for key in ("case", "states", "products", "horizon"):
        assert any(fault.startswith(f"case.toml, {key}: missing") for fault in told), key
    assert any("QQQ" in fault for fault in told)
