"""Many shipments at once give the answers of the single query, from frames and files, with every bad cell named."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.law import licence, screen, vocabulary
from geoecon.law.read_regimes import regimes_of

FIELDS = ("kind", "ground", "code", "missing", "catch_all", "fallback", "review_days", "known_through", "groups")


def table(n=1500, seed=4):
    rng = np.random.default_rng(seed)
    pairs = [("JPN", "HF"), ("JPN", "RESIST"), ("JPN", "UNLISTED"), ("KOR", "LIST"), ("CHN", "GALLIUM"),
             ("CHN", "HOLMIUM"), ("USA", "3A090.a"), ("USA", "3A001"), ("DEU", "1C350.24"), ("NLD", "NL-DUV"),
             ("BRA", "HF")]  # fmt: skip
    places = ["KOR", "JPN", "USA", "CHN", "DEU", "ARE", "IRN", "BRA", "ERI", "BGR", "MAC", "SGP", "CAF"]
    chosen = rng.integers(0, len(pairs), n)
    return pd.DataFrame({
        "from": [pairs[k][0] for k in chosen], "to": rng.choice(places, n), "item": [pairs[k][1] for k in chosen],
        "date": [(date(2003, 6, 1) + timedelta(days=int(k))).isoformat() for k in rng.integers(0, 8700, n)],
        "wt_pct": rng.choice(["", "25", "30", "30.5", "49"], n), "exporter_icp": rng.choice(["", "yes", "no"], n),
        "value_jpy": rng.integers(0, 2_000_000, n), "note": "kept",
    })  # fmt: skip


def test_the_same_answers_as_one_by_one(regimes):
    shipments = table()
    found = screen(shipments)
    for position, row in enumerate(shipments.to_dict("records")):
        known = vocabulary.tested(regimes_of(row["from"], regimes))  # what no rule asks the single question refuses
        facts = {name: row[name] for name in ("wt_pct", "exporter_icp", "value_jpy") if name in known}
        one = licence(
            regimes, exporter=row["from"], destination=row["to"], item=row["item"], on=row["date"], facts=facts
        )
        many = found.answers[found.index[position]]
        for field in FIELDS:
            assert getattr(one, field) == getattr(many, field) or not one.known, (row, field)
        assert one.known == many.known


def test_amounts_are_grouped_by_their_limits_and_no_answer_moves(regimes):
    around = [49_999, 50_000, 50_001, 999_999.99, 1_000_000, 1_000_000.01]
    shipments = pd.DataFrame({"from": "JPN", "to": "KOR", "item": "FPI", "date": "2019-07-04", "value_jpy": around})
    assert list(screen(shipments).column("kind")) == ["exception"] * 5 + ["individual"]


def test_files_in_and_out(tmp_path):
    shipments = table(60)
    shipments.to_csv(tmp_path / "in.csv", index=False)
    shipments.assign(date=pd.to_datetime(shipments["date"])).to_parquet(tmp_path / "in.parquet")
    one = screen(tmp_path / "in.csv", out=tmp_path / "out.csv")
    two = screen(tmp_path / "in.parquet", out=tmp_path / "out.parquet")
    assert list(one.column("kind")) == list(two.column("kind"))
    written, kept = pd.read_csv(tmp_path / "out.csv"), pd.read_parquet(tmp_path / "out.parquet")
    assert list(written["licence"]) == list(one.column("asks")) == list(kept["licence"])
    assert {"note", "clause", "known_through", "missing"} <= set(written.columns)
    assert not list(tmp_path.glob("*.part"))


def test_order_and_duplicates_do_not_count():
    shipments = table(200)
    backwards = screen(shipments.iloc[::-1])
    assert list(screen(shipments).column("kind")) == list(backwards.column("kind"))[::-1]
    twice = screen(pd.concat([shipments, shipments]))
    assert list(twice.column("kind")[:200]) == list(twice.column("kind")[200:])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("date", "2019-02-29", "line 4, date: '2019-02-29'"), ("date", "43650", "1900 system"),
     ("to", "Virgin Islands", "line 4, to: 'Virgin Islands'; allowed: VGB"),
     ("to", "Atlantis", "line 4, to: 'Atlantis'"),
     ("from", "", "line 4, from: ''"),
     ("wt_pct", "half", "'half'; allowed: a number")],
)  # fmt: skip
def test_bad_cells_are_named_by_line(column, value, message):
    shipments = table(10).astype(object)
    shipments.loc[2, column] = value
    with pytest.raises(InputError, match=message):
        screen(shipments)


def test_a_column_that_is_missing(tmp_path):
    with pytest.raises(InputError, match="exporter or from: column is missing"):
        screen(pd.DataFrame({"to": ["KOR"], "item": ["HF"], "date": ["2019-07-04"]}))
    with pytest.raises(InputError, match="file is missing"):
        screen(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"ending in .csv, .parquet, .xlsx"):
        screen(table(3), out=tmp_path / "out.txt")


def test_a_product_without_an_item_is_unknown_with_the_reason():
    shipments = pd.DataFrame({"from": "JPN", "to": "KOR", "item": ["", "no such thing", "HF"], "hs": ["281111", "", ""],
                              "date": "2019-07-04"})  # fmt: skip
    found = screen(shipments).to_frame()
    assert list(found["licence"]) == ["unknown", "unknown", "individual"]
    assert "281111 may be 2 items: HF (individual), UNLISTED (none)" in found["reasons"][0]
    assert "no such thing" in found["reasons"][1] and list(found["missing"][:2]) == ["item", "item"]
    by_code = screen(shipments[["from", "to", "hs", "date"]]).to_frame()
    assert list(by_code["licence"]) == ["unknown"] * 3 and "no item" in by_code["reasons"][1]


@pytest.mark.parametrize(
    ("item", "hs", "day", "verdict", "told"),
    [("", "8112.92", "2024-12-10", "not known", "GALLIUM (prohibited), GERMANIUM (prohibited), UNLISTED (none)"),
     ("", "2841801000", "2025-03-10", "case by case", "CN-10-2025"),
     ("", "2841801000", "2024-03-10", "not known", "a gap, not a permission"),
     ("UNLISTED", "8112.92", "2024-12-10", "no licence", "may hold GALLIUM, GERMANIUM: the text of the list decides"),
     ("UNLISTED", "2841801000", "2025-03-10", "not known", "UNLISTED (none), TUNGSTEN (individual)"),
     ("gallium", "8112.92", "2024-12-10", "prohibited", "CN-46-2"),
     ("gallium", "38011000", "2024-12-10", "not known", "customs code 38011000 is none of GALLIUM (811292"),
     ("gallium", "999999", "2024-12-10", "prohibited", "customs code 999999 is none of GALLIUM"),
     ("cement", "8112.92", "2024-12-10", "not known", "cement of customs code 8112.92 may be 3 items"),
     ("cement", "", "2024-12-10", "not known", "item 'cement' is not in the list of China"),
     ("", "", "2024-12-10", "not known", "no item and no customs code")],
)  # fmt: skip
def test_a_customs_code_stands_for_the_item_and_is_held_against_it(item, hs, day, verdict, told):
    row = {"from": "China", "to": "USA", "item": item, "HS code": hs, "date": day}
    found = screen(pd.DataFrame([row]))
    answer = found.answer(0)
    assert answer.verdict == verdict and told in "; ".join(answer.reasons), answer.reasons
    if hs and not item:
        alone = licence(exporter="China", destination="USA", item=hs, on=day)
        assert (alone.verdict, alone.choices, alone.reasons) == (answer.verdict, answer.choices, answer.reasons)


def test_places_that_a_regime_treats_alike_share_an_answer_that_names_neither_place_nor_day():
    places = ["GIB", "CHN", "THA", "VNM", "IND", "BRA"]
    rows = pd.DataFrame([{"from": "KOR", "to": to, "item": "STRAT21", "date": day} for to in places
                         for day in ("2025-03-10", "2025-06-01")])  # fmt: skip
    found = screen(rows)
    for line, row in enumerate(rows.to_dict("records")):
        one = licence(exporter="KOR", destination=row["to"], item="STRAT21", on=row["date"])
        many = found.answer(line)
        assert (many.destination, many.on.isoformat(), many.reasons) == (row["to"], row["date"], one.reasons)


def test_strict_names_the_shipments_that_are_unknown():
    shipments = pd.DataFrame({"from": "JPN", "to": "KOR", "item": "HF", "date": ["2019-07-04", "2026-11-28"]})
    with pytest.raises(InputError, match="line 3"):
        screen(shipments, strict=True)


def test_an_empty_table_and_days_at_the_end_of_the_calendar():
    empty = pd.DataFrame({"from": [], "to": [], "item": [], "date": []}, dtype=str)
    assert len(screen(empty).to_frame()) == 0
    far = pd.DataFrame({"from": "JPN", "to": "KOR", "item": "HF", "date": ["1700-01-01", "2200-12-31"]})
    assert list(screen(far).column("kind")) == ["unknown", "unknown"]
    stamps = pd.Series(np.array(["2024-01-01", "12000-01-01"], dtype="datetime64[s]"))
    with pytest.raises(InputError, match="line 3, date: '12000-01-01"):
        screen(pd.DataFrame({"from": "USA", "to": "CHN", "item": "EAR99", "party": "Huawei", "date": stamps}))


def test_result_protocol():
    found = screen(table(80))
    assert found.summary()["shipments"].sum() == 80
    assert found.sentence().startswith("Of 80 shipments") and found.figures()
    assert found.chart().to_dict()


def test_parties_by_name_and_by_owner(regimes):
    names = ["SUBARU Corporation", "subaru corporation", "nobody", "another nobody", "", "斯巴鲁株式会社"]
    shipments = pd.DataFrame({"from": "CHN", "to": "JPN", "item": "TERBIUM", "date": "2026-03-01", "party": names})
    found = screen(shipments)
    assert list(found.column("ground")) == ["CN-PL-ATT", "CN-PL-ATT", *["CN-18-2025"] * 3, "CN-PL-ATT"]
    assert "party" in found.column("missing")[4] and "party" not in found.column("missing")[2]
    owned = pd.DataFrame({"from": "USA", "to": "DEU", "item": "EAR99", "date": "2025-10-15",
                          "owned_by_listed_pct": [0, 49.9, 50, 80]})  # fmt: skip
    assert list(screen(owned).column("kind")) == ["none", "none", "individual", "individual"]


def test_frames_of_another_library():
    import polars

    found = screen(polars.from_pandas(table(50)))
    assert list(found.column("kind")) == list(screen(table(50)).column("kind"))


def test_truth_values_are_yes_and_no():
    shipments = pd.DataFrame({"from": "KOR", "to": "JPN", "item": "LIST", "date": "2019-09-17",
                              "exporter_icp": [True, False]})  # fmt: skip
    assert list(screen(shipments).column("kind")) == ["bulk", "individual"]


@pytest.mark.parametrize("heading, said", [("enduse", True), ("EndUse", True), ("end_uses", False), ("enduses", False)])
def test_a_heading_that_is_nearly_a_fact_is_understood_or_refused(heading, said):
    """It was left out without a word: a military use became an individual licence."""
    import geoecon as ge

    table = pd.DataFrame({"from": ["China"], "to": ["Japan"], "item": ["gallium"], "date": ["2026-03-01"],
                          heading: ["military"]})  # fmt: skip
    if said:
        assert list(screen(table).column("kind")) == ["prohibited"]
    else:
        with pytest.raises(ge.InputError, match=f"{heading}: no fact is called so; allowed: end_use"):
            screen(table)


def test_a_possession_is_the_state_itself():
    import geoecon as ge

    answers = {ge.licence(exporter="CHN", destination=place, item="gallium", on="2025-06-01").kind
               for place in ("USA", "PRI", "GUM")}  # fmt: skip
    assert answers == {"prohibited"}


@pytest.mark.parametrize("second", ["item", "Item"])
def test_a_column_that_stands_twice_is_refused(tmp_path, second):
    path = tmp_path / "a.csv"
    path.write_text(f"from,to,item,date,{second}\nJPN,KOR,hydrogen fluoride,2019-07-05,pencils\n", encoding="utf-8")
    with pytest.raises(InputError, match="item: column stands twice"):
        screen(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from,to,item,item,date\nJPN,KOR,HF,LIST,2019-07-05\n", "item: column stands twice"),
        ("From,from,to,item,date\nJPN,CHN,KOR,HF,2019-07-05\n", "column stands twice"),
        (
            "from,exporter,to,item,date\nJPN,CHN,KOR,HF,2019-07-05\n",
            "exporter and from: the same is said by two columns",
        ),
        ("from,to,item,date,end_use,End use\nJPN,KOR,HF,2019-07-05,civil,military\n", "end_use is said by two columns"),
        ("from,to,item,date\n", "no row below the headings"),
    ],
)
def test_a_list_that_says_a_thing_twice_or_nothing_is_refused(tmp_path, text, told):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(InputError, match=told):
        screen(tmp_path / "list.csv", out=tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_the_answers_never_go_over_the_shipments(tmp_path):
    (tmp_path / "list.csv").write_text("from,to,item,date\nJPN,KOR,HF,2019-07-05\n")
    with pytest.raises(InputError, match="is the file of shipments"):
        screen(tmp_path / "list.csv", out=tmp_path / "." / "list.csv")


def test_other_separators_encodings_sheets_and_headings_are_read_when_asked(tmp_path):
    (tmp_path / "list.csv").write_bytes("von;nach;Gut;Tag\nJapan;Südkorea;HF;2019-07-05\n".encode("cp1252"))
    ours = {"from": "von", "to": "Nach", "item": "Gut", "date": "Tag"}
    assert set(screen(tmp_path / "list.csv", columns=ours, encoding="cp1252").column("kind")) == {"individual"}
    frame = pd.DataFrame({"from": ["JPN"], "to": ["KOR"], "item": ["HF"], "date": ["2019-07-05"]})
    with pd.ExcelWriter(tmp_path / "list.xlsx") as book:
        pd.DataFrame({"note": ["x"]}).to_excel(book, sheet_name="cover", index=False)
        frame.to_excel(book, sheet_name="parts", index=False)
    assert set(screen(tmp_path / "list.xlsx", sheet="parts").column("kind")) == {"individual"}
    with pytest.raises(InputError, match="allowed: cover, parts"):
        screen(tmp_path / "list.xlsx", sheet="Parts1")
    with pytest.raises(InputError, match="no such heading"):
        screen(tmp_path / "list.csv", columns={"item": "Ware"}, encoding="cp1252")


def test_a_frame_of_any_engine_is_screened_alike():
    import duckdb

    rows = [{"from": "JPN", "to": "KOR", "item": "hydrogen fluoride", "date": "2024-01-01"}]
    mine = pd.DataFrame(rows)
    relation = duckdb.connect().from_df(mine)
    answers = [screen(one).to_frame()["verdict"].tolist() for one in (mine, relation)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("other", [5, None, [1]])
def test_what_is_no_table_of_shipments_is_refused(other):
    with pytest.raises(InputError, match=r"allowed: a file, or a table of pandas"):
        screen(other)


ROW = {"from": "JPN", "to": "KOR", "item": "HF", "date": "2019-07-05", "wt_pct": 49}


@pytest.mark.parametrize("text", [
    json.dumps([ROW, ROW]), json.dumps({"shipments": [ROW, ROW]}), json.dumps({"count": 2, "rows": [ROW, ROW]}),
    "\n".join([json.dumps(ROW)] * 2), "\ufeff" + json.dumps([ROW, {**ROW, "party": None}])])  # fmt: skip
def test_shipments_in_json_get_the_answers_of_the_table(tmp_path, text):
    (tmp_path / "q.json").write_text(text, encoding="utf-8")
    found = screen(tmp_path / "q.json")
    want = screen(pd.DataFrame([ROW, ROW])).to_frame()
    assert found.to_frame()[["verdict", "ground"]].values.tolist() == want[["verdict", "ground"]].values.tolist()
    assert found.telling()[0]["line"].tolist() == [1, 2]


def test_one_object_is_one_shipment(tmp_path):
    for name in ("q.json", "q.jsonl"):
        (tmp_path / name).write_text(json.dumps(ROW))
        assert len(screen(tmp_path / name).index) == 1


@pytest.mark.parametrize(("text", "told"), [
    ("[1, 2]", "q.json line 1: 1; allowed: an object"), ("{", "records in JSON"), ("[]", "no row below"),
    ('[{"from": "JPN", "from": "KOR"}]', "from stands twice in one record"),
    (json.dumps([ROW, {**ROW, "to": ["KOR"]}]), "q.json line 2, to: holds more than a cell"),
    (json.dumps([ROW, {**ROW, "to": "Nowhere"}]), "q.json line 2"), ("\"text\"", "an object of headings")])  # fmt: skip
def test_json_that_is_no_table_of_shipments_is_refused(tmp_path, text, told):
    (tmp_path / "q.json").write_text(text)
    with pytest.raises(InputError, match=re.escape(told)):
        screen(tmp_path / "q.json")


def test_an_ending_in_capitals_is_an_ending(tmp_path):
    for ending in ("CSV", "Parquet", "XLSX"):
        screen(pd.DataFrame([ROW]), out=tmp_path / f"o.{ending}")
    assert pd.read_csv(tmp_path / "o.CSV")["verdict"].tolist() == ["case by case"]
    assert (
        len(pd.read_parquet(tmp_path / "o.Parquet")) == len(pd.read_excel(tmp_path / "o.XLSX", engine="calamine")) == 1
    )
