"""The published lists in the shapes that their offices print: heads as in the files of 2026, firms made up."""

from datetime import date

import pytest

from geoecon.errors import InputError
from geoecon.law import compare_parties, licence, read_parties, update_parties

UK = ("Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,"
      "Alias strength,Title,Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,"
      "Designation Type,Designation source,Sanctions Imposed,Other Information,UK Statement of Reasons,Address Line 1,"
      "Address Line 2,Address Line 3,Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,"
      "Phone number,Website,Email address,Date Designated,D.O.B")  # fmt: skip
EU = ("fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_DesignationDate;"
      "Entity_DesignationDetails;Entity_Remark;Entity_SubjectType;Entity_SubjectType_ClassificationCode;"
      "Entity_Regulation_Type;Entity_Regulation_OrganisationType;Entity_Regulation_PublicationDate;"
      "Entity_Regulation_EntryIntoForceDate;Entity_Regulation_NumberTitle;Entity_Regulation_Programme;"
      "Entity_Regulation_PublicationUrl;NameAlias_LastName;NameAlias_FirstName;NameAlias_MiddleName;"
      "NameAlias_WholeName;NameAlias_NameLanguage;Address_CountryIso2Code")  # fmt: skip


def uk_line(**cells):
    return ",".join(cells.get(head.replace(" ", "_").replace("-", "_"), "") for head in UK.split(","))


