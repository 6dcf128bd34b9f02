"""Units of a quantity of parts: kg, litres, metres, pieces and packages; what is none of them is no unit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from geoecon import flows
from geoecon.dates import TIMES

MASS: Mapping[str, float] = {"mg": 1e-6, "g": 1e-3, "gram": 1e-3, "grams": 1e-3, "kg": 1.0, "kgs": 1.0, "t": 1e3,
                             "to": 1e3, "ton": 1e3, "tons": 1e3, "tonne": 1e3, "tonnes": 1e3, "mt": 1e3,
                             "lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237, "pound": 0.45359237,
                             "oz": 0.028349523125, "ozt": 0.0311034768, "troy oz": 0.0311034768, "oz t": 0.0311034768,
                             "carat": 2e-4, "carats": 2e-4, "ct": 2e-4, "short ton": 907.18474,
                             "short tons": 907.18474, "long ton": 1016.0469088, "long tons": 1016.0469088,
                             "metric ton": 1e3, "metric tons": 1e3, "kilo": 1.0, "kilos": 1.0}  # fmt: skip
VOLUME: Mapping[str, float] = {"ml": 1e-3, "cl": 1e-2, "l": 1.0, "ltr": 1.0, "liter": 1.0, "litre": 1.0, "liters": 1.0,
                               "litres": 1.0, "hl": 1e2, "m3": 1e3, "m³": 1e3, "nm3": 1e3, "cbm": 1e3,
                               "us gal": 3.785411784, "imp gal": 4.54609}  # fmt: skip
LENGTH: Mapping[str, float] = {"mm": 1e-3, "cm": 1e-2, "meter": 1.0, "metre": 1.0, "meters": 1.0, "metres": 1.0,
                               "lfm": 1.0, "km": 1e3, "ft": 0.3048, "feet": 0.3048, "inch": 0.0254}  # fmt: skip
AREA: Mapping[str, float] = {"mm2": 1e-6, "mm²": 1e-6, "cm2": 1e-4, "cm²": 1e-4, "m2": 1.0, "m²": 1.0, "qm": 1.0,
                             "sqm": 1.0, "sq m": 1.0, "sq ft": 0.09290304, "sqft": 0.09290304, "ft2": 0.09290304,
                             "ft²": 0.09290304, "dm2": 1e-2, "dm²": 1e-2, "in²": 6.4516e-4,
                             "sq in": 6.4516e-4}  # fmt: skip
ENERGY: Mapping[str, float] = {"kwh": 1.0, "mwh": 1e3, "gwh": 1e6}
_OTHERWISE = ("m", "mm", "md", "mn", "tn", "th", "th.", "mille")  # metres, millimetres, tonnes: no multiples here
MULTIPLES = {word: size for word, size in flows.MULTIPLES.items() if word not in _OTHERWISE and not word[0].isdigit()}
MULTIPLES |= {"000": 1e3, "000s": 1e3, "hundreds": 1e2}
MANY = MULTIPLES | {
    "kpcs": 1e3,
    "k pcs": 1e3,
    "dozen": 12.0,
    "dozens": 12.0,
    "dz": 12.0,
    "doz": 12.0,
    "dtz": 12.0,
    "dutzend": 12.0,
    "ダース": 12.0,
    "gross": 144.0,
}
TENS = {word: size for word, size in MULTIPLES.items() if len(word) == 1 and not word.isascii()}
TENS |= {"十": 1e1, "십": 1e1, "百": 1e2, "백": 1e2}
_PIECES = (
    "pcs pc piece pieces ea each unit units item items part parts no nos st stk stck stück pièces"
    " pièce pce pces 個 件 个 枚 本 台 개"
)
PIECES = frozenset(_PIECES.split())
_PACKS = (
    "ampoule bag bar barrel batch block board bottle box bucket bundle can canister carat carton"
    " cartridge case cassette cell chip coil container crate cylinder die disc disk drum filter flask gallon"
    " ingot jar kit lot magnet mask module pack pad pair pallet panel plate rack reel rod roll rolle sack"
    " set sheet spool strip syringe tank tape target tin tray tube vial wafer mol"
)
PACKS = frozenset(_PACKS.split())
_MANY = rf"(?:\d+ ?)?[{''.join(TENS)}]+"  # 万, 10万, 百万
_COUNTED = "個|个|件|枚|本|台|개|箱"
_GLUED = re.compile(
    rf"(?:({_MANY}) ?({_COUNTED}|kg|t|トン|吨|톤)?|(\d+) ?({_COUNTED}))(?!\w)"
)  # 万個, 10万件, 천개, 5個
_PACKED = re.compile(rf"\b(?:{'|'.join(_PACKS.split())})(?:s|es)? (?:of|à|a|zu|de|x|×) ?(\d+)\b"
                     r"|\b(\d+) ?er[ -]?(?:pack|packung|box|gebinde)\b")  # fmt: skip
ALLOWED = "a number alone or with a unit that is known (kg, g, t, l, m², pcs, rolls, boxes, thousand)"
SIZES = {"mass": MASS, "volume": VOLUME, "length": LENGTH, "area": AREA, "energy": ENERGY, "pieces": MANY}


_ALONE = frozenset(("pcs", "pc", "piece", "pieces", "stk", "stck", "stück", "ea"))  # pieces outside of brackets
_HARMLESS = frozenset(("to", "gross", "each", "000"))  # words of a heading that are a unit in a cell alone
_OTHER = (
    "avg average mean median typical current available avail physical free net actual total latest forecast plan"
    " planned sap erp system usable unrestricted site all own max min estimate estimated est qty quantity of hand"
)
_NO_UNIT_WORDS = frozenset(_OTHER.split())
_THOUSANDS = re.compile(r"^[x×]? ?(1(?:[ ,.']?0)+)s?\b ?(.*)$")


@lru_cache(4096)
def unit_of(words: str) -> tuple[str, float]:
    """(kind, size): mass in kg, volume in litres, area in m², pieces; other words are kinds of their own.

    A multiple may stand before the unit: thousand pieces, 1000 kg.
    """
    for kind, sizes in SIZES.items():
        if words in sizes:
            return kind, sizes[words]
    if re.match(r"[^\W\d]+\. ?[^\W\d]", words):  # Tsd. Stk
        return unit_of(" ".join(words.replace(".", " ").split()))
    if (glued := _GLUED.fullmatch(words)) is not None:
        many, unit = (glued[1], glued[2]) if glued[1] else (glued[3], glued[4])
        kind, size = unit_of({"トン": "t", "吨": "t", "톤": "t"}.get(unit or "", unit or ""))
        digits = re.match(r"\d+", many)
        return kind or "pieces", float(digits[0] if digits else 1) * math.prod(
            TENS.get(sign, 1) for sign in many
        ) * size
    if words[:1] in TENS:
        kind, size = unit_of(words[1:].strip())
        return kind or "pieces", TENS[words[:1]] * size
    if (packed := _PACKED.fullmatch(words)) is not None:  # boxes of 100
        return "pieces", float(packed[1] or packed[2])
    if words in ("gal", "gals"):
        return "gallon", 1.0
    if words in PIECES:
        return "pieces", 1.0
    counted = _THOUSANDS.match(words)
    first, _, rest = words.partition(" ")
    if counted or (rest and first in MANY):
        many = 10.0 ** counted[1].count("0") if counted else MANY[first]
        kind, size = unit_of(counted[2].strip() if counted else rest)
        return kind or "pieces", many * size
    single = next((words.removesuffix(end) for end in ("s", "es", "n") if words.removesuffix(end) in PACKS), words)
    return single, 1.0


@lru_cache(4096)
def heading_unit(inside: str, plain: str) -> str:
    """The unit that a heading says, in its brackets or outside: `Stock (kg)`, `stock_kg`; empty where it says none."""
    said = (
        re.split(r"\s*(?:/|\bper\b|\bpro\b|\bpar\b)\s*", inside.strip().casefold())[0].removeprefix("in ").rstrip(".")
    )
    odd = not re.fullmatch(r"[^\W\d_]{3,}", said) or said in _NO_UNIT_WORDS
    many = any(word.strip(".") in MANY for word in said.split())
    for words in (said, plain):
        told = _PACKED.search(words) or next((one for one in _GLUED.finditer(words) if one[2] or one[4]), None)
        if told is not None:
            return told[0]
    if said and said not in TIMES and (is_unit(said) or not odd or many):
        return said
    if (longer := _of_words(said)) is not None:
        return longer
    counted = re.search(r"(?:\bin |\bx ?|×)(1(?: ?0)+)\b", plain)  # stock in 1000
    front = re.match(r"(\S+) (?:per|pro|je|par|por)\b", plain)
    if front is not None and any(front[1] in sizes for kind, sizes in SIZES.items() if kind != "pieces"):
        return front[1]  # kg per unit
    run: list[str] = [counted[1].replace(" ", "")] if counted is not None else []
    start = len(run)
    for word in plain.split()[1:]:
        sized = word not in _HARMLESS and any(word in sizes for sizes in SIZES.values())
        if sized or word in _ALONE:
            run.append(word)
        elif len(run) > start:
            break
    return " ".join(run)


def _of_words(said: str) -> str | None:
    """The unit among the words of a bracket: the first (kg, net); of another word before it (wet tons) the whole, which
    is a unit of its own. None where no word is a unit.
    """
    words = [word for word in re.split(r"[\s,;]+", said) if word and word not in _NO_UNIT_WORDS and word not in TIMES]
    sized = [word for word in words if unit_of(word)[0] in ("mass", "volume", "length", "area")]
    if not sized:
        return None
    return words[0] if words[0] in sized else " ".join(words)


def is_unit(words: str) -> bool:
    """Whether the words behind a number are a unit; `O` of `12O` is none."""
    kind, _ = unit_of(words)
    return not kind or kind in SIZES or kind in PACKS


def no_unit(words: str) -> str:
    """What is allowed in place of words that are no unit, with a letter that looks like a digit named."""
    letters = {"o": "zero", "l": "one", "i": "one"}
    first = words[:1]
    mixed = first in letters and not any(letter.isalpha() and letter not in letters for letter in words)
    return f"{ALLOWED}; is the letter {first!r} a {letters[first]}?" if mixed else ALLOWED
