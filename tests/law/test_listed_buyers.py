"""Shipments to buyers that a list may name: answers are those of single questions, told by each buyer's own name."""

import random
from dataclasses import replace

import pandas as pd

from geoecon.law import licence, load_regimes, over_time, party_hits, screen

FIELDS = ("kind", "ground", "code", "missing", "presumed", "known", "catch_all", "review_policy", "party", "reasons")


def test_every_shipment_has_the_answer_of_the_single_question():
    draw = random.Random(3)
    regimes = load_regimes()
    rows = []
    for exporter, regime, item in (("USA", "USA", "EAR99"), ("CHN", "CHN", "gallium"), ("JPN", "JPN", "UNLISTED"),
                                   ("NLD", "EU", "LIST"), ("USA", "USA", "3A001")):  # fmt: skip
        listed = regimes[regime].rows["party_listing"]
        names = [str(row["party"]) for row in draw.sample(listed, min(8, len(listed)))]
        names += [name[:5] + name[6:] for name in names[:3]] + ["Nobody GmbH", "Huawei", ""]
        for name in names:
            for place in ("CHN", "DEU", "RUS"):
                for day in ("2022-12-01", "2024-06-01", "2026-08-15", "2026-11-28"):
                    if place != exporter:
                        rows.append({"from": exporter, "to": place, "item": item, "date": day, "party": name})
    table = pd.DataFrame(draw.sample(rows, 300))
    result = screen(table)
    for line, row in enumerate(table.to_dict("records")):
        facts = {"party": row["party"]} if row["party"] else {}
        alone = licence(exporter=row["from"], destination=row["to"], item=row["item"], on=row["date"], facts=facts)
        found = result.answer(line)
        for field in FIELDS:
            if field in ("party", "reasons") and not row["party"]:
                continue
            if getattr(found, field) != getattr(alone, field):
                kept = [text for text in getattr(alone, field) if "not cleared" not in text]
                assert [text for text in getattr(found, field) if "not cleared" not in text] == kept, (row, field)


def test_the_table_and_the_workbook_name_each_buyer(tmp_path):
    listed = [row for row in load_regimes()["USA"].rows["party_listing"] if row["list"] == "us-entity-list"][:40]
    table = pd.DataFrame([{"from": "USA", "to": "CHN", "item": "EAR99", "date": "2026-07-01", "party": row["party"]}
                          for row in listed])  # fmt: skip
    result = screen(table, out=tmp_path / "out.xlsx")
    frame = result.to_frame()
    for row, told in zip(listed, frame["party (answer)"], strict=True):
        assert str(row["party"]) in told
    assert len(result.answers) < len(listed)
    written = pd.read_excel(tmp_path / "out.xlsx", engine="calamine")
    assert all(str(row["party"]) in why for row, why in zip(listed, written["why"], strict=True))


def test_names_apart_by_what_they_say_of_themselves_and_places_of_exporters():
    """A military body after a firm, a name on no list after a listed one of unclear goods, both directions."""
    rows = [("CHN", "USA", "TERBIUM", "2026-05-01", "ACME Widgets"),
            ("CHN", "USA", "TERBIUM", "2026-05-01", "Pentagon"),
            ("CHN", "USA", "TERBIUM", "2026-05-01", "ACME Widgets; Lockheed Martin Corporation"),
            ("USA", "CHN", "EAR99", "2025-03-01", "Semiconductor Manufacturing International"),
            ("USA", "CHN", "EAR99", "2025-03-01", "DJI"),
            ("USA", "CHN", "phone", "2024-06-01", "SK hynix Semiconductor (China) Ltd."),
            ("USA", "CHN", "EAR99", "2024-06-01", "ZTE Kangxun"),
            ("CHN", "USA", "graphite", "2026-05-01", "Lockheed Martin Corporation"),
            ("TWN", "JPN", "chips", "2024-11-01", "Huawei Technologies Co., Ltd."),
            ("TWN", "JPN", "UNLISTED", "2024-11-01", "Nobody"),
            ("JPN", "VNM", "chips", "2025-11-01", "Hara Company"), ("JPN", "VNM", "LIST", "2025-11-01", "Hara Company"),
            ("JPN", "VNM", "chips", "2025-11-01", "ACME Widgets"), ("JPN", "VNM", "LIST", "2025-11-01", "ACME Widgets"),
            ("FRA", "DEU", "ANNEX4", "2023-03-25", None), ("DEU", "FRA", "ANNEX4", "2023-03-25", None),
            ("DEU", "BGR", "1C350.24", "2015-03-25", None)]  # fmt: skip
    for order in (rows, rows[::-1]):
        result = screen(pd.DataFrame(order, columns=["from", "to", "item", "date", "party"]))
        for line, (exporter, destination, item, day, party) in enumerate(order):
            facts = {"party": party} if party else {}
            alone = licence(exporter=exporter, destination=destination, item=item, on=day, facts=facts)
            found = result.answer(line)
            told = "verdict", "presumed", "ground", "party", "reasons"
            assert [getattr(found, name) for name in told] == [getattr(alone, name) for name in told], order[line]