def files():
    uk = "\n".join([
        "Report Date: 08-Oct-2026", UK,
        uk_line(Unique_ID="RUS9001", Name_6="Iota Works LLC", Name_type="Primary Name", Regime_Name="Russia",
                Address_Country="Russia", Date_Designated="31/07/2024"),
        uk_line(Unique_ID="RUS9001", Name_6="Zavod Iota", Name_type="Alias", Name_non_latin_script="Завод Йота"),
        uk_line(Unique_ID="RUS9002", Name_6="PETROV", Name_1="Ivan", Date_Designated="01/03/2022"),
    ])  # fmt: skip
    ofsi = ("Last Updated,03/06/2026\nName 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Country,"
            "Other Information,Group Type,Alias Type,Regime,Listed On,Last Updated,Group ID\n"
            "IOTA WORKS,,,,,,,,Russia,,Entity,Primary name,Russia,31/07/2024,31/07/2024,15001\n"
            "ZAVOD IOTA,,,,,,,Завод Йота,Russia,,Entity,AKA,Russia,31/07/2024,31/07/2024,15001\n")  # fmt: skip
    eu = (
        f"\ufeff{EU}\n"
        "08/10/2026;900;EU.900.1;;;;;E;enterprise;regulation;council;2022-02-25;2022-02-25;2022/261;RUS;;;;;"
        "Iota Works;;RU\n"
        "08/10/2026;900;EU.900.1;;;;;E;enterprise;regulation;council;2022-02-25;2022-02-25;2022/261;RUS;;;;;"
        "Завод Йота;;RU\n"
    )
    euxml = ('<export xmlns="http://eu.europa.ec/fpi/fsd/export">'
             '<sanctionEntity logicalId="900">'
             '<regulation entryIntoForceDate="2022-02-25" programme="RUS"/><nameAlias wholeName="Iota Works"/>'
             '<nameAlias wholeName="Завод Йота"/>'
             '<address countryIso2Code="RU"/></sanctionEntity></export>')  # fmt: skip
    ukxml = ("<Designations><Designation><UniqueID>RUS9001</UniqueID><Names><Name><Name6>Iota Works LLC</Name6>"
             "<NameType>Primary Name</NameType></Name></Names><NonLatinNames><NonLatinName><NameNonLatinScript>"
             "Завод Йота</NameNonLatinScript></NonLatinName></NonLatinNames><RegimeName>Russia</RegimeName>"
             "<Addresses><Address>"
             "<AddressCountry>Russia</AddressCountry></Address></Addresses><DateDesignated>31/07/2024</DateDesignated>"
             "</Designation></Designations>")  # fmt: skip
    ofsixml = ("<ArrayOfFinancialSanctionsTarget><FinancialSanctionsTarget><GroupID>15001</GroupID><Name6>IOTA WORKS"
               "</Name6><NameNonLatinScript>Завод Йота</NameNonLatinScript><RegimeName>Russia</RegimeName>"
               "<Country>Russia</Country><DateListed>31/07/2024</DateListed></FinancialSanctionsTarget>"
               "</ArrayOfFinancialSanctionsTarget>")  # fmt: skip
    japan = ('No.,"国名、地域名\nCountry or Region","企業名、組織名\nCompany or Organization","別名\nAlso Known As",'
             '"懸念区分\nType of WMD"\n1,"ロシア\nRussia",Iota Works,"・Zavod Iota\n・Завод Йота",CW\n')  # fmt: skip
    china = ("商务部公告2026年第99号 公布将伊奥塔等2家实体列入出口管制管控名单\n"
             "一、禁止出口经营者向上述实体出口两用物项。\n"
             "附件：管控名单（2026年11月2日）\n1. 伊奥塔工业株式会社（Iota Works Co., Ltd.）\n"
             "2、卡帕航空（日本）株式会社(Kappa Aviation Japan Co., Ltd.)\n")  # fmt: skip
    return {"uk.csv": uk, "ofsi.csv": ofsi, "eu.csv": eu, "eu.xml": euxml, "uk.xml": ukxml, "ofsi.xml": ofsixml,
            "japan.csv": japan, "china.txt": china}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "list_", "start"),
    [("uk.csv", "uk-sanctions", date(2024, 7, 31)), ("ofsi.csv", "uk-sanctions", date(2024, 7, 31)),
     ("eu.csv", "eu-financial-sanctions", date(2022, 2, 25)), ("eu.xml", "eu-financial-sanctions", date(2022, 2, 25)),
     ("uk.xml", "uk-sanctions", date(2024, 7, 31)), ("ofsi.xml", "uk-sanctions", date(2024, 7, 31)),
     ("japan.csv", "jp-end-user-list", None), ("china.txt", "cn-control-list", date(2026, 11, 2))],
)  # fmt: skip
def test_a_published_list_is_read_as_printed(tmp_path, name, list_, start):
    (tmp_path / name).write_text(files()[name], encoding="utf-8")
    found = read_parties(tmp_path / name, date(2026, 11, 3))
    first = found.entries[0]
    assert (first.list, first.start) == (list_, start)
    assert any("iota" in known.casefold() for known in first.names) and len(first.names) >= 2
    if name.startswith(("uk", "ofsi", "eu", "japan")):
        assert "Завод Йота" in first.names and first.place
    if name == "uk.csv":
        assert found.entries[1].names == ("Ivan PETROV",)


def test_an_announcement_adds_names_and_ends_none(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "data"))
    (tmp_path / "china.txt").write_text(files()["china.txt"], encoding="utf-8")
    new = read_parties(tmp_path / "china.txt", date(2026, 11, 3))
    assert not new.whole and [entry.names[1] for entry in new.entries] == ["Iota Works Co., Ltd.",
                                                                         "Kappa Aviation Japan Co., Ltd."]  # fmt: skip
    update_parties(new)
    try:

        def ask(party, day):
            return licence(exporter="CHN", destination="JPN", item="LIST", on=day, party=party).kind

        assert ask("IOTA WORKS", "2026-11-03") == "prohibited"
        assert ask("Mitsubishi Heavy Industries Aero Engines", "2026-10-05") == "prohibited"
        older = read_parties(tmp_path / "china.txt", date(2026, 11, 2))
        assert {row[2] for row in compare_parties(older, new).rows} == {"listed"}
    finally:
        monkeypatch.undo()
        from geoecon.law import read_regimes

        read_regimes.forget()


