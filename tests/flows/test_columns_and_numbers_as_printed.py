"""Texts apart by blanks or rare signs, numbers and windows of months as offices print them, and lines that say more."""

import pandas as pd
import pytest
from madeflows import by_seller, through

from geoecon.errors import InputError
from geoecon.flows import periods, read_flows
from geoecon.flows.engine import embedded

HEAD = "Year,Exporter,Importer,Product,Value\n"
ROWS = "2021,CHN,KOR,281111,100\n2021,South Africa,KOR,281111,30\n"


def aligned(text, just=str.ljust, gap="  "):
    return "\n".join(gap.join(just(cell, 12) for cell in line.split(",")) for line in text.splitlines()) + "\n"


R = '"Year" "Exporter" "Importer" "Product" "Value"\n"1" 2021 "CHN" "KOR" "281111" 100\n'
R += '"2" 2021 "South Africa" "KOR" "281111" 30\n'


@pytest.mark.parametrize("text", [
    (HEAD + ROWS).replace(",", "^"), (HEAD + ROWS).replace(",", "~"), aligned(HEAD + ROWS), R,
    aligned(HEAD + ROWS, str.rjust), aligned(HEAD + "----,----,----,----,----\n" + ROWS),
])  # fmt: skip
def test_columns_apart_by_blanks_or_rare_signs(read, text):
    assert by_seller(read(text, "a.txt")) == {"CHN": 100, "ZAF": 30}


def test_titles_and_notes_around_aligned_columns(read):
    flows = read("Imports of Korea\nUnit: thousand USD\n\n" + aligned(HEAD + ROWS) + "Source: customs\n", "a.txt")
    assert by_seller(flows) == {"CHN": 100_000, "ZAF": 30_000}


def test_a_cell_that_is_missing_between_blanks_stops_with_its_line(read):
    with pytest.raises(InputError, match="line 3: 4 cells"):
        read(aligned(HEAD + ROWS.replace("30", "")), "a.txt")
    with pytest.raises(InputError, match="line 2: 5 cells"):  # never 1 and a weight of 234
        read(aligned(HEAD.replace("Value", "Value,Weight (kg)") + "2021,CHN,KOR,281111,1 234,"), "a.txt")


@pytest.mark.parametrize(("cell", "usd"), [
    ("1.2 million USD", 1.2e6), ("1,2 Mio. USD", 1.2e6), ("US$ 1.2 billion", 1.2e9), ("1.2億ドル", 1.2e8),
    ("1.2亿美元", 1.2e8), ("12만달러", 1.2e5), ("１，２３４，５６７", 1234567), ("１２", 12),
])  # fmt: skip
@pytest.mark.parametrize("door", ["csv", "xlsx", "parquet", "json", "pandas"])
def test_numbers_as_printed_by_every_door(cell, usd, door, tmp_path):
    frame = pd.DataFrame({"Year": 2021, "Exporter": ["CHN", "JPN"], "Importer": "KOR", "HS6": "281111",
                          "Value": [cell, "nil"]})  # fmt: skip
    found = read_flows(through(door, frame, tmp_path), quiet=True).to_frame()
    assert found["value_usd"][0] == pytest.approx(usd, rel=1e-12) and pd.isna(found["value_usd"][1])


@pytest.mark.parametrize("cell", ["(6)", "($6)", "$(6)", "-$6", "6-"])
def test_what_accounts_write_below_zero_is_called_negative(read, cell):
    with pytest.raises(InputError, match="negative value"):
        read(HEAD + f"2021,CHN,KOR,281111,{cell}\n2021,JPN,KOR,281111,30\n")


@pytest.mark.parametrize("cells", [("1.2 million USD", "30"), ("$1.2M", "$300K", "30"), ("$100", "€50", "30")])
def test_a_bare_number_beside_multiples_or_two_currencies_stops(read, cells):
    rows = [f"2021,{code},KOR,281111,{cell}" for code, cell in zip(("CHN", "JPN", "DEU"), cells, strict=False)]
    with pytest.raises(InputError, match="none beside '30'"):
        read(HEAD + "\n".join(rows))


WINDOWS = {
    "Jan-Mar 2021": "2021-01/2021-03", "January-March 2021": "2021-01/2021-03", "Jan - Mar, 2021": "2021-01/2021-03",
    "2021 Jan-Jun": "2021-01/2021-06", "Apr 2020-Mar 2021": "2020-04/2021-03", "Jan–Dec 2021": "2021",
    "Q1 (Jan-Mar) 2021": "2021-01/2021-03", "January to March 2021": "2021-01/2021-03", "Nov-Jan 2021": None,
}  # fmt: skip


