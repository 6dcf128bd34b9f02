"""A shipped case under another name is still the same dispute: what it taught is left out of its forecast."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files

import pytest

import geoecon as ge
from geoecon.case import cases, load_case
from geoecon.case.twin import shipped


def renamed(name, folder):
    with as_file(files("geoecon") / "cases" / name) as source:
        shutil.copytree(source, folder)
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(text.replace(f'"{name}"', f'"{folder.name}"', 1), encoding="utf-8")
    return load_case(folder)


def test_every_shipped_case_is_itself():
    assert {load_case(name).on_record for name in cases()} == set(cases()) == set(shipped())


@pytest.mark.parametrize("name", ["japan-korea-2019", "china-korea-thaad-2017", "china-graphite-2023"])
def test_a_copy_under_another_name_is_known(name, tmp_path):
    copy = renamed(name, tmp_path / "my-copy")
    assert copy.id == "my-copy" and copy.on_record == name


def test_a_copy_gives_the_figures_of_the_original(tmp_path):
    copy = renamed("japan-korea-2019", tmp_path / "my-copy")
    ours, theirs = (ge.run(case, draws=20, until="disruption") for case in (load_case("japan-korea-2019"), copy))
    assert theirs.results["disruption"].figures() == ours.results["disruption"].figures()


def test_other_years_and_other_goods_are_other_disputes(tmp_path):
    case = renamed("japan-korea-2019", tmp_path / "my-copy")
    text = (case.folder / "case.toml").read_text(encoding="utf-8")
    later = tmp_path / "later"
    shutil.copytree(case.folder, later)
    (later / "case.toml").write_text(
        text.replace('"my-copy"', '"later"').replace("281111", "280461").replace("370790", "280530")
        .replace("392099", "280490").replace("391190", "280490"), encoding="utf-8",
    )  # fmt: skip
    assert load_case(later).on_record == "later"
