"""Totals in other spellings, sections of the HS, groups with members, units of quantities, headings with a year."""

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.flows.multiples import MANY, MULTIPLES


def read(tmp_path, text, **options):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    return read_flows(path, quiet=True, **options)


def flows(found):
    frame = found.to_frame()
    return dict(zip(frame["exporter"] + frame["product"], frame["value_usd"], strict=True))


HEAD = "Year,Exporter,Importer,HS6,Value\n"


@pytest.mark.parametrize("dash", ["-", "–", "..", "*"])
def test_a_total_with_dashes_in_its_keys_is_a_total(tmp_path, dash):
    text = f"{HEAD}총계,{dash},{dash},{dash},160\n2021,CHN,KOR,281111,100\n2021,JPN,KOR,281111,60\n"
    found = read(tmp_path, text)
    assert flows(found) == {"CHN281111": 100, "JPN281111": 60}
    assert "line 2 is a total" in str(found.coverage)
    with pytest.raises(InputError, match="unknown country"):  # no total: somebody is not named
        read(tmp_path, f"{HEAD}2021,CHN,KOR,281111,100\n2021,{dash},KOR,281111,60\n")


def test_a_total_with_dashes_by_a_frame():
    import pandas as pd

    rows = [["Total", "-", "-", "-", 160], ["2021", "CHN", "KOR", "281111", 100], ["2021", "JPN", "KOR", "281111", 60]]
    found = read_flows(pd.DataFrame(rows, columns=HEAD.strip().split(",")), quiet=True)
    assert flows(found) == {"CHN281111": 100, "JPN281111": 60}


@pytest.mark.parametrize("section", ["VI", "vi", "Section VI"])
def test_a_section_of_the_hs_never_counts_beside_its_chapters(tmp_path, section):
    found = read(tmp_path, f"{HEAD}2021,CHN,KOR,28,1000\n2021,CHN,KOR,29,600\n2021,CHN,KOR,{section},1600\n")
    assert flows(found) == {"CHN28": 1000, "CHN29": 600}
    assert "sections of the HS, sums of chapters, set aside: 1 rows" in str(found.coverage)


@pytest.mark.parametrize(("group", "member"), [("G7", "JPN"), ("BRICS", "IND"), ("GCC", "SAU"), ("NAFTA", "USA")])
def test_what_a_group_has_beyond_its_members_is_said(tmp_path, group, member):
    text = f"{HEAD}2021,VNM,KOR,281111,100\n2021,{member},KOR,281111,60\n2021,{group},KOR,281111,80\n"
    found = read(tmp_path, text)
    assert flows(found) == {"VNM281111": 100, f"{member}281111": 60}
    assert f"{group} is 80 USD, its members beside it 60" in str(found.coverage)
    assert "a supplier's share is 88.9 %" in str(found.coverage)  # 160 of 180
    alone = read(tmp_path, f"{HEAD}2021,VNM,KOR,281111,100\n2021,{group},KOR,281111,80\n")
    assert alone.to_frame()["value_usd"].sum() == 180


def test_units_of_a_bare_quantity(tmp_path):
    head = HEAD.replace("Value", "Value,Quantity,Unit")
    text = "2021,CHN,KOR,281111,100,5,kg\n2021,JPN,KOR,281111,50,6,t\n2021,DEU,KOR,281111,50,6,number\n"
    found = read(tmp_path, head + text).to_frame().set_index("exporter")
    assert found["value_usd"].to_dict() == {"CHN": 100, "DEU": 50, "JPN": 50}
    assert found["tonnes"].dropna().to_dict() == {"CHN": 0.005, "JPN": 6}
    with pytest.raises(InputError, match="no values"):
        read(tmp_path, HEAD.replace("Value", "Value,Unit") + "2021,CHN,KOR,281111,100,kg\n")


def test_a_year_in_the_headings_beside_a_column_of_years_stops(tmp_path):
    text = "Exporter,Year,Product,KOR 2019,CHN 2019\nJPN,2020,281111,5,6\nDEU,2020,281111,7,8\n"
    with pytest.raises(InputError, match="KOR 2019, CHN 2019 name a period, and so does Year"):
        read(tmp_path, text)


