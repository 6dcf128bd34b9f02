"""Product codes as text: how sources spell them, HS revisions, and correspondences between revisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

REVISIONS = {
    "H0": "HS92", "H1": "HS96", "H2": "HS02", "H3": "HS07", "H4": "HS12", "H5": "HS17", "H6": "HS22",
}  # fmt: skip
ALLOWED = "2, 4, 6, 8 or 10 digits as text, leading zeros kept; classification='SITC' for SITC, "
ALLOWED += "'FAO' for FAOSTAT's items"
STATISTICAL = {"JPN": 9, "TWN": 11, "THA": 11, "TUR": 12}  # digits of a country's own codes, where HS has not so many
DIGITS = (2, 4, 6, 8, 10)
GOODS = r"(commodit(y|ies)|products?|goods|merchandise|items?|trade|imports?|exports?|sectors|categories|chapters|hs)"
TOTAL = re.compile(  # all products in one row: never counted beside them
    rf"^((grand|world|sub|sum)[ -]?)?totals?$"
    rf"|^(total|all)[ :_-]+(of )?(all )?(the )?{GOODS}\b|^ag[246]$|^all$|^0+$|^_t$"
    r"|^waren insgesamt$|^alle waren$|^insgesamt$|^tous( les)? produits$|^ensemble( des produits)?$"
    r"|^todos (los|os) produ[ct]tos$"
    r"|^(总计|總計|合计|合計|总额|總額|総額|全部商品|총계|합계|전체)$"
)
_PREFIX = re.compile(  # the system before the digits, in the languages of its offices, with its edition or its length
    r"^(?:HSK|HS|CN|(?:HSN|WA|SH|HTSUS|HTS|NCM|NC|KN|TARIC)(?=[ .:_-]|\d{4}|\d\d?[ :_-])|H[0-6](?=[ :_-]))"
    r"(?: ?codes?(?=[ .:_-]))?(?P<rest>[ .:_-]*\d.*)$",
    re.IGNORECASE,
)
_EDITION = re.compile(r"^ ?(?:(?:19|20)?(?:88|92|96|02|07|12|17|22|28))[ :_-]+(?=\d{4})")
_LENGTH = re.compile(r"^ ?(2|4|6|8|10)[ :_-]+(\d[\d. -]*)$")
_WORD = re.compile(r"^[^\W\d][^\d]{0,15}[ .:_-]+(?=\d)[\d. -]+$")
_RANGE = re.compile(r"^(\d{2,10})\s*(?:-|–|—|to|bis)\s*(\d{2,10})$")
_SCIENTIFIC = re.compile(r"^\d+(\.\d+)?[eE][+-]?\d+$")
SUPPRESSED = r"^[0-9]{2,8}[SXYZ]{2,}[0-9A-Z]*$"  # confidential trade: digits, then letters in the place of digits
_SUPPRESSED = re.compile(SUPPRESSED)
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_.:+ -]*$")


@dataclass(frozen=True)
class Code:
    """A product code in the form that we keep, and whether that took a change; `problem` says why there is none."""

    text: str
    changed: bool = False
    problem: str = ""


def normalise(raw: str, classification: str = "hs", *, national: int = 0) -> Code:
    """The code without apostrophe, prefix, dots, blanks and a spreadsheet's trailing .0. Never pads with zeros.

    Names of products (with a letter in front) stay as they are. A number in scientific notation and an odd count
    of digits come back with a problem: what was lost cannot be guessed. SITC and BEC have codes of one to five digits,
    items of FAOSTAT of one to four, kept as FAO236: 15 does not contain 156;
    `national` is one more count of digits, that of a country's statistical codes (Japan 9, Taiwan 11).
    """
    text = raw.strip()
    if classification == "fao" and re.fullmatch(r"'?[0-9]{1,4}", text):
        return Code(f"FAO{text.strip(chr(39))}", changed=True)
    if len(raw) in DIGITS and raw.isascii() and raw.isdigit() and raw.strip("0"):
        return Code(raw)
    folded = _folded(text)
    if is_total(text) or (text.isascii() and text.isdigit() and len(text) in DIGITS):
        return Code(text)
    plain = folded.strip("'’`\"\u00a0 ").strip()
    if _SCIENTIFIC.match(plain):
        return Code(text, problem="number in scientific notation: digits are lost")
    if (cut := _without_system(plain)) is None:
        return Code(text, problem="an edition and a code, or one code")
    plain = cut
    if re.fullmatch(r"\d+\.0", plain):
        plain = plain[:-2]
    if re.fullmatch(r"\d{6}\.0+", plain):
        return Code(text, problem="six digits and decimals: a number or a longer code")
    several = _RANGE.match(plain)
    if several and len(several[1]) == len(several[2]) and several[1] < several[2]:
        return Code(text, problem=f"{several[1]} to {several[2]}, a range, or one code with a hyphen")
    digits = re.sub(r"[.\s\u00a0\u202f-]", "", plain)
    if digits.isascii() and digits.isdigit():
        few = classification in ("sitc", "bec")
        allowed = (*DIGITS, national) if national else (1, 2, 3, 4, 5) if few else DIGITS
        if len(digits) in allowed:
            return Code(digits, changed=digits != raw)
        return Code(text, problem=_odd(len(digits)))
    if _SUPPRESSED.match(plain.upper()):
        return Code(plain.upper(), changed=plain.upper() != raw)
    if _NAME.match(text):
        return Code(text, changed=text != raw)
    return Code(text, problem="no product code")


def _folded(text: str) -> str:
    """The text with digits of other scripts and full-width signs as plain ones."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c
        for c in text
    )


