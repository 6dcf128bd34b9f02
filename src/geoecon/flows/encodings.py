"""The encoding of a text file: Unicode by its marks, a code page by evidence, and never by wishful replacement."""

from __future__ import annotations

import codecs
import gzip
import re
import unicodedata
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.flows.headings import known_headings

BLOCK = 1 << 20
PAGES = {"cp1252": "Windows-1252", "cp932": "Shift JIS (cp932)", "cp949": "EUC-KR (cp949)", "gb18030": "GB 18030",
         "euc_jp": "EUC-JP", "big5": "Big5", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "koi8-r": "KOI8-R",
         "cp1254": "Windows-1254", "cp1253": "Windows-1253", "cp850": "DOS 850", "cp866": "DOS 866",
         "mac_roman": "Mac Roman"}  # fmt: skip
WESTERN = frozenset("äöüÄÖÜßéèêëàâáãåæçíìîïñóòôõøúùûýÿœÉÈÊÀÂÁÃÅÆÇÍÎÏÑÓÒÔÕØÚÛÙ°²³µ€£§«»–—’‘“”…\u00a0ºª®©¿¡×±·")

LOWER = frozenset("äöüßéèêëàâáãåæçíìîïñóòôõøúùûýœ")


def open_binary(path: Path) -> BinaryIO | gzip.GzipFile:
    """The file, unpacked if it is a gzip."""
    return gzip.open(path, "rb") if packed(path) else path.open("rb")


def packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def encoding_of(
    path: Path, name: str, given: str | None, known: Callable[[str], bool] | None = None
) -> tuple[str, list[str]]:  # fmt: skip
    """The encoding and, in words, what it is; the one that is given overrules all but is checked.

    `known` says whether a text is a heading of such a table, where it is none of flows.

    Raises InputError where the bytes are not UTF-8 and nothing tells what they are: with line, byte and advice.
    """
    if given is not None:
        try:
            codecs.lookup(given)
        except LookupError:
            raise InputError(f"encoding {given!r}; allowed: utf-8, cp932, cp1252, gb18030, cp949 and so on") from None
        return given, [f"encoding {given}, as asked for"] if codecs.lookup(given).name != "utf-8" else []
    try:
        with open_binary(path) as file:
            start = file.read(4096)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(Fault(name, None, None, f"gzip ends early or is damaged ({error})", "a whole file")) from None
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32", ["encoding UTF-32"]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ["encoding UTF-16"]
    if (wide := _without_mark(start)) is not None:
        return wide, [f"encoding {wide.upper()} without a mark"]
    if b"\x1b$B" in start or b"\x1b$@" in start:
        return "iso2022_jp", ["encoding ISO-2022-JP"]
    decoder, place, head = codecs.getincrementaldecoder("utf-8")(), 0, b""
    try:
        with open_binary(path) as blocks:
            while block := blocks.read(BLOCK):
                head = head or block[:3]
                decoder.decode(block)
                place += len(block)
            decoder.decode(b"", final=True)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(Fault(name, None, None, f"gzip ends early or is damaged ({error})", "a whole file")) from None
    except UnicodeDecodeError:
        with open_binary(path) as blocks:
            whole = blocks.read(place + 2 * BLOCK)
        return _code_page(whole, name, known or (lambda cell: cell in known_headings()))
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ["byte order mark in front"]
    return "utf-8", []


def _code_page(whole: bytes, name: str, known: Callable[[str], bool]) -> tuple[str, list[str]]:
    """The page in which the first line has most known headings; Windows-1252 where all that is not ASCII are single
    Western letters inside words. Raises InputError for anything else."""
    at = _first_bad(whole)
    said = f"byte {at} is 0x{whole[at]:02X}: not UTF-8"
    page = _by_headings(whole, known) or ("cp1252" if _western(whole) else _by_names(whole))
    if page is not None:
        return page, [f"encoding {PAGES[page]} ({said})"]
    shown = [f"{page} {text!r}" for page in OTHERS if (text := _shown(whole, page))]
    likely = f"; the first words that are not ASCII by encoding: {', '.join(shown)}" if shown else ""
    line = whole.count(b"\n", 0, at) + 1
    allowed = f"UTF-8, or encoding= the one it is written in (--encoding cp932 for Japanese Windows){likely}"
    raise InputError(Fault(name, line, None, f"{said}, and which encoding it is cannot be told", allowed))