def test_a_file_of_one_publisher_says_nothing_of_the_lists_of_others(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "data"))
    try:
        for name in ("eu.csv", "uk.csv"):
            (tmp_path / name).write_text(files()[name], encoding="utf-8")
            found = update_parties(read_parties(tmp_path / name, date(2026, 11, 3)))
        assert {row[0] for row in found.rows} == {"uk-sanctions"} and "missing" not in found.sentence()
    finally:
        monkeypatch.undo()
        from geoecon.law import read_regimes

        read_regimes.forget()


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [("eu.csv", "NameAlias_WholeName", "NameAlias_Whole", "EU consolidated"),
     ("uk.csv", "31/07/2024", "07/31/2024", "line 3, start: '07/31/2024'; allowed: a day as YYYY-MM-DD, DD/MM/YYYY"),
     ("uk.xml", "</Designations>", "", "line 1: no element found"),
     ("eu.csv", "Iota Works", '"Iota Works', "its quote is not closed")],
)  # fmt: skip
def test_a_file_that_broke_off_or_is_of_no_known_form_is_refused(tmp_path, name, old, new, told):
    (tmp_path / name).write_text(files()[name].replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_parties(tmp_path / name, date(2026, 11, 3))
    assert told in str(error.value)


JAPANESE = "No.,国名、地域名,企業名、組織名,別名,懸念区分\n1,中国,Iota Works Ltd.（イオタ工業）,イオタ,核\n"
ANNOUNCED = (
    "商务部公告2026年第900号\n将下列实体列入出口管制管控名单\n1. 甲乙工业株式会社（Iota Works Co., Ltd.）\n"
    "2026年10月8日\n"
)
TRADITIONAL = "商務部公告\n列入出口管制管控名單\n1. 甲乙工業株式會社（Iota Works Co., Ltd.）\n2026年10月8日\n"


@pytest.mark.parametrize(
    ("text", "page", "list_", "told"),
    [(JAPANESE, "cp932", "jp-end-user-list", "Shift JIS"), (JAPANESE, "utf-16", "jp-end-user-list", "UTF-16"),
     (JAPANESE, "euc_jp", "jp-end-user-list", "EUC-JP"), (ANNOUNCED, "gb18030", "cn-control-list", "GB 18030"),
     (TRADITIONAL, "big5", "cn-control-list", "Big5"),
     ("name,list,place\nMüller Präzision GmbH,eu-833-annex-iv,DE\n", "cp1252", "eu-833-annex-iv", "Windows-1252")],
)  # fmt: skip
def test_a_list_in_another_encoding_is_read_and_said_to_be(tmp_path, monkeypatch, text, page, list_, told):
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "own"))
    file = tmp_path / "list.csv"
    file.write_bytes(text.encode(page))
    read = read_parties(file, date(2026, 10, 8))
    assert read.lists == (list_,) and told in read.notes[0]
    plain = tmp_path / "plain.csv"
    plain.write_text(text, encoding="utf-8")
    assert read.entries == read_parties(plain, date(2026, 10, 8)).entries
    try:
        assert told in update_parties(read).sentence() and told in compare_parties(read, read).sentence()
    finally:
        monkeypatch.undo()
        from geoecon.law import read_regimes

        read_regimes.forget()


def test_every_list_that_a_table_asks_can_be_loaded(regimes):
    from geoecon.law.party_files import sources

    own = {"us-entity-list-affiliate", "us-veu-china", "us-veu-former", "cn-unreliable-other"}  # no list of an office
    asked = {row["list"] for regime in regimes.values() for row in regime.rows["party_list"]} - own
    assert asked <= {row["list"] for row in sources()}


def test_an_encoding_that_cannot_be_told_is_asked_for_and_one_that_is_given_is_checked(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes("name,list\nイオタ工業,jp-end-user-list\n".encode("cp932"))
    with pytest.raises(InputError, match="--encoding"):
        read_parties(file, date(2026, 10, 8))
    with pytest.raises(InputError, match="not ascii"):
        read_parties(file, date(2026, 10, 8), encoding="ascii")
    assert read_parties(file, date(2026, 10, 8), encoding="cp932").entries[0].names == ("イオタ工業",)
