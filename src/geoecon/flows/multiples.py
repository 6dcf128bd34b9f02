"""Multiples in words: thousand, Mio., 億, crore. A word that is a thousand here and a million there is not a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

MULTIPLES: Mapping[str, float] = {
    "thousand": 1e3, "thousands": 1e3, "thsd": 1e3, "thsd.": 1e3, "th.": 1e3, "tsd": 1e3, "tsd.": 1e3, "000": 1e3,
    "'000": 1e3, "k": 1e3, "1000": 1e3, "1,000": 1e3, "1.000": 1e3, "1 000": 1e3, "千": 1e3, "천": 1e3, "milliers": 1e3,
    "thd": 1e3, "thd.": 1e3, "tys": 1e3, "tys.": 1e3, "th": 1e3, "bln": 1e9, "bln.": 1e9, "bil": 1e9, "bil.": 1e9,
    "mds": 1e9, "mds.": 1e9, "md": 1e9, "mld": 1e9, "mld.": 1e9, "mlrd": 1e9, "mlrd.": 1e9, "mia": 1e9, "mia.": 1e9,
    "milliard": 1e9, "miliardi": 1e9, "millón": 1e6, "milioni": 1e6, "mila": 1e3, "migliaia": 1e3,
    "tausend": 1e3, "miles": 1e3, "mil": float("nan"), "ths": 1e3, "ths.": 1e3, "thous": 1e3, "thous.": 1e3,
    "million": 1e6, "millions": 1e6, "mio": 1e6, "mio.": 1e6, "mn": 1e6, "mln": 1e6, "mill": 1e6, "mill.": 1e6,
    "m": 1e6, "millionen": 1e6, "millones": 1e6, "百万": 1e6, "백만": 1e6, "1000000": 1e6, "1,000,000": 1e6, "mm": 1e6,
    "000000": 1e6, "milhões": 1e6, "億": 1e8, "亿": 1e8, "억": 1e8, "hundred": 1e2, "100": 1e2,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "mrd": 1e9, "mrd.": 1e9, "milliarden": 1e9, "milliards": 1e9,
    "10億": 1e9, "十億": 1e9, "lakh": 1e5, "lac": 1e5, "lacs": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
    "千万": 1e7,
    "bin": 1e3, "milyon": 1e6, "milyar": 1e9, "万": 1e4, "萬": 1e4, "百萬": 1e6,
    "duizend": 1e3, "miljoen": 1e6, "miljard": 1e9, "ribu": 1e3, "juta": 1e6, "miliar": 1e9, "triliun": 1e12,
    "tisíc": 1e3, "tisíce": 1e3, "tis.": 1e3, "milion": 1e6, "miliony": 1e6, "milionů": 1e6, "milionów": 1e6,
    "miliard": 1e9, "miliardy": 1e9, "tysiąc": 1e3, "tysiące": 1e3, "tysięcy": 1e3, "ezer": 1e3, "millió": 1e6,
    "milliárd": 1e9, "mii": 1e3, "milioane": 1e6, "miliarde": 1e9, "tuhat": 1e3, "tuhatta": 1e3, "milj.": 1e6,
    "miljoonaa": 1e6, "miljardia": 1e9, "tusen": 1e3, "tusental": 1e3, "miljoner": 1e6, "miljarder": 1e9,
    "tusind": 1e3, "tusinde": 1e3, "millioner": 1e6, "milliarder": 1e9, "tūkst": 1e3, "tūkst.": 1e3,
    "milhares": 1e3, "milhão": 1e6, "bilhões": 1e9, "millar": 1e3, "millares": 1e3, "millier": 1e3, "milione": 1e6,
    "тыс": 1e3, "тыс.": 1e3, "тысяч": 1e3, "тысячи": 1e3, "тысячах": 1e3, "тысяча": 1e3, "млн": 1e6, "млн.": 1e6,
    "миллион": 1e6, "миллионов": 1e6, "миллионы": 1e6, "миллионах": 1e6, "млрд": 1e9, "млрд.": 1e9,
    "миллиардов": 1e9, "тис": 1e3, "тис.": 1e3, "тисяч": 1e3, "хил.": 1e3, "хиляди": 1e3, "χιλ.": 1e3,
    "χιλιάδες": 1e3, "εκατ.": 1e6, "nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "พัน": 1e3, "ล้าน": 1e6,
    "ألف": 1e3, "مليون": 1e6, "مليار": 1e9, "兆": 1e12,
    "만": 1e4, "tn": 1e12, "trillion": 1e12, "trillions": 1e12, "mille": 1e3, "mil.": float("nan"),
}  # fmt: skip
SHORT = ("mil", "mii", "bin", "mill", "mille", "mila", "lac", "md", "th", "tn", "mm")  # words of other things too
_WORDS = {word.rstrip(".") for word in MULTIPLES if word.rstrip(".").isalpha() and word[0].upper() != word[0]}
_SPOKEN = "|".join(sorted((w for w in _WORDS if len(w) > 1 and w not in SHORT), key=len, reverse=True))
MANY = re.compile(rf"(?:(?<!\w)(?:{_SPOKEN}|'?000s?)(?!\w)|[千万百億亿])", re.IGNORECASE)  # multiples in words
POWERS = frozenset(10.0**k for k in range(13))
