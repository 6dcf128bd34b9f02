"""Parts and shipments lists as firms keep them: headings in several languages, a title above, empty rows between."""

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.law import screen

LISTS = {
    "ja": (["出荷日", "輸出国", "仕向国", "品名", "HSコード", "需要者", "用途"],
           ["2019-07-10", "日本", "韓国", "フッ化水素", "281111", "", "民生用"]),
    "de": (["Versanddatum", "Ausfuhrland", "Bestimmungsland", "Warenbezeichnung", "Warennummer", "Empfänger",
            "Endverwendung"], ["2023-03-05", "Deutschland", "China", "LIST", "", "", "militärisch"]),
    "zh": (["日期", "出口国", "进口国", "商品名称", "税号", "最终用户", "最终用途"],
           ["2024-12-10", "中国", "美国", "锑", "811010", "", "军事"]),
    "ko": (["선적일", "수출국", "도착국", "품명", "HS코드", "최종사용자", "용도"],
           ["2022-06-01", "한국", "중국", "불화수소", "", "", "민수용"]),
    "fr": (["date d'expédition", "pays d'exportation", "pays de destination", "marchandise", "code SH", "destinataire",
            "utilisation finale"], ["2022-06-01", "France", "China", "LIST", "", "", "militaire"]),
    "en": (["Ship date", "Country of export", "Country of destination", "Description", "HTS Code", "Consignee",
            "Final use"], ["2024-06-01", "USA", "Hong Kong", "H100", "", "", "civil"]),
}  # fmt: skip
KINDS = {"ja": "individual", "de": "individual", "zh": "prohibited", "ko": "individual", "fr": "individual",
         "en": "individual"}  # fmt: skip


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_list_with_a_title_above_and_empty_rows_is_read_and_its_lines_are_those_of_the_file(
    tmp_path, language, ending
):
    heads, row = LISTS[language]
    empty = [""] * len(heads)
    rows = [["Exports 2024", *empty[1:]], empty, heads, row, empty, row, empty]
    file = tmp_path / f"list.{ending}"
    frame = pd.DataFrame(rows)
    if ending == "csv":
        frame.to_csv(file, header=False, index=False, encoding="utf-8")
    else:
        frame.to_excel(file, header=False, index=False)
    found = screen(file, out=tmp_path / "out.csv")
    assert [found.answer(line).kind for line in (0, 1)] == [KINDS[language]] * 2
    assert len(found.index) == 2 and found.telling()[0]["line"].tolist() == [4, 6]
    assert pd.read_csv(tmp_path / "out.csv")["line"].tolist() == [4, 6]
    assert any("headings stand in line 3" in note for note in found.notes)
    bad = [*rows[:5], [*row[:2], "Nowhere", *row[3:]], empty]
    pd.DataFrame(bad).to_csv(tmp_path / "bad.csv", header=False, index=False)
    with pytest.raises(InputError, match=r"bad.csv line 6"):
        screen(tmp_path / "bad.csv")


def test_our_own_names_go_before_other_words_for_the_same():
    table = pd.DataFrame({"Description": ["a chair"], "item": ["LIST"], "from": ["DEU"], "to": ["CHN"],
                          "date": ["2022-06-01"]})  # fmt: skip
    found = screen(table)
    assert found.answer(0).kind == "individual" and "Description" in found.notes[0]


def test_a_code_that_no_row_matches_says_nothing_against_the_item_and_asks_where_none_is_known():
    table = pd.DataFrame({"from": "CHN", "to": "DEU", "date": "2024-12-10", "item": ["UNLISTED", "office chair", ""],
                          "hs": "94013000"})  # fmt: skip
    found = screen(table)
    assert found.answer(0).reasons[1:] == ()
    for line in (1, 2):
        answer = found.answer(line)
        assert answer.kind == "unknown" and [code for code, _, _ in answer.choices] == ["LIST", "UNLISTED"]
