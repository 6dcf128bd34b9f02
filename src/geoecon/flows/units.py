"""Units of values and weights as tables write them: `thousand USD`, `Mio. EUR`, `100 kg`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from geoecon.errors import InputError

CURRENCIES: Mapping[str, str] = {
    "usd": "USD", "us$": "USD", "us dollars": "USD", "us dollar": "USD", "u.s. dollars": "USD", "u.s. dollar": "USD",
    "dollars": "USD", "dollar": "USD", "$": "USD", "美元": "USD", "米ドル": "USD", "ドル": "USD", "달러": "USD",
    "dólares": "USD", "dolares": "USD", "us-dollar": "USD",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "ecu": "EUR", "欧元": "EUR", "ユーロ": "EUR",
    "jpy": "JPY", "yen": "JPY", "円": "JPY", "¥": "JPY", "日元": "JPY",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "人民币": "CNY", "元": "CNY",
    "krw": "KRW", "won": "KRW", "원": "KRW",
    "gbp": "GBP", "£": "GBP", "sterling": "GBP", "pounds sterling": "GBP",
    "chf": "CHF", "cad": "CAD", "aud": "AUD", "inr": "INR", "rupees": "INR", "brl": "BRL", "mxn": "MXN", "rub": "RUB",
    "try": "TRY", "twd": "TWD", "nt$": "TWD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK",
    "nzd": "NZD", "clp": "CLP", "cop": "COP", "ars": "ARS", "pen": "PEN", "sar": "SAR", "aed": "AED", "ils": "ILS",
    "huf": "HUF", "ron": "RON", "uah": "UAH", "kzt": "KZT", "ngn": "NGN", "egp": "EGP", "kes": "KES", "pkr": "PKR",
    "bdt": "BDT", "lkr": "LKR", "isk": "ISK", "bgn": "BGN", "mad": "MAD", "qar": "QAR", "kwd": "KWD", "mop": "MOP",
    "canadian dollars": "CAD", "canadian dollar": "CAD", "australian dollars": "AUD", "australian dollar": "AUD",
    "new zealand dollars": "NZD", "hong kong dollars": "HKD", "singapore dollars": "SGD", "taiwan dollars": "TWD",
    "hk$": "HKD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD", "nz$": "NZD", "r$": "BRL",
    "mx$": "MXN", "british pounds": "GBP", "swiss francs": "CHF", "chilean pesos": "CLP", "mexican pesos": "MXN",
    "pesos": "PESO", "peso": "PESO", "rupee": "INR", "rupiah": "IDR", "kronor": "KRONA", "kroner": "KRONE",
    "krona": "KRONA", "krone": "KRONE", "francs": "FRANC", "reais": "BRL", "ringgit": "MYR", "baht": "THB",
    "zloty": "PLN", "lira": "TRY", "dinars": "DINAR", "dinar": "DINAR", "dirhams": "DIRHAM", "riyals": "RIYAL",
    "roubles": "RUB", "rubles": "RUB", "hryvnia": "UAH", "tenge": "KZT", "shekels": "ILS", "forint": "HUF",
    "hkd": "HKD", "sgd": "SGD", "zar": "ZAR", "thb": "THB", "idr": "IDR", "vnd": "VND", "myr": "MYR", "php": "PHP",
}  # fmt: skip
MULTIPLES: Mapping[str, float] = {
    "thousand": 1e3, "thousands": 1e3, "thsd": 1e3, "thsd.": 1e3, "th.": 1e3, "tsd": 1e3, "tsd.": 1e3, "000": 1e3,
    "'000": 1e3, "k": 1e3, "1000": 1e3, "1,000": 1e3, "1.000": 1e3, "1 000": 1e3, "千": 1e3, "천": 1e3, "milliers": 1e3,
    "tausend": 1e3, "miles": 1e3, "mil": 1e3, "ths": 1e3, "ths.": 1e3, "thous": 1e3, "thous.": 1e3,
    "million": 1e6, "millions": 1e6, "mio": 1e6, "mio.": 1e6, "mn": 1e6, "mln": 1e6, "mill": 1e6, "mill.": 1e6,
    "m": 1e6, "millionen": 1e6, "millones": 1e6, "百万": 1e6, "백만": 1e6, "1000000": 1e6, "1,000,000": 1e6, "mm": 1e6,
    "000000": 1e6, "milhões": 1e6, "万": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8, "hundred": 1e2, "100": 1e2,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "mrd": 1e9, "mrd.": 1e9, "milliarden": 1e9, "milliards": 1e9,
    "10億": 1e9, "十億": 1e9,
}  # fmt: skip
TONNES: Mapping[str, float] = {
    "kg": 1e-3, "kgs": 1e-3, "kilogram": 1e-3, "kilograms": 1e-3, "kilogramme": 1e-3, "kilo": 1e-3, "kilos": 1e-3,
    "公斤": 1e-3, "千克": 1e-3, "キログラム": 1e-3, "g": 1e-6, "gram": 1e-6, "grams": 1e-6,
    "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "ton": 1.0, "tons": 1.0, "metric ton": 1.0, "metric tons": 1.0, "mt": 1.0,
    "吨": 1.0, "トン": 1.0, "톤": 1.0, "tonnen": 1.0, "toneladas": 1.0, "kt": 1e3, "kilotonnes": 1e3,
    "short ton": 0.90718474, "short tons": 0.90718474, "long ton": 1.0160469088, "long tons": 1.0160469088,
    "troy ounces": 3.11034768e-5, "troy ounce": 3.11034768e-5, "troy oz": 3.11034768e-5,
    "lb": 0.00045359237, "lbs": 0.00045359237, "pounds": 0.00045359237,
}  # fmt: skip
ONES = ("one", "ones", "unit", "units", "none", "1")  # a multiple that is none
COUNTS = ("number", "no", "pieces", "pcs", "units", "u", "items", "litre", "litres", "l", "m2", "m3", "pairs", "carat")
WORD = re.compile(r"us\s?\$|nt\$|u\.s\. dollars?|[€£¥$]|1[,. ]000[,. ]000|1[,. ]000|'?000|\d+|[^\W\d_]+\.?", re.UNICODE)


GLUED = re.compile(
    r"(?<!\w)(?:(k|m|mn|mio|mln|bn)(usd|eur|jpy|cny|krw|gbp|chf)|(usd|eur|jpy|cny|krw|gbp|chf)"
    r"(k|m|mn|mio|mln|bn))(?!\w)"
)  # MUSD, USDbn
MANY = re.compile(
    r"(?:(?<!\w)(?:thousands?|millions?|billions?|mio|mrd|tsd|thsd|mln|'?000s?|tausend|millionen|milliers|"
    r"miles|millones)(?!\w)|[千万百億亿])",
    re.IGNORECASE,
)  # multiples in words


@dataclass(frozen=True)
class Unit:
    """One of money (`code` a currency) or weight (`code` t): a cell times `factor` is in `code`."""

    code: str
    factor: float

    @property
    def money(self) -> bool:
        return self.code not in ("t", "")


def unit(text: str) -> Unit | None:
    """The unit that a word, a heading or a title says, such as `Value (1000 US$)`; None where it says none."""
    plain = " ".join(text.replace("_", " ").casefold().split())
    if not plain:
        return None
    plain = GLUED.sub(lambda found: " ".join(part for part in found.groups() if part), plain)
    for weight in (False, True):
        found = _named(plain, TONNES if weight else CURRENCIES)
        if found is None:
            continue
        name, rest = found
        factor = _multiple(rest)
        return Unit("t", TONNES[name] * factor) if weight else Unit(CURRENCIES[name], factor)
    return None


def _named(plain: str, names: Mapping[str, object]) -> tuple[str, str] | None:
    """The longest name in the text that stands by itself, and the text without it."""
    for name in sorted(names, key=len, reverse=True):
        wordy = name[0].isalnum() and name[-1].isalnum() and name.isascii()
        pattern = rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" if wordy else re.escape(name)
        if wordy and re.search(pattern, plain) is None and len(name) > 1:
            pattern = rf"(?<![^\W\d_]){re.escape(name)}(?![^\W_])"  # 1000usd, 100kg
        if re.search(pattern, plain):
            return name, re.sub(pattern, " ", plain, count=1)
    return None


def _multiple(rest: str) -> float:
    factor = 1.0
    for word in WORD.findall(rest):
        factor *= MULTIPLES.get(word, 1.0)
    return factor


def factors(given: str | float | Mapping[str, float] | None) -> dict[str, float]:
    """What the user says of units: {unit or currency in words: USD for one}; a bare number or unit stands under ''.

    A unit in words is one of USD and of no other currency: USD = 1 stands beside it.

    Raises InputError for a unit in words that is no multiple of USD.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(key): _positive(value, str(key)) for key, value in given.items()}
    try:
        return {"": _positive(float(given), "unit")}
    except ValueError:
        pass
    found = unit(str(given))
    if found is None or found.code != "USD":
        allowed = "a multiple of USD such as 'thousand USD', a number of USD for one, or {'thousand JPY': 6.7}"
        raise InputError(f"unit {given!r}; allowed: {allowed}")
    return {"": found.factor, "USD": 1.0}


def _positive(value: float, name: str) -> float:
    number = float(value)
    if not 0 < number < float("inf"):
        raise InputError(f"unit {name} {number:g}; allowed: a number above 0 (USD for one)")
    return number


def usd(text: str, given: Mapping[str, float]) -> float | None:
    """USD for one of the unit in words, by what the user gave or because it is a multiple of USD; None: not known.

    A currency that was given (JPY = 0.0067) serves its multiples too (thousand JPY).
    """
    plain = text.strip().casefold()
    for key, value in given.items():
        if key.strip().casefold() == plain:
            return value
    found = unit(text)
    if found is None or not found.money:
        return None
    for key, value in given.items():
        told = unit(key) if key else None
        if told is not None and told.code == found.code:
            return value / told.factor * found.factor
    return found.factor if found.code == "USD" else None


def words(known: Unit) -> str:
    """A unit of money in words: `thousand JPY`."""
    names = {1e2: "hundred ", 1e3: "thousand ", 1e6: "million ", 1e9: "billion ", 1.0: ""}
    return f"{names.get(known.factor, f'{known.factor:g} ')}{known.code}"
