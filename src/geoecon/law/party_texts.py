"""Published party lists that are no tables: the XML files of the EU and of the UK, and the text of a Chinese
announcement. Each becomes records under the heads of the tables of the same list."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from geoecon.errors import Fault, InputError

Record = Mapping[str, Any]
CHINESE_LISTS = {  # what an announcement calls the list, in both ways of writing Chinese
    "cn-control-list": ("管控名单", "管控名單"),
    "cn-attention-list": ("关注名单", "關注名單"),
    "cn-unreliable-list": ("不可靠实体清单", "不可靠實體清單"),
}
EAST_ASIAN = {"cp932": "Shift JIS (cp932)", "gb18030": "GB 18030", "big5": "Big5", "cp949": "EUC-KR (cp949)",
              "euc_jp": "EUC-JP"}  # fmt: skip
NUMBERED = re.compile(r"\s*\d{1,3}\s*[.、．]\s*(\S.*?)[；;。，,]?\s*$")
CHINESE = re.compile("[\u3400-\u9fff]")


def decoded(file: Path, heads: Collection[str], encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file and, in words, what it is written in where that is not UTF-8: the one that is given, Unicode
    by its marks, else the page of East Asia in which a line holds a known head or the title of a list, else Western.

    Raises InputError where the bytes are none of them, or not of the encoding that is given.
    """
    from geoecon.flows import encoding_of

    whole = file.read_bytes()
    known = {
        *(head for head in heads if not head.isascii()),
        *(word for words in CHINESE_LISTS.values() for word in words),
    }
    if encoding is None and not whole.isascii() and (told := _by_heads(whole, known)):
        return told
    page, notes = encoding_of(file, file.name, encoding)
    try:
        return whole.decode("utf-8-sig" if page == "utf-8" else page), tuple(notes)
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start} is not {page}"
        raise InputError(Fault(file.name, None, None, wrong, "the encoding it is written in (--encoding)")) from None


def _by_heads(whole: bytes, known: Collection[str]) -> tuple[str, tuple[str, ...]] | None:
    """The text in the one page of East Asia in which it reads and holds a known head; None where it is UTF-8, where no
    page does or several do."""
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for page, name in EAST_ASIAN.items():
            try:
                text = whole.decode(page)
            except UnicodeDecodeError:
                continue
            if any(head in text for head in known):
                found.setdefault(text, (text, (f"encoding {name}, told by its headings",)))
        return next(iter(found.values())) if len(found) == 1 else None
    return None


def announcement(text: str) -> list[tuple[int, Record]]:
    """The numbered firms of a Chinese announcement as printed: `1. 名称（English name）`, under the list it names."""
    title = next((name for name in CHINESE_LISTS if any(word in text for word in CHINESE_LISTS[name])), None)
    dated = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text)
    day = f"{int(dated[1]):04d}-{int(dated[2]):02d}-{int(dated[3]):02d}" if dated else ""
    found: list[tuple[int, Record]] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = NUMBERED.match(line)
        if title and match and CHINESE.search(match[1]) and len(match[1]) < 200:
            name, english = _bracket(match[1])
            found.append((number, {"公告": title, "名称": name, "英文名称": english, "日期": day}))
    return found


def _bracket(text: str) -> tuple[str, str]:
    """A name and what stands in the bracket at its end: empty where there is none."""
    if text[-1] not in ")）":
        return text, ""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] in ")）") - (text[place] in "(（")
        if depth == 0:
            return (text[:place].strip() or text), text[place + 1 : -1].strip()
    return text, ""


def xml(file: Path, text: str) -> list[tuple[int, Record]]:
    """The lists of the EU (sanctionEntity) and of the UK (Designation; FinancialSanctionsTarget of the older one)."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(Fault(file.name, None, None, "a document type", "XML without one"))
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError(Fault(file.name, error.position[0], None, str(error), "XML")) from None
    found: list[tuple[int, Record]] = []
    for number, entity in enumerate(root.iter(), 1):
        read = XML.get(entity.tag.rpartition("}")[2])
        found += [(number, record) for record in read(entity)] if read else []
    return found


def _european(entity: ElementTree.Element) -> list[Record]:
    shared = {"Entity_LogicalId": entity.get("logicalId", "")}
    for part in entity.iter():
        kind = part.tag.rpartition("}")[2]
        if kind == "regulation" and part.get("entryIntoForceDate"):
            shared.setdefault("Entity_Regulation_EntryIntoForceDate", part.get("entryIntoForceDate", ""))
            shared.setdefault("Entity_Regulation_Programme", part.get("programme", ""))
        if kind in ("address", "citizenship") and part.get("countryIso2Code", "00") != "00":
            shared.setdefault("Address_CountryIso2Code", part.get("countryIso2Code", ""))
    return [shared | {"NameAlias_WholeName": alias.get("wholeName", "")}
            for alias in entity.iter() if alias.tag.rpartition("}")[2] == "nameAlias"]  # fmt: skip


def _british(entity: ElementTree.Element) -> list[Record]:
    def text(name: str) -> str:
        return next((part.text or "" for part in entity.iter() if part.tag.rpartition("}")[2] == name), "")

    shared = {"Unique ID": text("UniqueID"), "Regime Name": text("RegimeName"),
              "Address Country": text("AddressCountry"), "Date Designated": text("DateDesignated")}  # fmt: skip
    rows: list[Record] = []
    for part in entity.iter():
        kind = part.tag.rpartition("}")[2]
        if kind == "Name" and len(part):
            said = {child.tag.rpartition("}")[2]: child.text or "" for child in part}
            rows.append(shared | {f"Name {n}": said.get(f"Name{n}", "") for n in range(1, 7)})
        elif kind == "NameNonLatinScript" and part.text:
            rows.append(shared | {"Name 6": part.text})
    return rows


def _british_older(entity: ElementTree.Element) -> list[Record]:
    said = {child.tag.rpartition("}")[2]: child.text or "" for child in entity}
    names = {f"Name {n}": said.get(f"name{n}", said.get(f"Name{n}", "")) for n in range(1, 7)}
    return [names | {"Group ID": said.get("GroupID", ""), "Regime": said.get("RegimeName", ""),
                     "Country": said.get("Country", ""), "Listed On": said.get("DateListed", "")[:10],
                     "Name Non-Latin Script": said.get("NameNonLatinScript", "")}]  # fmt: skip


XML = {"sanctionEntity": _european, "Designation": _british, "FinancialSanctionsTarget": _british_older}
