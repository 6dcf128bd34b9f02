"""Rules of one's own on the licence desk: checked, kept for the session, asked beside the built-in ones."""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest

from geoecon.errors import InputError
from geoecon.law import licence, load_regimes, served_regimes
from geoecon.web import uploads

PLAIN = """regime,item,destination,kind,valid_from,valid_to,status,source,known_through
VNM,tungsten,,individual,2024-01-01,,in_force,Decree 1,2025-06-01
VNM,tungsten,Japan,prohibited,2025-01-01,,in_force,Decree 2,2025-06-01
JPN,HF,USA,prohibited,2019-01-01,,in_force,Decree 3,2025-06-01
"""


def zipped(**files: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def sent(client, server, *files):
    return client.post(f"{server}/licence/rules", files=[("file", file) for file in files], follow_redirects=True)


def test_rules_that_are_brought_answer_in_this_session_alone(server):
    query = {"exporter": "Vietnam", "destination": "Japan", "item": "tungsten", "on": "2025-01-01"}
    with httpx.Client(timeout=120) as mine, httpx.Client(timeout=120) as other:
        page = sent(mine, server, ("decrees.csv", PLAIN))
        key = page.url.params["rules"]
        assert page.status_code == 200 and "decrees.csv" in page.text and "no fault in 2 rules" in page.text
        found = mine.get(f"{server}/api/licence", params=query | {"rules": key}).json()
        assert found["verdict"]["word"] == "prohibited" and f"rules={key}" in found["link"]
        assert f"rules={key}" in found["memo"]
        assert mine.get(f"{server}/licence", params=query | {"rules": key}).text.count(key) >= 3
        alone = mine.get(f"{server}/api/licence", params=query).json()
        assert alone["verdict"]["word"] == "not known" and "rules=" not in alone["link"]
        lost = other.get(f"{server}/api/licence", params=query | {"rules": key})
        assert lost.status_code == 422 and "bring the same files again" in lost.text


def test_a_built_in_regime_is_not_replaced_but_the_strictest_decides(tmp_path):
    (tmp_path / "rules.csv").write_text(PLAIN)
    regimes = served_regimes([str(tmp_path)])
    assert regimes["JPN"] is load_regimes()["JPN"] and "JPN (own)" in regimes
    asked = {"exporter": "JPN", "item": "HF", "on": "2019-07-05"}
    assert licence(regimes, destination="USA", **asked).kind == "prohibited"
    own = licence(load_regimes(), destination="KOR", **asked)
    both = licence(regimes, destination="KOR", **asked)
    assert both.kind in (own.kind, "unknown")


def test_a_folder_of_tables_and_a_case_with_rules_come_as_a_zip(tmp_path):

    tables = {f"mine/vnm/{name}.csv": b"x" for name in ("regime", "licence_rule")}
    found = uploads.unpack_regimes(zipped(**tables, **{"mine/vnm/README.md": b""}))
    assert sorted(found) == ["vnm/README.md", "vnm/licence_rule.csv", "vnm/regime.csv"]
    kept = uploads.unpack_case(zipped(**{"a/case.toml": b"", "a/regimes/vnm/regime.csv": b"", "a/regimes/r.csv": b""}))
    assert sorted(kept) == ["case.toml", "regimes/r.csv", "regimes/vnm/regime.csv"]


@pytest.mark.parametrize(
    "entry",
    ["../regime.csv", "/etc/regime.csv", "C:\\regime.csv", "a/b/c/d/regime.csv", "a/run.py", "a b/regime.csv", "x.exe",
     "a/.regime.csv", "con?/regime.csv"],
)  # fmt: skip
def test_a_name_in_a_zip_of_rules_is_never_a_path(entry, tmp_path):
    with pytest.raises(InputError, match="entry"):
        uploads.keep_regimes([("a.zip", zipped(**{entry: b"", "vnm/regime.csv": b""}))], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_file_that_is_no_rules_is_named_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        uploads.keep_regimes([("a.exe", b"MZ\x00"), ("b.csv", b""), ("c.xlsx", b"PK\x03")], tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["a.exe", "b.csv", "c.xlsx"]


def test_faults_of_brought_rules_come_all_at_once_and_nothing_is_kept(server):
    with httpx.Client(timeout=120) as mine:
        bad = PLAIN.replace("prohibited", "forbidden").replace("VNM", "Atlantis")
        answer = sent(mine, server, ("my decrees.csv", bad))
        assert answer.status_code == 422 and "my decrees.csv" in answer.text and "table-1" not in answer.text
        assert answer.text.count("forbidden") == 2 and answer.text.count("Atlantis") >= 2
        assert "my decrees.csv" not in mine.get(f"{server}/licence").text


def test_the_interface_takes_facts_and_refuses_words_that_no_rule_asks(server):
    query = {"exporter": "China", "destination": "Japan", "item": "gallium", "on": "2026-03-01"}
    found = httpx.get(f"{server}/api/licence", params=query | {"end_use": "military"}, timeout=120).json()
    assert found["verdict"]["word"] == "prohibited"
    refused = httpx.get(f"{server}/api/licence", params=query | {"end_uze": "military"}, timeout=120)
    assert refused.status_code == 422 and "end_use" in refused.text
