"""What a World row holds beyond those named stands in the denominator of shares; a quote swallows no row."""

import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows import read_flows

HEAD = "year,importer,exporter,product,value\n"


@pytest.fixture
def put(tmp_path):
    def write(text, name="flows.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize(("rows", "share", "left"), [
    ("World,250410,1000;CHN,250410,600;JPN,250410,D", 0.6, 0.4),
    ("World,250410,2000;CHN,250410,600;JPN,250410,400", 0.3, 0.5),
    ("World,250410,1000;KOR,250410,400;CHN,250410,300;JPN,250410,300", 0.5, 0.0),
])  # fmt: skip
def test_shares_are_of_all_imports(put, rows, share, left):
    found = ge.scan(put(HEAD + "".join(f"2022,KOR,{row}\n" for row in rows.split(";"))), quiet=True)
    row = found.table.iloc[0]
    assert row["import_share"] == pytest.approx(share) and row["unallocated_share"] == pytest.approx(left)
    assert row["hhi_high"] - row["hhi_low"] == pytest.approx(left**2)
    assert found.figures()["top_share"].verified == (left == 0)


def test_values_that_are_missing_are_said_with_the_share(put):
    found = ge.scan(put(HEAD + "2022,KOR,CHN,250410,600\n2022,KOR,JPN,250410,\n2022,KOR,FRA,250410,400\n"), quiet=True)
    assert "60 % of its imports that are known (Japan not)" in found.sentence().replace("\u00a0", " ")
    assert not found.figures()["top_share"].verified


def test_one_product_in_two_lengths(put):
    rows = "2022,KOR,CHN,HS 2504.10,600\n2022,KOR,JPN,2504.10.00,400\n"
    assert set(read_flows(put(HEAD + rows), quiet=True).to_frame()["product"]) == {"250410"}
    assert len(set(read_flows(put(HEAD + rows + "2022,KOR,USA,25041010,5\n"), quiet=True).to_frame()["product"])) == 3


@pytest.mark.parametrize("tail", ["B,100,10,Beta,5\n", "B,100,10,Beta,5\n" * 10_000])
def test_an_open_quote_swallows_no_parts(put, tail):
    with pytest.raises(InputError, match=r"line 2: .*quote"):
        ge.shortage_clock(put('part,stock,use per day,supplier,lead time\n"Bolt 3,100,10,Acme,5\n' + tail),
                          start="2026-01-01")  # fmt: skip


@pytest.mark.parametrize("value", [-30, 300])
def test_a_purchase_that_no_industry_can_make_is_refused(put, value):
    text = "use,from_region,from_sector,to_region,to_sector,value_usd_million\n"
    text += f"intermediate,CHN,steel,KOR,cars,{value}\nfinal,KOR,cars,KOR,households,100\n"
    text += "final,CHN,steel,CHN,households,400\n"
    with pytest.warns(Warning), pytest.raises(InputError, match=r"CHN/steel: sale to KOR/cars"):
        ge.reliance(put(text), "KOR", "CHN")


@pytest.mark.parametrize(("group", "share"), [("Middle East", 0.5), ("Africa", 0.5), ("Asia", 500 / 700)])
def test_a_part_of_the_world_counts_as_one_where_none_of_it_stands_beside(put, group, share):
    found = ge.scan(put(HEAD + f"2022,KOR,{group},250410,300\n2022,KOR,CHN,250410,200\n2022,KOR,JPN,250410,500\n"),
                    importer="KOR", quiet=True)  # fmt: skip
    assert found.table.set_index("exporter").loc["JPN", "import_share"] == pytest.approx(share)


def test_the_union_is_found_under_its_usual_code(put):
    path = put(HEAD + "2022,European Union,CHN,281111,100\n2022,European Union,JPN,281111,50\n")
    assert ge.scan(path, importer="EU", quiet=True).table["import_share"].max() == pytest.approx(2 / 3)
    with pytest.raises(InputError, match=r"bloc='ASEAN'"):
        ge.scan(path, importer="ASEAN", quiet=True)


@pytest.mark.parametrize(
    ("rows", "band"),
    [
        ("2020,LDCs,KOR,281111,500\n2020,CHN,KOR,281111,100\n", "20 %"),
        ("2020,OECD,KOR,281111,500\n2020,CHN,KOR,281111,100\n", "16.7 %"),  # China is no member: 100 of 600
        (
            "2020,LDCs,KOR,281111,500\n2020,G7,KOR,281111,450\n2020,JPN,KOR,281111,100\n2020,CHN,KOR,281111,100\n",
            "36.4 %",  # the G7 has 350 beyond Japan: 200 of 550
        ),
        (
            "2020,OECD,KOR,281111,500\n2020,G7,KOR,281111,450\n2020,JPN,KOR,281111,100\n2020,CHN,KOR,281111,100\n",
            "33.3 %",  # the OECD has 400 beyond Japan, the G7 among it: 200 of 600
        ),
    ],
)
def test_what_a_group_has_beyond_all_suppliers_is_in_no_share(rows, band, tmp_path):
    path = tmp_path / "g.csv"
    path.write_text("period,exporter,importer,product,value_usd\n" + rows)
    said = read_flows(path, quiet=True).coverage.said
    assert any("of groups beyond their members are in no share" in note and band in note for note in said), said