def test_names_on_lists_that_ease_or_need_a_check_are_answered_alone_in_any_order():
    names = ["Samsung China Semiconductor Co. Ltd.", "Nobody Corp", "Foo for Huawei", "BAE Systems plc",
             "BAE Systems, Inc.", "Huawei Technologies Co., Ltd."]  # fmt: skip
    asked = [("USA", "CHN", "EAR99", "2024-06-01"), ("USA", "CHN", "3B001.SME", "2024-06-01"),
             ("CHN", "USA", "TERBIUM", "2026-05-01")]  # fmt: skip
    rows = [(*one, name) for one in asked for name in names]
    alone = [licence(exporter=a, destination=b, item=c, on=d, facts={"party": e}).kind for a, b, c, d, e in rows]
    for step in (1, -1):
        table = pd.DataFrame(rows[::step], columns=["from", "to", "item", "date", "party"])
        assert list(screen(table).column("kind")) == alone[::step]


def test_answers_of_one_buyer_are_kept_apart_when_what_was_kept_is_dropped(monkeypatch):
    monkeypatch.setattr(over_time, "KEPT", 0)
    regimes = load_regimes()
    rows = [("USA", item, party) for item in regimes["USA"].items for party in ("Huawei Technologies", "Nobody GmbH")]
    table = pd.DataFrame(rows, columns=["from", "item", "party"]).assign(to="CHN", date="2022-12-01")
    for regime in regimes.values():
        regime.cache.clear()
    result = screen(table)
    for line, row in enumerate(table.to_dict("records")):
        alone = licence(exporter="USA", destination="CHN", item=row["item"], on=row["date"], party=row["party"])
        found = result.answer(line)
        assert (found.code, found.kind, found.ground) == (alone.code, alone.kind, alone.ground), row


def test_many_names_mean_what_each_means_alone():
    draw = random.Random(5)
    regimes = load_regimes()
    printed = [name for regime in regimes.values() for row in regime.rows["party_listing"]
               for name in (row["party"], *row["aliases"])]  # fmt: skip
    texts = {"?", "Nobody & Sons", "Harbour Trading Co., Ltd.", "Ministry of Defence", "Consignee: Huawei"}
    for name in draw.sample(printed, 500):
        cut, words = len(name) // 2, name.split()
        texts |= {name, name.upper(), name[:cut] + name[cut + 1 :], " ".join(words[:2]), " ".join(words[1:]) or name}
        texts |= {
            f"{name}, Dubai branch",
            f"Harbour Trading for {name}",
            f"{words[0]} Trading",
            f"New {words[-1]} Ltd.",
        }
    for regime in regimes.values():
        many, alone = replace(regime, cache={}), replace(regime, cache={})
        party_hits.look_up([many], sorted(texts))
        for text in texts:
            assert [(hit.row["line"], hit.why) for hit in party_hits.hits(many, text)] == [
                (hit.row["line"], hit.why) for hit in party_hits.hits(alone, text)
            ], (regime.id, text)