def _without_system(text: str) -> str | None:
    """The code behind HS, SH, CN8, HS2022 and the like; None where an edition may be digits of the code."""
    found = _PREFIX.match(text)
    if found is None:
        return text
    rest = found["rest"]
    sized = _LENGTH.match(rest)
    if sized and len(re.sub(r"[. -]", "", sized[2])) == int(sized[1]):
        return sized[2]
    edition = _EDITION.match(rest)
    if edition is None:
        return rest.lstrip(" .:_-")
    code = rest[edition.end() :]
    if re.match(r" ?20(02|07)", rest) and re.fullmatch(r"\d{4}", code):  # 2002 and 2007 are headings as well
        return None
    return code


def word_before(text: str) -> bool:
    """Whether a name is a word and the digits of a code: No. 8542.31, ex 8542."""
    digits = sum(c.isdigit() for c in text)
    return digits in DIGITS[1:] and _WORD.match(_folded(text.strip())) is not None


def _odd(count: int) -> str:
    """What a count of digits that HS has not may be."""
    if count == 9:
        return "9 digits: Japan's statistical code (cut to 6), or a zero was lost"
    lost = f"{count} digits: a zero in front or a digit at the end was lost"
    return f"{lost}, or SITC{' or FAOSTAT' * (count < 4)}" if count in (1, 3, 5) else lost


def is_total(code: str) -> bool:
    """Whether a code or name stands for all products together: TOTAL, All commodities."""
    return TOTAL.match(" ".join(code.casefold().split())) is not None


def is_section(code: str) -> bool:
    """Whether the code is that of a section of the HS: I to XXI, a sum of chapters."""
    plain = code.strip().upper().removeprefix("SECTION").strip()
    return re.fullmatch(r"XXI?|X?(IX|IV|V?I{1,3}|V)|X", plain) is not None


def is_unspecified(code: str) -> bool:
    """Whether the code says that the product is not specified (9999, what stands below it, 2804SSSS, 99YY)."""
    return code.startswith("9999") or code == "99" or bool(_SUPPRESSED.match(code))


def revision(text: str) -> str:
    """HS revision as HSyy from BACI (HS17), Comtrade (H5) or plain text; SITC, BEC and FAO as they are; else empty."""
    plain = text.strip().upper().replace(" ", "")
    if plain in REVISIONS:
        return REVISIONS[plain]
    found = re.fullmatch(r"HS(?:19|20)?(\d{2})", plain)
    if found:
        return f"HS{found[1]}"
    return plain if re.fullmatch(r"S[1-4]|SITC[1-4]?|BEC[45]?|B[45]|BE|FAO", plain) else ""


def groups(correspondence: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Code -> name of its group, for a correspondence of old codes to new ones.

    Codes that are linked by any chain of splits and mergers form one group, named by its old codes: a series over
    revisions is comparable for groups only, whatever the weights.
    """
    parent: dict[str, str] = {}

    def root(code: str) -> str:
        parent.setdefault(code, code)
        while parent[code] != code:
            parent[code] = parent[parent[code]]
            code = parent[code]
        return code

    for old, new in correspondence.items():
        for code in new:
            parent[root(code)] = root(old)
    olds: dict[str, list[str]] = {}
    for old in correspondence:
        olds.setdefault(root(old), []).append(old)
    return {code: "+".join(sorted(olds[root(code)])) for code in parent if root(code) in olds}
