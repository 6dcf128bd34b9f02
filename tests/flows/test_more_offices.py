"""Files as further offices hand them out: read with the right figures, or refused with the right reason."""

import json

import pytest

import geoecon as ge
from geoecon.errors import InputError


def read(tmp_path, name, text, **options):
    place = tmp_path / name
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ge.read_flows(place, quiet=True, **options)


def values(flows, period=None):
    frame = flows.to_frame()
    frame = frame if period is None else frame[frame["period"] == period]
    return dict(zip(frame["exporter"], frame["value_usd"].round(6), strict=True))


LABELS = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,reporter,Reporting country (EU),partner,Partner,product,"
    "Product,flow,Flow,indicators,Indicators,TIME_PERIOD,Time,OBS_VALUE,Observation value,OBS_FLAG\n"
    "dataflow,ESTAT:DS-045409(1.0),EU trade,A,Annual,DE,Germany,CN,China,280530,Rare,1,IMPORT,VALUE_IN_EUROS,"
    "Value in euros,2022,,600,,\n"
)
JAPAN = (
    "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year\n"
    "2,2022,'280530000','105',,KG,0,1000,600\n"
)
GACC = (
    "Date of data,Commodity code,Commodity,Trading partner code,Trading partner,1st quantity,1st unit,US dollar\n"
    '202201,28053012,Neodymium,116,Japan,"1,000",Kilogram,"6,000"\t\n'
    '202201,28053012,Neodymium,502,USA,300,Kilogram,"250.5"\t\n'
)
FAO = (
    "Reporter Country Code,Reporter Country Code (M49),Reporter Countries,Partner Country Code (M49),Partner Countries,"
    "Item Code,Item Code (CPC),Item,Element Code,Element,Unit,Y2021,Y2021F,Y2022,Y2022F\n"
    "110,'392,Japan,'156,\"China, mainland\",56,'0112,Maize,5622,Import value,1000 USD,500,A,600,A\n"
    "110,'392,Japan,'156,\"China, mainland\",56,'0112,Maize,5610,Import quantity,t,5,A,6,A\n"
)


def test_offices_are_read_with_their_figures(tmp_path):
    euros = read(tmp_path, "estat.csv", LABELS, unit={"EUR": 1.05})
    assert values(euros) == {"CHN": 630} and euros.periods() == ["2022"]
    yen = read(tmp_path, "japan.csv", JAPAN, unit={"JPY": 0.01})
    assert values(yen) == {"CHN": 6000} and yen.to_frame()["tonnes"][0] == 1
    sold = read(tmp_path, "gacc.csv", GACC, flow="exports", decimal=".,").to_frame().set_index("importer")
    assert sold["value_usd"].to_dict() == {"JPN": 6000, "USA": 250.5} and sold["tonnes"]["JPN"] == 1
    maize = read(tmp_path, "fao.csv", FAO)
    assert values(maize, "2022") == {"CHN": 600_000} and set(maize.to_frame()["tonnes"]) == {5, 6}


def test_months_by_their_names_in_any_language(tmp_path):
    head = "Fluxo;Ano;Mês;Código NCM;Descrição NCM;Países;Valor US$ FOB;Quilograma Líquido\n"
    rows = "Importação;2022;03. Março;28053010;Terras;China;600;1000\n"
    assert read(tmp_path, "comex.csv", (head + rows).encode("latin-1")).periods() == ["2022-03"]
    for text, period in {"2022 januari": "2022-01", "Dezember 2022": "2022-12", "août 2022": "2022-08",
                         "mayıs 2022": "2022-05", "марта 2022": None, "enero de 2022": "2022-01"}.items():  # fmt: skip
        table = f"period,exporter,importer,product,value_usd\n{text},CHN,JPN,280530,5\n"
        if period is None:
            with pytest.raises(InputError, match="period"):
                read(tmp_path, "a.csv", table)
        else:
            assert read(tmp_path, "a.csv", table).periods() == [period]


