"""Items in words: codes, titles, aliases, list numbers, customs codes of any length and trade names.

What may be several items is a choice, never a guess and never a refusal."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from geoecon.errors import InputError
from geoecon.law import list_numbers
from geoecon.law.classify import OUTSIDE
from geoecon.law.read_regimes import load_regimes
from geoecon.law.regime import Regime, folded
from geoecon.law.schema import Row
from geoecon.tables import packaged

PREFIX = re.compile(
    r"^(?:hs|hts|htsus|cn|taric|hsk|eccn|customs|tariff|list)(?:[ -]?(?:code|number|no\.?|heading))?[ :.#-]*(?=[0-9])",
    re.IGNORECASE,
)  # the word before a number


@dataclass(frozen=True)
class Choice:
    """An item that a word may mean. `why` says how it was found."""

    code: str
    title: str
    why: str = ""


@cache
def trade_names() -> Mapping[str, list[Mapping[str, str]]]:
    """Rows of `item_names.csv` by the name folded: what goods are called in trade, with regime, item and source."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in packaged("law/regimes", "item_names.csv"):
        for name in row["name"].split(";"):
            found.setdefault(plain(name), []).append(row)
    return found


def bare(text: str) -> str:
    """A text in its usual width, without the word that says what kind of number follows: HS 8112.92, ECCN 3A090.a."""
    return PREFIX.sub("", unicodedata.normalize("NFKC", text).strip())


def customs_digits(text: str) -> str:
    """The figures of a customs code of two to twelve figures whose chapter there is; empty for any other text."""
    digits = re.sub(r"[. ]", "", bare(text))
    chapter = int(digits[:2]) if re.fullmatch(r"[0-9]{2,12}", digits) else 0
    return digits if 0 < chapter < 98 and chapter != 77 else ""


def plain(text: str) -> str:
    """A name without case, hyphens, underscores and plural of its last word, as trade names are looked up."""
    words = folded(text).replace("-", " ").replace("_", " ").replace("/", " ").split()
    if words and len(words[-1]) > 4 and words[-1].endswith("ies"):
        words[-1] = words[-1][:-3] + "y"
    elif words and len(words[-1]) > 3 and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return " ".join(words)


def choices(regime: Regime, text: str, day: date | None = None) -> list[Choice]:
    """Items of a regime that the text may mean: one where it is clear, none where the regime does not know it."""
    name = bare(text)
    if name in regime.items:
        return [_choice(regime, name)]
    traded = [row for row in trade_names().get(plain(name), ()) if row["regime"] == regime.id]
    code = regime.names.get(folded(name))
    if code is not None and not traded:
        return [_choice(regime, code)]
    if digits := customs_digits(name):
        return _by_customs_code(regime, digits, day)
    if traded:  # where the list has the name too, both are meant
        found = [_choice(regime, code)] if code is not None else []
        found += [_choice(regime, code, f"{row['note']} ({row['source']})") for row in traded
                 for code in row["item"].split(";") if code in regime.items]  # fmt: skip
        return list({choice.code: choice for choice in found}.values())
    near = plain(name)
    same = [code for title, code in regime.names.items() if plain(title) == near]
    if same:
        return [_choice(regime, same[0])]
    inside = folded(name) + "."
    under = [_choice(regime, code, f"under {name.upper()}") for code in regime.items if folded(code).startswith(inside)]
    if under:
        return under
    shared, number = list_numbers.shared(regime, name), list_numbers.of(regime, name)
    codes = shared or ([number] if number is not None else [])
    return [_choice(regime, code, f"list number {name.upper()}") for code in codes]