def test_codes_of_countries_that_are_units_too_are_no_line_of_units(tmp_path):
    text = "Exporter,Importer,Product,Year,Value\nMT,KG,281111,2021,\nCHN,KOR,281111,2021,5\n"
    assert set(read(tmp_path, text).to_frame()["exporter"]) == {"MLT", "CHN"}
    with pytest.raises(InputError, match="line 2, Year"):
        read(tmp_path, "Exporter,Importer,Year,HS6,Value\nMT,KG,,,\nCHN,KOR,2021,281111,5\n")


def test_estimates_keep_their_mark(tmp_path):
    head = HEAD.replace("Value", "Value,Net weight (kg),Is net weight estimated")
    found = read(tmp_path, f"{head}2021,CHN,KOR,281111,100,5,True\n2021,JPN,KOR,281111,50,6,False\n")
    assert "weights estimated by the service: 1 rows, 100 USD" in str(found.coverage)
    found = read(tmp_path, HEAD.replace("Value", "Value,Estimated") + "2021,CHN,KOR,281111,100,Yes\n")
    assert "marked as estimated: 1 rows" in str(found.coverage) and "weights estimated" not in str(found.coverage)


def test_every_multiple_that_is_a_word_is_found_beside_a_table():
    words = [word for word in MULTIPLES if word.isalpha() and word.isascii() and len(word) > 5]
    assert len(words) > 20 and all(MANY.search(f"figures in {word}") for word in words)


@pytest.mark.parametrize(
    ("name", "code"),
    [("Korea (Süd)", "KOR"), ("China (excludes SARs and Taiwan)", "CHN"), ("Fmr Sudan", "SDN2011")],
)  # fmt: skip
def test_names_of_offices(tmp_path, name, code):
    assert read(tmp_path, f"{HEAD}2005,{name},JPN,281111,5\n").to_frame()["exporter"].tolist() == [code]


@pytest.mark.parametrize(
    ("whole", "part"),
    [("USA, Puerto Rico and US Virgin Islands", "United States"), ("France, Monaco", "France"),
     ("Norway, Svalbard and Jan Mayen", "Norway")],
)  # fmt: skip
def test_a_name_that_contains_another_of_the_same_country_never_adds_to_it(tmp_path, whole, part):
    alone = read(tmp_path, f'{HEAD}2021,"{whole}",KOR,281111,160\n2021,JPN,KOR,281111,60\n').to_frame()
    assert sorted(alone["value_usd"]) == [60, 160]
    found = read(tmp_path, f'{HEAD}2021,"{whole}",KOR,281111,160\n2021,{part},KOR,281111,130\n')
    assert found.to_frame()["value_usd"].tolist() == [130]
    assert f"{whole} contains {part}, which counts beside it" in str(found.coverage)
    apart = f'{HEAD}2021,"{whole}",KOR,282520,160\n2021,{part},KOR,281111,130\n'
    assert sorted(read(tmp_path, apart).to_frame()["value_usd"]) == [130, 160]  # nothing is lost
    with pytest.raises(InputError, match="only some of its flows"):
        read(tmp_path, apart + f'2021,"{whole}",KOR,281111,160\n')


def classed(*systems, product="281111"):
    rows = [f"2021,{who},KOR,{said},{product},5\n" for who, said in zip(("CHN", "JPN"), systems, strict=True)]
    return "Year,Exporter,Importer,Classification,Product,Value\n" + "".join(rows)


@pytest.mark.parametrize("systems", [("H5", "H4"), ("H5", "BEC"), ("HS", "SITC Rev. 4"), ("NAICS", "NAICS")])
def test_codes_of_two_classifications_or_of_another_stop(tmp_path, systems):
    way = "--ignore 'Classification'" if len(set(systems)) == 1 else "--only 'Classification="
    with pytest.raises(InputError, match=way):
        read(tmp_path, classed(*systems))


@pytest.mark.parametrize(
    ("said", "product", "revision"),
    [("H5", "281111", "HS17"), ("SITC Rev. 4", "52236", "SITC Rev. 4"), ("Harmonized System", "281111", ""),
     ("CN8", "28111100", ""), ("Dangerous", "281111", "")],
)  # fmt: skip
def test_one_classification_is_read(tmp_path, said, product, revision):
    found = read(tmp_path, classed(said, said, product=product))
    assert (found.hs, found.to_frame()["value_usd"].sum()) == (revision, 10)