@pytest.mark.parametrize("text", WINDOWS)
def test_windows_of_months_by_name(text):
    assert periods.period_text(text) == WINDOWS[text]
    cell = text.replace("'", "''")
    assert embedded().execute(f"SELECT {periods.period_sql(chr(39) + cell + chr(39))}").fetchall() == [(WINDOWS[text],)]


@pytest.mark.parametrize("line", [
    "Trade balance, USD million", "Values: trade balance in USD million", "Data: exports minus imports, thousand USD",
    "Table shows percentage shares", "Annual change in %",
])  # fmt: skip
def test_a_line_below_that_says_a_balance_or_a_share_stops(read, line):
    with pytest.raises(InputError, match="a line beside the table says"):
        read(HEAD + ROWS + line + "\n")


@pytest.mark.parametrize("line", [
    "Imports at constant 2015 prices, USD million", "Imports, cumulative January-March, million USD",
    "Year-to-date imports, USD million", "Imports (12-month moving average), USD million", "累计 进口 百万美元",
    "Re-exports, USD million", "Imports in volume terms, chain-linked, million USD",
])  # fmt: skip
@pytest.mark.parametrize("wide", [False, True])
def test_a_title_of_other_money_stops_and_the_option_reads_it(read, line, wide):
    table = "Exporter,Importer,Product,2020,2021\nCHN,KOR,281111,90,100\n" if wide else HEAD + ROWS
    with pytest.raises(InputError, match="--unit 'million USD'" if "USD million" in line else "--unit "):
        read(f'"{line}"\n' + table)
    assert by_seller(read(f'"{line}"\n' + table, unit="million USD"))["CHN"] == 1e8


@pytest.mark.parametrize("line", [
    "Exports and re-exports, USD million", "Imports at current prices, USD million", "Imports of Korea, USD million",
    "Exports excluding re-exports, USD million", "Imports, seasonally adjusted, USD million",
])  # fmt: skip
def test_titles_of_plain_money_are_read(read, line):
    assert by_seller(read(f'"{line}"\n' + HEAD + ROWS))["CHN"] == 1e8


def test_a_title_of_imports_says_the_flow_of_a_table_of_reports(read):
    table = "Year,Reporter,Partner,Product,Value\n2021,KOR,CHN,281111,100\n"
    bought = read("Imports of Korea, USD\n" + table)
    assert by_seller(bought) == {"CHN": 100} and "a line above says imports" in str(bought.coverage)
    assert by_seller(read("Exports of Korea, USD\n" + table)) == {"KOR": 100}
    assert by_seller(read("韩国进口，美元\n" + table)) == {"CHN": 100}
    both = ("进出口商品总值，美元", "輸出入額、ドル", "수출입 금액, 달러", "Re-exports and trade, USD")
    for title in ("Trade of Korea, USD", "Imports and exports of Korea, USD", *both):
        with pytest.raises(InputError, match="--flow"):
            read(f"{title}\n" + table)


GROUPS = {"OECD": ("JPN", "CHN"), "CIS": ("RUS", "JPN"), "RCEP": ("JPN", "DEU"), "CPTPP": ("JPN", "DEU"),
          "ECOWAS": ("NGA", "DEU"), "APEC": ("JPN", "DEU"), "G20": ("JPN", "NGA"), "SADC": ("ZAF", "DEU")}  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_stands_beside_its_members_and_what_it_has_beyond_is_said(read, group):
    member, other = GROUPS[group]
    rows = f"2021,{group},KOR,281111,100\n2021,{member},KOR,281111,30\n2021,{other},KOR,281111,20\n"
    flows = read(HEAD + rows)
    assert by_seller(flows) == {member: 30, other: 20}
    assert f"{group} is 100 USD, its members beside it 30" in str(flows.coverage)


def test_numbers_of_the_fund_and_of_correlates_of_war(read):
    rows = "2021,{},{},281111,100\n2021,{},{},281111,30\n"
    with pytest.raises(InputError, match="numbers='imf'"):
        read(HEAD + rows.format(924, 542, 158, 542))
    assert by_seller(read(HEAD + rows.format(924, 542, 158, 542), numbers="imf")) == {"CHN": 100, "JPN": 30}
    assert by_seller(read(HEAD + rows.format(710, 732, 740, 732), numbers="cow")) == {"CHN": 100, "JPN": 30}
    head = HEAD.replace("Exporter", "Exporter IMF").replace("Importer", "Importer IMF")
    named = {"exporter": "Exporter IMF", "importer": "Importer IMF"}
    assert by_seller(read(head + rows.format(924, 542, 158, 542), columns=named)) == {"CHN": 100, "JPN": 30}


