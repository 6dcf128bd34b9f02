"""Rows of built-in tables that are kept: the same as those read, and never those of another table or rule."""

import pytest

from geoecon.errors import InputError
from geoecon.law import read_tables
from geoecon.law.read_regimes import BUILT_IN, _folder
from geoecon.law.read_tables import Tables
from geoecon.law.schema import TABLES


@pytest.fixture
def own(tmp_path):
    """A folder of one table, its Tables anew at each call, and its kept rows."""
    file = tmp_path / "calendar.csv"
    header = (_folder("jpn") / "calendar.csv").read_text(encoding="utf-8").splitlines()[0]
    row = {"place": "JPN", "date": "2026-01-02", "working": "no", "regime": "JPN"}
    file.write_text(header + "\n" + ",".join(row.get(name, "") for name in header.split(",")) + "\n", encoding="utf-8")
    Tables(tmp_path, "own").kept("calendar", write=True)
    [place] = tmp_path.rglob("*.rows")
    return file, lambda: Tables(tmp_path, "own").kept("calendar", write=False), place


def test_kept_rows_are_those_of_the_tables(tmp_path, monkeypatch):
    for name in BUILT_IN:
        known, faults = Tables(_folder(name), name), []
        for table in TABLES:
            assert known.kept(table) == read_tables.table_of(_folder(name), name, table, faults), (name, table)
        assert not faults


def test_a_kept_table_is_not_read_again(own, monkeypatch):
    _, rows, _ = own
    first = rows()
    monkeypatch.setattr(read_tables, "table_of", lambda *_: pytest.fail("read again"))
    assert rows() == first and first[0]["place"] == "JPN"


def test_a_changed_cell_is_read_even_if_size_and_time_are_the_same(own):
    import os

    file, rows, _ = own
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("2026-01-02", "2026-01-03"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert str(rows()[0]["date"]) == "2026-01-03"


def test_a_fault_is_told_although_good_rows_were_kept(own):
    file, rows, _ = own
    file.write_text(file.read_text(encoding="utf-8").replace("2026-01-02", "2 January"), encoding="utf-8")
    with pytest.raises(InputError, match="2 January"):
        rows()


@pytest.mark.parametrize("spoil", [lambda held: held[:40], lambda held: held[:-1] + b"x", lambda held: b""])
def test_kept_rows_that_are_not_whole_are_read_anew(own, spoil):
    _, rows, place = own
    first = rows()
    place.write_bytes(spoil(place.read_bytes()))
    assert rows() == first


def test_another_rule_of_reading_is_another_table(own, monkeypatch):
    from geoecon.law import kept_rows

    _, rows, _ = own
    monkeypatch.setattr(kept_rows, "_rules", lambda: b"another!")
    monkeypatch.setattr(read_tables, "table_of", lambda *_: ["read"])
    assert rows() == ["read"]


def test_nothing_but_texts_numbers_and_days_is_loaded(own, tmp_path):
    import pickle

    from geoecon.law.kept_rows import HASH, source_hash

    class Evil:
        def __reduce__(self):
            return (tmp_path / "called").write_text, ("yes",)

    _, rows, place = own
    first, body = rows(), pickle.dumps([Evil()])
    place.write_bytes(place.read_bytes()[: 2 * HASH] + source_hash(body) + body)
    assert rows() == first and not (tmp_path / "called").exists()


def test_rows_are_kept_in_the_folder_of_the_table_wherever_bytecode_goes(own, monkeypatch):
    import sys

    file, _, place = own
    assert place.parent == file.parent / "__pycache__"
    place.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(file.parent / "elsewhere"))
    assert Tables(file.parent, "own").kept("calendar") and not list(file.parent.rglob("*.rows"))


def test_a_place_that_cannot_be_written_is_no_matter(own):
    file, rows, place = own
    first = rows()
    place.unlink()
    place.parent.rmdir()
    place.parent.write_text("a file where the folder would be", encoding="utf-8")
    assert Tables(file.parent, "own").kept("calendar", write=True) == first


def test_two_that_keep_the_same_table_at_once_leave_it_whole(own):
    from concurrent.futures import ThreadPoolExecutor

    file, rows, place = own
    first = rows()
    with ThreadPoolExecutor(8) as pool:

        def again(k):
            if k % 3 == 0:
                place.unlink(missing_ok=True)
            return Tables(file.parent, "own").kept("calendar", write=True)

        assert all(found == first for found in pool.map(again, range(200)))
    assert rows() == first


def test_every_rule_of_reading_is_part_of_the_hash():
    """A module that the reading of a cell imports, or that one of these imports, and that says what a cell is."""
    import ast

    from geoecon.law.kept_rows import ROOM, RULES

    home = ROOM.parents[1]
    none = {"errors.py", "kept_rows.py"}  # how faults are told, and the keeping itself
    for file in (f for f in RULES if f.suffix == ".py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geoecon"):
                names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
                found = [home / f"{name.replace('.', '/')}.py" for name in names]
                assert all(f in RULES or f.name in none for f in found if f.is_file()), (file.name, names)
