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
    "10億": 1e9, "十億": 1e9, "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7, "千万": 1e7,
    "bin": 1e3, "milyon": 1e6, "milyar": 1e9, "万": 1e4, "萬": 1e4, "百萬": 1e6,
    "만": 1e4, "tn": 1e12, "trillion": 1e12, "trillions": 1e12, "mille": 1e3, "mil.": float("nan"),
}  # fmt: skip
MANY = re.compile(
    r"(?:(?<!\w)(?:thousands?|millions?|billions?|mio|mrd|tsd|thsd|mln|'?000s?|tausend|millionen|milliers|"
    r"miles|millones|crores?|lakhs?|bln|bil|bn|mds|mld|thd|tys|milliards?)(?!\w)|[千万百億亿])",
    re.IGNORECASE,
)  # multiples in words
POWERS = frozenset(10.0**k for k in range(13))