FAO = "Reporter Country Code{0},Reporter Countries,Partner Country Code{0},Partner Countries,Element,Item Code,Item,"
FAO += "Year,Unit,Value,Flag\n"


@pytest.mark.parametrize(
    ("kind", "sides"), [("", ("117", "231")), (" (FAO)", ("117", "231")), (" (M49)", ("410", "840"))]
)
def test_items_of_the_fao_are_no_codes_of_the_hs(read, kind, sides):
    row = "{},Korea,{},USA,{},{},Name,2021,{},{},A\n"
    rows = [row.format(*sides, *rest) for rest in (("Import value", "236", "1000 USD", 500),
            ("Import quantity", "236", "t", 8), ("Import value", "15", "1000 USD", 100),
            ("Import value", "156", "1000 USD", 70))]  # fmt: skip
    flows = read(FAO.format(kind) + "".join(rows))
    found = flows.to_frame().set_index("product")
    assert found["value_usd"].to_dict() == {"FAO236": 5e5, "FAO15": 1e5, "FAO156": 7e4}  # 15 is no total of 156
    assert found["tonnes"]["FAO236"] == 8 and flows.hs == "FAO"


def test_an_item_of_the_fao_in_any_table_is_asked_for(read):
    with pytest.raises(InputError, match="'FAO' for FAOSTAT's items"):
        read(HEAD + "2021,USA,KOR,236,5\n")
    assert list(read(HEAD + "2021,USA,KOR,236,5\n", classification="FAO").to_frame()["product"]) == ["FAO236"]


def test_names_that_come_to_their_codes_are_a_second_view(read):
    rows = "2021,CHN,KOR,Chemicals,500\n2021,CHN,KOR,28,300\n2021,CHN,KOR,29,200\n2021,JPN,KOR,Chemicals,50\n"
    flows = read(HEAD + rows + "2021,JPN,KOR,28,50\n")
    assert flows.to_frame()["value_usd"].sum() == 550 and "sums of the codes beside them" in str(flows.coverage)
    other = read(HEAD + rows.replace("500", "400"))
    assert other.to_frame()["value_usd"].sum() == 950 and "a name may be the sum of some" in str(other.coverage)
    assert read(HEAD + "2021,CHN,KOR,Copper,5\n2021,CHN,KOR,28,5\n").to_frame()["value_usd"].sum() == 10


def test_a_subtotal_is_no_product(read):
    rows = "2021,CHN,KOR,281111,100\n2021,CHN,KOR,281119,60\n2021,CHN,KOR,Subtotal,160\n"
    assert read(HEAD + rows).to_frame()["value_usd"].sum() == 160


def test_trade_inside_and_outside_a_group_is_no_country(read):
    rows = [f"2021,{name},KOR,28,{value}" for name, value in (("Intra-ASEAN", 70), ("Non-OECD", 130),
            ("Thailand", 70), ("China", 100))]  # fmt: skip
    assert by_seller(read(HEAD + "\n".join(rows))) == {"CHN": 100, "THA": 70}


@pytest.mark.parametrize("other", ["Freight (USD)", "Duty (USD)", "Value YTD (USD)", "Value previous year (USD)"])
def test_another_amount_beside_the_value_changes_nothing(read, other):
    head = HEAD.replace("Value", f"Value (USD),{other}")
    assert by_seller(read(head + "2021,CHN,KOR,281111,100,9\n2021,JPN,KOR,281111,30,2\n")) == {"CHN": 100, "JPN": 30}


def test_the_mean_of_the_years_beside_them_is_left_out(read):
    text = "Exporter,Importer,HS,2020,2021,Average 2020-2021,CAGR\nCHN,KOR,281111,90,100,95,11\n"
    assert read(text).to_frame()["value_usd"].tolist() == [90, 100]


