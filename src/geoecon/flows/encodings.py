"""The encoding of a text file: Unicode by its marks, a code page by evidence, and never by wishful replacement."""

from __future__ import annotations

import codecs
import gzip
import re
import unicodedata
import zlib
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from geoecon.errors import Fault, InputError
from geoecon.flows.headings import known_headings

BLOCK = 1 << 20
PAGES = {"cp1252": "Windows-1252", "cp932": "Shift JIS (cp932)", "cp949": "EUC-KR (cp949)", "gb18030": "GB 18030"}
WESTERN = frozenset("äöüÄÖÜßéèêëàâáãåæçíìîïñóòôõøúùûýÿœÉÈÊÀÂÁÃÅÆÇÍÎÏÑÓÒÔÕØÚÛÙ°²³µ€£§«»–—’‘“”…\u00a0ºª®©¿¡×±·")

LOWER = frozenset("äöüßéèêëàâáãåæçíìîïñóòôõøúùûýœ")


def open_binary(path: Path) -> BinaryIO | gzip.GzipFile:
    """The file, unpacked if it is a gzip."""
    return gzip.open(path, "rb") if packed(path) else path.open("rb")


def packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def encoding_of(path: Path, name: str, given: str | None) -> tuple[str, list[str]]:
    """The encoding and, in words, what it is; the one that is given overrules all but is checked.

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
            start = file.read(64)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(Fault(name, None, None, f"gzip ends early or is damaged ({error})", "a whole file")) from None
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32", ["encoding UTF-32"]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ["encoding UTF-16"]
    if len(start) > 8:
        for side, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if not any(start[side::2]) and all(start[1 - side :: 2]):
                return encoding, [f"encoding {encoding.upper()} without a mark"]
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
        return _code_page(whole, name)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ["byte order mark in front"]
    return "utf-8", []


def _code_page(whole: bytes, name: str) -> tuple[str, list[str]]:
    """The page in which the first line has most known headings; Windows-1252 where all that is not ASCII are single
    Western letters inside words. Raises InputError for anything else."""
    at = _first_bad(whole)
    said = f"byte {at} is 0x{whole[at]:02X}: not UTF-8"
    page = _by_headings(whole)
    if page is None and _western(whole):
        page = "cp1252"
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


def _by_headings(whole: bytes) -> str | None:
    """The page of a header that is not ASCII, by how many of its headings we know; None where that does not tell."""
    for line in whole.splitlines()[:20]:
        if line.isascii():
            continue
        counts = {}
        for page in PAGES:
            cells = re.split(r"[,;\t|]", line.decode(page, errors="replace"))
            told = [cell.strip().strip('"').casefold() for cell in cells]
            counts[page] = sum(cell in known_headings() and not cell.isascii() for cell in told)
        best = max(counts, key=lambda page: counts[page])
        if counts[best] and list(counts.values()).count(counts[best]) == 1:
            return best
    return None


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
