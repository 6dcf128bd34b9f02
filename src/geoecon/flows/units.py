"""Units of values and weights as tables write them: `thousand USD`, `Mio. EUR`, `100 kg`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from geoecon.errors import InputError
from geoecon.flows.currencies import CURRENCIES, TONNES
from geoecon.flows.headings import known_headings
from geoecon.flows.multiples import MULTIPLES, POWERS

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


def unit(text: str, *, alone: bool = False) -> Unit | None:
    """The unit that a word, a heading or a line says, such as `Value (1000 US$)`: money before weight; None for none.

    Where it says two that differ, an amount that is no multiple (5 USD), or a word beside it that may be a multiple and
    that we do not know, the unit is one that nobody knows. `alone`: the text is a unit and nothing else, as a cell of a
    column of units, and every word of it must be known.
    """
    found = mentions(text, alone=alone)
    return found[0] if found else None


def mentions(text: str, *, alone: bool = False) -> list[Unit]:
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
        if _strange(tokens, k, alone=alone):
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


def beside(text: str) -> frozenset[str]:
    """The words of a unit that are no multiple, no currency and no filler: net, constant, SA."""
    price = ("current", "constant", "nominal", "real")
    told = {word for kind, word in _tokens(text) if kind == "other" or word in price}
    return frozenset(told - {"value", "values", "val", "unit", "units", "currency", "dollars", "dollar", *OF})


REMARKS = frozenset((  # words beside a unit that change nothing of its size
    "cif", "fob", "fas", "exw", "dap", "ddp", "cfr", "usd", "val", "value", "net", "gross", "total", "basis", "price",
    "prices", "exch", "rates", "and", "or", "by", "to", "from", "as", "with", "all", "each", "year", "month",
    "trade", "goods", "duty", "paid", "free", "est", "only", "imp", "exp", "im", "ex", "inc", "excl", "incl", "not",
    "sa", "nsa", "adj", "wgt", "mass", "qty", "wt", "dry", "wet", "new", "old", "on", "is", "are", "for", "no", "per",
    "se", "et", "und", "american", "usa", "сша", "eeuu", "unidos", "americani", "américains", "estadounidenses",
    "customs", "statistical", "declared", "reported", "unit", "units", "currency", "equivalent", "annual", "monthly",
    "yearly", "quarterly", "estimated", "figures", "data", "amounts", "totals", "flows", "volume", "adjusted", "before",
    "after", "excluding", "including", "freight", "insurance", "shipping", "exchange", "domestic", "foreign", "dollar",
    "thalat", "hracat", "ithalat", "ihracat", "verdi", "värde", "værdi", "waarde", "wartość", "hodnota", "érték",
    "valoare", "valore", "valori", "wert", "werte", "valeurs", "valores", "nilai", "стоимость", "değer", "vrednost",
    "rounded", "usage", "stock", "column", "table", "import", "imports", "export", "exports", "rate", "cost", "costs",
))  # fmt: skip
OTHERWISE = frozenset((  # words of headings and remarks that make another unit of it
    "constant", "real", "index", "share", "cents", "cent", "percent", "ppp", "growth", "deflated", "chained", "log",
))  # fmt: skip
OF = ("of", "de", "d", "di", "von", "van", "da", "do")  # between a multiple and its unit


@cache
def _words() -> frozenset[str]:
    """Words that stand in headings of tables and change nothing of a unit beside them."""
    known = {w for heading in known_headings() for w in re.findall(r"[^\W\d_]+", heading) if len(w) > 1}
    return (REMARKS | known) - OTHERWISE - set(MULTIPLES)


def _unknown(word: str, *, alone: bool) -> bool:
    """Whether a word beside a unit may be a multiple, or make another unit of it; words of Chinese, Japanese and Korean
    have no ends and count in a cell of units alone.
    """
    if word in ("%", "=") or not word.isalpha():
        return word in ("%", "=")
    return word not in _words() and (alone or not re.match(f"[{DENSE}]", word))


def _strange(tokens: Sequence[tuple[str, str]], place: int, *, alone: bool) -> bool:
    """Whether a word that we do not know stands beside a unit, where its multiple would: `USD B`, `duizend USD`.

    Behind it, in a sentence of many words, it counts inside brackets alone.
    """
    if alone and tokens[place][0] == "money":
        return any(word in OTHERWISE or (kind == "other" and _unknown(word, alone=True)) for kind, word in tokens)
    opened = any(word == "(" for _, word in tokens[:place]) and tokens[place - 1] != ("mark", ")")
    inside = opened and [word for _, word in tokens[:place]].count("(") > [w for _, w in tokens[:place]].count(")")
    before, after = place - 1, place + 1
    if tokens[place][0] != "money":
        near = (*tokens[max(before, 0) : place], *tokens[after : after + 1])
        return inside and any(k == "other" and len(w) < 6 and w.isascii() and _unknown(w, alone=False) for k, w in near)
    if before >= 0 and tokens[before][0] == "weight" and tokens[before][1] in ("g", "t"):
        return True  # t USD, g USD
    while before > 0 and tokens[before][0] == "link" and tokens[before][1] in OF:
        before -= 1
    behind = tokens[after : after + 1] if inside or len(tokens) < 7 else []
    return any(
        kind == "other" and _unknown(word, alone=False)
        for kind, word in (*tokens[max(before, 0) : before + 1], *behind)
    )


def _owner(tokens: Sequence[tuple[str, str]], start: int, end: int) -> int:
    """The unit that a run of multiples belongs to: the one right behind it, else the one before, else one behind."""
    kinds = [kind for kind, _ in tokens]
    at = end + (tokens[end : end + 1] in [[("link", word)] for word in OF])
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


DENSE = "\u0e00-\u0eff\u2e80-\u303f\u3041-\uffef"  # letters of scripts that write no blanks between words
FOREIGN = "美元|美金|日元|欧元|歐元|港元|港币|新臺幣|新台幣|人民币|人民幣"


@cache
def _pattern() -> re.Pattern[str]:
    """Names of money and weight, multiples, numbers and words between them, the longest first."""
    kinds = {"money": CURRENCIES, "weight": TONNES, "multiple": {w: 0 for w in MULTIPLES if not w[0].isdigit()}}
    parts = [r"(?P<number>10\^\d{1,2}|1e\d{1,2}(?![\d.])|\d{1,3}(?:[., \u00a0\u202f]\d{3})+(?!\d)|\d+)"]
    for kind, names in kinds.items():
        told = sorted(names, key=len, reverse=True)
        each = [rf"(?<![^\W\d_]){re.escape(n)}(?![^\W_])" if _spaced(n) and n[0].isalnum() and n[-1].isalnum()
                else rf"(?<![^\W\d_]){re.escape(n)}" if _spaced(n) and n[0].isalnum()
                else rf"(?:(?<=[千百万萬億亿兆仟천백만억])|(?<![{DENSE}])){n}(?![{DENSE}])" if n in "元円원"
                else re.escape(n)
                for n in told if not n.isdigit()]  # fmt: skip
        parts.append(f"(?P<{kind}>{'|'.join(each)})")
    link = r"of|in|at|current|constant|nominal|real|prices|the|us|u\.s\.|de|d|en|valued?|di|von|van|da|do"
    parts += [
        rf"(?P<link>(?<![^\W_])(?:{link})(?![^\W_]))",
        r"(?P<per>/|(?<![^\W_])(?:per|pro|par)(?![^\W_]))",
        r"(?P<mark>[,()])",
        rf"(?P<other>[{DENSE}]|[^\W\d_{DENSE}]+|[;:%=])",
    ]
    return re.compile("|".join(parts))


def _spaced(name: str) -> bool:
    """Whether a name is of a script with blanks between its words."""
    return re.search(f"[{DENSE}]", name) is None


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
    names = {1e2: "hundred ", 1e4: "10 thousand ", 1e7: "10 million ", 1e8: "100 million ", 1e3: "thousand ",
             1e6: "million ", 1e9: "billion ", 1.0: ""}  # fmt: skip
    return f"{names.get(known.factor, f'{known.factor:g} ')}{known.code}"