def test_offices_add_headings(read):
    joined = "FlowTypeId,MonthId,CountryId,CountryName,Cn8Code,Value,NetMass\n1,202101,001,France,28111100,100,1000\n"
    assert by_seller(read(joined, unit={"GBP": 2.0})) == {"FRA": 200}
    census = "CTY_CODE,CTY_NAME,E_COMMODITY,DF,ALL_VAL_MO,time\n" + "".join(
        f"5700,CHINA,281111,{part},{value},2021-01\n" for part, value in (("1", 100), ("2", 30), ("-", 130))
    )
    assert read(census).to_frame()["value_usd"].tolist() == [130]
    fund = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,SCALE,TIME_PERIOD,OBS_VALUE\n"
    fund += '"Korea, Republic of","Imports of goods, Cost insurance freight (CIF), US dollar",Japan,Annual,Millions,'
    assert by_seller(read(fund + "2021,30\n", columns={"product": "=TOTAL"})) == {"JPN": 3e7}


@pytest.mark.parametrize(("name", "code"), [
    ("FIJI IS", "FJI"), ("BANGLADESH PR", "BGD"), ("Utd. Arab Em.", "ARE"), ("China, Volksrepublik", "CHN"),
    ("Corea, República de", "KOR"), ("Соединенные Штаты Америки", "USA"), ("Taiwan (Formosa)", "TWN"),
])  # fmt: skip
def test_names_of_more_offices(read, name, code):
    assert by_seller(read(HEAD + f'2021,"{name}",DEU,281111,5\n')) == {code: 5}


TABLES = {  # of offices: the text, what holds for every row, and the right answer
    "IMF": ("COUNTRY,COUNTERPART_COUNTRY,HS,INDICATOR,SCALE,TIME_PERIOD,OBS_VALUE\n"
            "KOR,CHN,28,Imports (US dollar),Units,2021-M01,100\n", {}, {("2021-01", "CHN"): 100}),
    "Trade Map by month": ("Exporters,2021-M01 Imported value (US Dollar thousand),2021-M02 Imported value (US Dollar "
                           "thousand)\nChina,10,11\n", {"importer": "=KOR", "product": "=281111"},
                           {("2021-01", "CHN"): 10_000, ("2021-02", "CHN"): 11_000}),
    "UNCTAD": ("Year,Economy,Economy Label,Partner,Partner Label,Flow,Flow Label,Product,US$ at current prices in "
               "thousands\n2021,410,Korea,156,China,01,Imports,28,100\n2021,410,Korea,156,China,02,Exports,28,7\n", {},
               {("2021", "CHN"): 100_000}),
    "Spain": ("flujo;año;mes;cod_taric;cod_pais;euros\nI;2021;01;28111100;CN;100\nE;2021;01;28111100;CN;7\n",
              {"reporter": "=ESP"}, {("2021-01", "CHN"): 200}),
    "Italy": ("Anno;Paese;NC8;Importazioni (euro)\n2021;Cina;28111100;100\n", {"reporter": "=ITA"},
              {("2021", "CHN"): 200}),
    "Russia": ("Направление;Период;Страна;Код ТН ВЭД;Стоимость, тыс. долл.\nИМ;2021;КИТАЙ;2811110000;100\n"
               "ЭК;2021;КИТАЙ;2811110000;7\n", {"reporter": "=RUS"}, {("2021", "CHN"): 100_000}),
    "Türkiye": ("YIL,AY,ÜLKE KODU,ÜLKE ADI,GTİP,İHRACAT DOLAR,İTHALAT DOLAR\n2021,1,720,Çin,281111000000,70,100\n", {},
                {("2021-01", "CHN"): 100}),
    "Indonesia": ("Tahun,Negara,Kode HS,Nilai (US$)\n2021,Tiongkok,28111100,100\n2021,Jepang,28111100,30\n",
                  {"importer": "=IDN"}, {("2021", "CHN"): 100, ("2021", "JPN"): 30}),
    "Mexico": ("Anio,Mes,Fraccion,PaisOrigen,Valor,TipoOperacion\n2021,1,28111101,CHN,100,Importaciones\n",
               {"reporter": "=MEX"}, {("2021-01", "CHN"): 100}),
    "Peru": ("Partida,País,Año,CIF US$\n2811110000,CN,2021,100\n", {"importer": "=PER"}, {("2021", "CHN"): 100}),
}  # fmt: skip


@pytest.mark.parametrize("office", TABLES)
def test_tables_of_offices_are_read(read, office):
    text, said, wanted = TABLES[office]
    found = read(text, columns=said or None, unit={"EUR": 2.0} if "eur" in text else None).to_frame()
    keys = zip(found["period"], found["exporter"], strict=True)
    assert dict(zip(keys, found["value_usd"], strict=True)) == wanted