OTHERS = ("cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1251", "koi8-r", "cp1250", "cp1252", "cp1253", "cp1254",
          "cp1255", "cp1256", "tis-620")  # fmt: skip
EAST = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA", "FULLWIDTH", "BOPOMOFO"))


def _shown(whole: bytes, page: str) -> str:
    """The first cell that is not ASCII as a page has it; empty where its bytes are no words of one script in it."""
    try:
        text = whole[:BLOCK].rpartition(b"\n")[0].decode(page) or whole.decode(page)
    except UnicodeDecodeError:
        return ""
    found = [word for word in re.findall(r"[^\s,;|\"]+", text) if not word.isascii()][:50]
    return "" if not all(map(_word, found)) else " ".join(found[:2])[:12]


def _word(text: str) -> bool:
    """Whether a text is a word: letters of one script (with some of China, Japan and Korea together), no capital
    behind a small letter, few other signs."""
    scripts = {unicodedata.name(character, "?").split()[0] for character in text if character.isalpha()}
    others = sum(not character.isalnum() and unicodedata.category(character)[0] != "M" for character in text)
    return (
        len(scripts) > 0
        and (len(scripts) == 1 or scripts <= EAST)
        and not scripts & {"?", "HALFWIDTH"}
        and others <= len(text) / 4
        and not any(unicodedata.category(character) in ("Co", "Cc", "Cf", "Cn") for character in text)
        and not any(a.islower() and b.isupper() for a, b in pairwise(text))
    )


def _without_mark(start: bytes) -> str | None:
    """UTF-16 without a mark: zeros stand in one half of the bytes alone, as beside digits and commas; else None."""
    zeros = [start[side::2].count(0) for side in (0, 1)]
    if len(start) < 9 or min(zeros) > 0 or max(zeros) < len(start) / 20:
        return None
    return "utf-16-le" if zeros[1] else "utf-16-be"


def _by_headings(whole: bytes, known: Callable[[str], bool]) -> str | None:
    """The page of a header that is not ASCII, by how many of its headings we know; None where that does not tell."""
    for line in whole.splitlines()[:20]:
        if line.isascii():
            continue
        found = _most(line, known)
        if found is not None:
            return found
    return None


def _by_names(whole: bytes) -> str | None:
    """The page in which most cells that are not ASCII are names of countries; None where that does not tell."""
    lines = [line for line in whole[:BLOCK].splitlines()[:2000] if not line.isascii()]
    return _most(b"\n".join(dict.fromkeys(lines)), _country)


def _country(cell: str) -> bool:
    """Whether a cell is a name of a country."""
    try:
        return bool(countries.resolve(cell).iso3)
    except InputError:
        return False


def _most(text: bytes, known: Callable[[str], bool]) -> str | None:
    """The one page in which most cells that are not ASCII are known, or the first of those that read the text alike."""
    counts: dict[str, int] = {}
    read: dict[str, str] = {}
    for page in PAGES:
        try:
            read[page] = text.decode(page)
        except UnicodeDecodeError:
            continue
        cells = {cell.strip().strip('"').casefold() for cell in re.split(r"[,;\t|\n]", read[page])}
        counts[page] = sum(not cell.isascii() and known(cell) for cell in cells)
    best = [page for page in counts if counts[page] == max(counts.values())]
    return best[0] if best and counts[best[0]] and len({read[page] for page in best}) == 1 else None


def _western(whole: bytes) -> bool:
    """Whether every byte beyond ASCII is by itself a Western letter of Windows-1252."""
    found = {run.decode("cp1252", errors="replace") for run in re.findall(rb"[\x80-\xff]+", whole)}
    if any(len(run) > 2 or (len(run) == 2 and not set(run) <= LOWER) for run in found):
        return False
    return all(character in WESTERN for run in found for character in run)


def _first_bad(whole: bytes) -> int:
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(whole) - 1