def with_own_facts(regimes: Iterable[Regime], text: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with what a trade name says of the goods by itself: the performance of a chip, say.

    Raises InputError where a fact contradicts the name by more than a tenth.
    """
    ids = {regime.id for regime in regimes}
    rows = (row for row in trade_names().get(plain(text), ()) if row["regime"] in ids and row["facts"])
    own = {name: float(value) for row in rows for name, value in (pair.split("=") for pair in row["facts"].split(";"))}
    source = trade_names()[plain(text)][0]["source"] if own else ""
    wrong = [
        f"fact {name} = {said[name]}; allowed: about {value:g}, which {text} has ({source}), or the item in its place"
        for name, value in own.items()
        if name in said and not 0.9 * value <= float(said[name]) <= 1.1 * value
    ]
    if wrong:
        raise InputError(wrong)
    return {**own, **said}


def either(regime: Regime) -> str:
    """Goods that a regime does not know by name: on its list or outside it, which the text of the list decides."""
    whole = next((code for code in list_numbers.WHOLE if code in regime.items), None)
    outer = next((code for code in OUTSIDE if code in regime.items), None)
    return f"{whole}|{outer}" if whole is not None and outer is not None else ""


def unnamed(regime: Regime, text: str) -> list[Choice]:
    """What goods may be that trade, the customs or another regime's list has a name for and this list has not: on it or
    outside."""
    outer = either(regime).split("|")
    code = customs_digits(text)
    if len(outer) < 2 or not (
        code or plain(text) in trade_names() or list_numbers.american(bare(text)) or _listed_elsewhere(text)
    ):
        return []
    why = f"no row matches customs code {code} to an entry: the text of the list decides" if code else ""
    return [_choice(regime, entry, why or "the text of the list decides") for entry in outer]


def _listed_elsewhere(text: str) -> bool:
    """Whether a built-in regime has the goods by code or name."""
    name = bare(text)
    return any(name in regime.items or folded(name) in regime.names for regime in load_regimes().values())


def _choice(regime: Regime, code: str, why: str = "") -> Choice:
    return Choice(code, str(regime.items[code]["title"]), why)


def _by_customs_code(regime: Regime, digits: str, day: date | None) -> list[Choice]:
    """Items that the customs code may hold, whenever each was matched to it, and goods outside the list: the list text
    decides, not the code."""
    found: dict[str, Choice] = {}
    rows = matched(regime, digits)
    for row in rows:
        later = day is not None and row["valid_from"] > day
        why = f"customs code {row['code']} may hold it" + (f", matched from {row['valid_from']} only" if later else "")
        for code in row["item"]:
            found.setdefault(code, _choice(regime, code, why))
    exact = any(row["relation"] == "exact" and digits.startswith(row["code"]) for row in rows)
    if found and not (exact and len(found) == 1):  # a code that is the item holds nothing else
        for code in OUTSIDE:
            if code in regime.items:
                found[code] = _choice(regime, code, "other goods of the same customs code")
    return list(found.values())


def matched(regime: Regime, digits: str) -> list[Row]:
    """Rows of items that a customs code may hold, whatever their days."""
    return [row for row in regime.rows["item_hs"] if row["code"].startswith(digits) or digits.startswith(row["code"])]


def refusal(regimes: Iterable[Regime], text: str) -> InputError:
    """Why no regime knows the item, with the near ones."""
    every = list(regimes)
    ids = {regime.id for regime in every}
    known = {name: name for name, rows in trade_names().items() if any(row["regime"] in ids for row in rows)}
    known |= {name: code for regime in every for name, code in regime.names.items()}
    near = difflib.get_close_matches(folded(text), known, n=5, cutoff=0.75)
    shown = sorted({known[name] for name in near}) or sorted({code for regime in every for code in regime.items})[:20]
    lists = " or ".join(regime.title for regime in every)
    general = " or ".join(code for code in OUTSIDE if any(code in regime.items for regime in every))
    if plain(text) in trade_names():
        return InputError(
            f"no entry for {text!r} is known in the list of {lists}; whether it has one its text decides; "
            f"allowed: an item of the list, {general} for goods that no list names"
        )
    if text.replace(".", "").replace(" ", "").isdigit():
        return InputError(
            f"{text} is a customs code that is in no row of item_hs.csv of {lists}: the list text decides; "
            f"allowed: an item, {general} for goods that no list names"
        )
    rest = f", {general} for goods that no list names" if general else ""
    return InputError(f"item {text!r} is not in the list of {lists}; allowed: an item such as {', '.join(shown)}{rest}")


def choices_of(binding: Sequence[Regime], text: str, day: date | None) -> dict[str, list[tuple[Regime, str]]]:
    """Each item that the text may mean, with the regimes that know it. Raises InputError where none does."""
    found: dict[str, list[tuple[Regime, str]]] = {}
    by_regime: list[tuple[Regime, list[Choice]]] = [(regime, choices(regime, text, day)) for regime in binding]
    known = [(regime, mine) for regime, mine in by_regime if mine]
    if not known:
        known = [(regime, mine) for regime in binding if (mine := unnamed(regime, text))]
    if not known:
        raise refusal(binding, text)
    if all(len(mine) == 1 for _, mine in known):  # every regime has its own name for the same goods
        bound = [(regime, mine[0].code) for regime, mine in known]
        return {bound[0][1]: [*bound, *_elsewhere(binding, bound[0][1], bound, day)]}
    for regime, mine in known:
        for choice in mine:
            found.setdefault(choice.code, []).append((regime, choice.code))
    every = {code: [*bound, *_elsewhere(binding, code, bound, day)] for code, bound in found.items()}
    same = {frozenset(bound): code for code, bound in reversed(every.items())}  # goods that two regimes name
    return {code: every[code] for code in found if code in same.values()}


def _elsewhere(
    binding: Sequence[Regime], code: str, bound: Sequence[tuple[Regime, str]], day: date | None
) -> Iterator[tuple[Regime, str]]:
    """What an item is to the other regimes, as when asked alone: their own name of it, or on their list or not."""
    for regime in binding:
        if regime not in [known for known, _ in bound]:
            own = choices(regime, code, day)
            name = own[0].code if len(own) == 1 else either(regime)
            if name:
                yield regime, name
