"""Units of values and weights as tables write them: `thousand USD`, `Mio. EUR`, `100 kg`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geoecon.errors import InputError
from geoecon.flows.multiples import MULTIPLES, POWERS

CURRENCIES: Mapping[str, str] = {
    "usd": "USD", "us$": "USD", "us dollars": "USD", "us dollar": "USD", "u.s. dollars": "USD", "u.s. dollar": "USD",
    "dollars": "USD", "dollar": "USD", "$": "USD", "美元": "USD", "美金": "USD",
    "歐元": "EUR", "港元": "HKD", "港币": "HKD", "新臺幣": "TWD", "新台幣": "TWD", "人民幣": "CNY",
    "米ドル": "USD", "ドル": "USD", "달러": "USD",
    "dólares": "USD", "dolares": "USD", "dolar": "USD", "us-dollar": "USD",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "ecu": "EUR", "欧元": "EUR", "ユーロ": "EUR",
    "jpy": "JPY", "yen": "JPY", "円": "JPY", "¥": "JPY", "日元": "JPY",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "人民币": "CNY", "元": "CNY",
    "krw": "KRW", "won": "KRW", "원": "KRW",
    "gbp": "GBP", "£": "GBP", "sterling": "GBP", "pounds sterling": "GBP",
    "chf": "CHF", "cad": "CAD", "aud": "AUD", "inr": "INR", "rupees": "INR", "₹": "INR",
    "rs.": "RUPEE", "brl": "BRL", "mxn": "MXN", "rub": "RUB",
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
TONNES: Mapping[str, float] = {
    "kg": 1e-3, "kgs": 1e-3, "kgm": 1e-3,
    "kilogram": 1e-3, "kilograms": 1e-3, "kilogramme": 1e-3, "kilo": 1e-3, "kilos": 1e-3,
    "公斤": 1e-3, "千克": 1e-3, "キログラム": 1e-3, "g": 1e-6, "gram": 1e-6, "grams": 1e-6,
    "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "ton": 1.0, "tons": 1.0, "metric ton": 1.0, "metric tons": 1.0, "mt": 1.0,
    "吨": 1.0, "トン": 1.0, "톤": 1.0, "tonnen": 1.0, "toneladas": 1.0, "kt": 1e3, "kilotonnes": 1e3,
    "short ton": 0.90718474, "short tons": 0.90718474, "long ton": 1.0160469088, "long tons": 1.0160469088,
    "troy ounces": 3.11034768e-5, "troy ounce": 3.11034768e-5, "troy oz": 3.11034768e-5,
    "lb": 0.00045359237, "lbs": 0.00045359237, "pounds": 0.00045359237,
}  # fmt: skip
ONES = ("one", "ones", "unit", "units", "none", "1")  # a multiple that is none
COUNTS = ("number", "no", "pieces", "pcs", "units", "u", "items", "litre", "litres", "l", "m2", "m3", "pairs", "carat")
GLUED = re.compile(
    r"(?<!\w)(?:(k|m|mn|mio|mln|bn)(usd|eur|jpy|cny|krw|gbp|chf)|(usd|eur|jpy|cny|krw|gbp|chf)"
    r"(k|m|mn|mio|mln|bn))(?!\w)"
)  # MUSD, USDbn


@dataclass(frozen=True)
class Unit:
    """One of money (`code` a currency) or weight (`code` t): a cell times `factor` is in `code`."""

    code: str
    factor: float

    @property
    def money(self) -> bool:
        return self.code not in ("t", "")


def unit(text: str) -> Unit | None:
    """The unit that a word, a heading or a line says, such as `Value (1000 US$)`: money before weight; None for none.

    Where it says two that differ, or an amount that is no multiple (5 USD), the unit is one that nobody knows.
    """
    found = mentions(text)
    return found[0] if found else None


def mentions(text: str) -> list[Unit]:
    """One unit of money and one of weight that a text says, each with the multiples that stand beside it."""
    tokens = _tokens(text)
    places = [k for k, (kind, _) in enumerate(tokens) if kind in ("money", "weight")]
    if not places:
        return []
    owned: dict[int, list[float]] = {k: [] for k in places}
    k = 0
    while k < len(tokens):
        end = k
        while end < len(tokens) and tokens[end][0] in ("number", "multiple"):
            end += 1
        if end > k:
            owner = _owner(tokens, k, end)
            if owner >= 0:
                owned[owner].append(_product([word for _, word in tokens[k:end]]))
        k = max(end, k + 1)
    for k in places:
        if _strange(tokens, k):
            owned[k].append(float("nan"))
    made = []
    for kind in UNITS:
        said: set[tuple[str, float]] = set()
        for p in (p for p in places if tokens[p][0] == kind):
            name, factor = tokens[p][1], _common(owned[p])
            said.add((CURRENCIES[name], factor) if kind == "money" else ("t", factor * TONNES[name]))
        said = {(code, f) for code, f in said if not (kind == "money" and f == 1.0 and len(said) > 1
                and any(c == code and o != 1.0 for c, o in said))}  # fmt: skip
        if kind == "money" and _divided(tokens):
            said = {(f"{code} by weight", factor) for code, factor in said}
            made.append(Unit(f"{' or '.join(sorted(code for code, _ in said))} (a price)", 1.0))
        elif len(said) == 1 and all(f == f for _, f in said):
            code, factor = said.pop()
            made.append(Unit(code, factor))
        elif said and kind == "weight":
            made.append(Unit("t", float("nan")))
        elif said:
            made.append(Unit(" or ".join(sorted(words(Unit(*one)) for one in said)) + f" {UNCLEAR}", 1.0))
    return made


REMARKS = frozenset((  # short words beside a unit that change nothing of its size
    "cif", "fob", "fas", "exw", "dap", "ddp", "cfr", "usd", "val", "value", "net", "gross", "total", "basis", "price",
    "prices", "exch", "rate", "rates", "and", "or", "by", "to", "from", "as", "with", "all", "each", "year", "month",
    "trade", "goods", "duty", "paid", "free", "est", "only", "imp", "exp", "im", "ex", "inc", "excl", "incl", "not",
    "sa", "nsa", "adj", "wgt", "mass", "qty", "wt", "dry", "wet", "new", "old", "on", "is", "are", "for", "no", "per",
    "se", "et", "und",
))  # fmt: skip


def _strange(tokens: Sequence[tuple[str, str]], place: int) -> bool:
    """Whether a short word that we do not know stands beside a unit, where its multiple would: `USD B`, `(xyz USD)`.

    Before a unit it counts inside brackets alone, where a heading has its words.
    """
    opened = any(word == "(" for _, word in tokens[:place]) and tokens[place - 1] != ("mark", ")")
    inside = opened and [word for _, word in tokens[:place]].count("(") > [w for _, w in tokens[:place]].count(")")
    before, after = tokens[place - 1 : place] if place else [], tokens[place + 1 : place + 2]
    money = tokens[place][0] == "money"
    if money and before and before[0][0] == "weight" and before[0][1] in ("g", "t"):
        return True  # t USD, g USD
    longest = 5 if inside else 4 if len(tokens) < 7 else 0  # a sentence has many short words
    for kind, word in (*(before if inside or (before and len(before[0][1]) == 1) else []), *after):
        if kind == "other" and word.isalpha() and word.isascii() and len(word) <= longest and word not in REMARKS:
            return True
    return False


def _owner(tokens: Sequence[tuple[str, str]], start: int, end: int) -> int:
    """The unit that a run of multiples belongs to: the one right behind it, else the one before, else one behind."""
    kinds = [kind for kind, _ in tokens]
    at = end + (tokens[end : end + 1] in ([("link", "of")], [("link", "de")], [("link", "d")]))
    if at < len(tokens) and kinds[at] in UNITS:
        return at
    for step, k in ((-1, start - 1), (1, end)):
        while 0 <= k < len(tokens) and kinds[k] in ("link", "mark"):
            k += step
        if 0 <= k < len(tokens) and kinds[k] in UNITS:
            return k
    return -1


def _divided(tokens: Sequence[tuple[str, str]]) -> bool:
    """Whether money stands by weight or by other money: USD/kg, yen per dollar."""
    kinds = [kind for kind, _ in tokens if kind != "link"]
    return any(kinds[k] == "money" and kinds[k + 1] == "per" and kinds[k + 2] in UNITS for k in range(len(kinds) - 2))


UNITS = ("money", "weight")
UNCLEAR = "(which of them, the table does not say)"
UNSAID = (UNCLEAR, "not said")  # ends the words of a unit that the user may say


def _common(factors: Sequence[float]) -> float:
    """The one multiple that is said once or in two ways; not a number where they differ."""
    return factors[0] if factors and len(set(factors)) == 1 else float("nan") if factors else 1.0


def _product(found: Sequence[str]) -> float:
    """A run of numbers and multiples, such as 10 million; not a number for one that is no multiple."""
    factor = 1.0
    for word in found:
        known = MULTIPLES.get(word, MULTIPLES.get(word.rstrip(".")))
        if known is None:
            number = float(re.sub(r"[,.\s](?=\d{3})", "", word.replace("^", "e").replace("10e", "1e")))
            known = number if number in POWERS else float("nan")
        factor *= known
    return factor


FOREIGN = "美元|美金|日元|欧元|歐元|港元|港币|新臺幣|新台幣|人民币|人民幣"


@cache
def _pattern() -> re.Pattern[str]:
    """Names of money and weight, multiples, numbers and words between them, the longest first."""
    kinds = {"money": CURRENCIES, "weight": TONNES, "multiple": {w: 0 for w in MULTIPLES if not w[0].isdigit()}}
    parts = [r"(?P<number>10\^\d{1,2}|1e\d{1,2}(?![\d.])|\d{1,3}(?:[., \u00a0\u202f]\d{3})+(?!\d)|\d+)"]
    for kind, names in kinds.items():
        told = sorted(names, key=len, reverse=True)
        each = [rf"(?<![^\W\d_]){re.escape(n)}(?![^\W_])" if n.isascii() and n[0].isalnum() and n[-1].isalnum()
                else rf"(?<![^\W\d_]){re.escape(n)}" if n.isascii() and n[0].isalnum() else re.escape(n)
                for n in told if not n.isdigit()]  # fmt: skip
        parts.append(f"(?P<{kind}>{'|'.join(each)})")
    link = r"of|in|at|current|constant|nominal|real|prices|the|us|u\.s\.|de|d|en|valued?"
    parts += [
        rf"(?P<link>(?<![^\W_])(?:{link})(?![^\W_]))",
        r"(?P<per>/|(?<![^\W_])(?:per|pro|par)(?![^\W_]))",
        r"(?P<mark>[,()])",
        r"(?P<other>[^\W\d_]+|[;:])",
    ]
    return re.compile("|".join(parts))


def _tokens(text: str) -> list[tuple[str, str]]:
    plain = " ".join(text.replace("_", " ").casefold().split())
    plain = GLUED.sub(lambda found: " ".join(part for part in found.groups() if part), plain)
    plain = re.sub(r"(천|백만|억|만)\s?불(?!\w)", r"\1달러", plain)  # as Korea's customs writes dollars
    plain = re.sub(rf"({FOREIGN})([千百万萬亿億]+)元", r"\2\1", plain)
    plain = re.sub(r"[x×*] ?(?=10{2,}\b|1[ ,.]000\b)", " ", plain)  # USD x1000
    plain = re.sub(r"\bten (?=thousand|million)", "10 ", plain)
    if re.search(r"valor|importa|exporta|d[oó]lares|us\$", plain):
        plain = re.sub(r"\bmil\b(?!\.)", "thousand", plain)  # in Spanish and Portuguese
    plain = re.sub(r"\b(19|20)(?!00\b)\d\d\b", " ", plain)  # a year is no multiple
    return [(str(found.lastgroup), found[0]) for found in _pattern().finditer(plain)]


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


def usd(found: Unit | None, given: Mapping[str, float], text: str = "") -> float | None:
    """USD for one of a unit, by what the user gave for it (or for the `text` that says it) or because it is a multiple
    of USD; None: not known.

    A currency that was given (JPY = 0.0067) serves its multiples too (thousand JPY).
    """
    plain = text.strip().casefold()
    for key, value in given.items():
        if plain and key.strip().casefold() == plain:
            return value
    if found is None or not found.money:
        return None
    for key, value in given.items():
        told = unit(key) if key else None
        if told is not None and told.code == found.code:
            return value / told.factor * found.factor
    return found.factor if found.code == "USD" else None


def words(known: Unit) -> str:
    """A unit of money in words: `thousand JPY`."""
    if known.factor != known.factor:
        return f"a number of {known.code} that is no multiple"
    names = {
        1e2: "hundred ",
        1e4: "10 thousand ",
        1e7: "10 million ",
        1e8: "100 million ",
        1e3: "thousand ",
        1e6: "million ",
        1e9: "billion ",
        1.0: "",
    }
    return f"{names.get(known.factor, f'{known.factor:g} ')}{known.code}"
