"""`[[what_if]]` of case.toml: the case's own assumptions, checked with everything else."""

import shutil

import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.questions import scenarios

OWN = [name for name in ge.cases() if ge.load_case(name).settings.get("what_if")]


def with_rows(tmp_path, text):
    folder = shutil.copytree(ge.load_case("russia-germany-gas-2022").folder, tmp_path / "case")
    own = (folder / "case.toml").read_text(encoding="utf-8").split("# Other assumptions of the report.")
    rest = own[1][own[1].index("[dispute]") :]
    (folder / "case.toml").write_text(own[0] + text + "\n" + rest, encoding="utf-8")
    return folder


def test_shipped_cases_state_their_own():
    assert "japan-korea-2019" in OWN
    for name in OWN:
        case = ge.load_case(name)
        told = scenarios(case)
        assert [one.label for one in told] == [row["label"] for row in case.settings["what_if"]]
        assert all(case.with_scenario(**one.changes).scenario for one in told)


def test_the_rows_of_a_case_are_what_is_asked(tmp_path):
    folder = with_rows(tmp_path, '[[what_if]]\nlabel = "full stores"\nchanges = { inventory_days = 89 }\n')
    assert [(one.label, dict(one.changes)) for one in scenarios(ge.load_case(folder))] == [
        ("full stores", {"inventory_days": 89})
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[what_if]]\nlabel = "x"\nchanges = { luck = 1 }', "luck"),
        ('[[what_if]]\nlabel = "x"\nchanges = { leaders = "perhaps" }', "change, stay"),
        ('[[what_if]]\nlabel = "x"', "changes = "),
        ("[[what_if]]\nchanges = { dependence_left = 0.2 }", "label = "),
        ('[[what_if]]\nlabel = "x"\nchanges = { dependence_left = 0.2 }\ncolour = "red"', "colour"),
        ("what_if = 3", "what_if"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, text, words):
    if text.startswith("what_if ="):
        folder = with_rows(tmp_path, "")
        path = folder / "case.toml"
        path.write_text(text + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    else:
        folder = with_rows(tmp_path, text)
    with pytest.raises(InputError, match="what_if") as error:
        ge.load_case(folder)
    assert words in str(error.value)