@pytest.mark.parametrize(("code", "kept"), [
    ("280530 - Rare-earth metals", "280530"), ("280530 Rare-earth metals", "280530"), ("2805.30 Rare", "280530"),
    ("28 - Inorganic chemicals", "28"), ("28053010 – Terras raras", "28053010"),
])  # fmt: skip
def test_words_behind_a_code_are_left_out_and_said(tmp_path, code, kept):
    flows = read(tmp_path, "a.csv", f'period,exporter,importer,product,value_usd\n2022,CHN,JPN,"{code}",5\n')
    assert list(flows.to_frame()["product"]) == [kept]
    assert "words behind codes in product left out" in str(flows.coverage)


@pytest.mark.parametrize("code", ["3D printers", "14 nm chips", "280530 281111", "2805 - 2806"])
def test_what_is_no_code_with_words_is_refused(tmp_path, code):
    with pytest.raises(InputError, match="product"):
        read(tmp_path, "a.csv", f"period,exporter,importer,product,value_usd\n2022,CHN,JPN,{code},5\n")


MAP = "Exporters\tImported value in 2021\tImported value in 2022\nWorld\t600\t800\nChina\t500\t600\nJapan\t100\t200\n"
EVERY = {"importer": "=KOR", "product": "=280530"}


def test_trade_map_without_its_unit_asks(tmp_path):
    with pytest.raises(InputError, match="thousand USD"):
        read(tmp_path, "map.txt", MAP, columns=EVERY)
    flows = read(tmp_path, "map.txt", MAP, columns=EVERY, unit="thousand USD")
    assert values(flows, "2022") == {"CHN": 600_000, "JPN": 200_000}


def test_a_unit_that_nothing_in_the_table_names_is_no_option_without_effect(tmp_path):
    table = "period,exporter,importer,product,value\n2022,CHN,JPN,280530,600\n"
    with pytest.raises(InputError, match="nothing in the table says"):
        read(tmp_path, "a.csv", table, unit={"EUR": 1.05})
    assert values(read(tmp_path, "a.csv", table, unit=1.05)) == {"CHN": 630}


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.xml", b"<?xml version='1.0'?><message:GenericData xmlns:message='http://www.sdmx.org'/>", "XML file of SDMX"),
    ("a.csv", b"<?xml version='1.0'?><rows/>", "an XML file"), ("a.csv", b"%PDF-1.7\n%abc", "a PDF"),
    ("a.json", json.dumps({"data": {"structures": [], "dataSets": []}}).encode(), "JSON file of SDMX"),
    ("a.json", b'{"version":"2.0","class":"dataset","dimension":{}}', "JSON-stat"),
    ("a.dta", b"<stata_dta><header>", "Stata"), ("a.csv", b"7z\xbc\xaf\x27\x1c00", "7z archive"),
])  # fmt: skip
def test_what_is_no_table_is_named(tmp_path, name, content, told):
    with pytest.raises(InputError, match=told):
        read(tmp_path, name, content)


def test_what_holds_for_every_row_is_asked_all_at_once(tmp_path):
    with pytest.raises(InputError, match="--columns importer==GBR --columns product==280530"):
        read(tmp_path, "map.txt", MAP)


@pytest.mark.parametrize(("names", "codes"), [
    ("Çin;Almanya;ABD;Güney Kore;Rusya Federasyonu;Birleşik Arap Emirlikleri", "CHN DEU USA KOR RUS ARE"),
    ("China;Duitsland;Verenigde Staten;Zuid-Korea", "CHN DEU USA KOR"), ("Chiny;Niemcy;Japonia", "CHN DEU JPN"),
    ("Китай;Германия;США;Республика Корея", "CHN DEU USA KOR"),
])  # fmt: skip
def test_names_of_countries_in_turkish_dutch_polish_and_russian(tmp_path, names, codes):
    rows = "".join(f"2022;{name};BRA;280530;5\n" for name in names.split(";"))
    flows = read(tmp_path, "a.csv", "period;exporter;importer;product;value_usd\n" + rows)
    assert sorted(flows.to_frame()["exporter"]) == sorted(codes.split())
