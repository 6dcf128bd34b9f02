"""Goods in words: name, customs code of any length, number on a control list; several candidates where it is open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from geoecon.countries import fold
from geoecon.errors import InputError
from geoecon.lexicon.places import heard, names_in
from geoecon.tables import packaged

SERVICES = "services"


@dataclass(frozen=True)
class Good:
    """A product: its customs codes (six digits in HS92 where trade is bundled; a chapter or heading elsewhere), the
    industry of the world table that makes it, and its items on control lists as REGIME:ITEM."""

    id: str
    name: str
    hs: tuple[str, ...]
    industry: str
    items: tuple[str, ...] = ()
    note: str = ""  # how the words were read

    @property
    def is_service(self) -> bool:
        return self.hs == (SERVICES,)


def _rows(file: str) -> list[dict[str, str]]:
    return packaged("lexicon", file)


@cache
def goods() -> Mapping[str, Good]:
    """Every product that has a name of its own, by id."""
    return {
        row["id"]: Good(row["id"], row["name"], tuple(row["hs"].split()), row["industry"], tuple(row["items"].split()))
        for row in _rows("products.csv")
    }


@cache
def described() -> Mapping[str, str]:
    """Customs codes of the bundled trade (HS92, six digits) to their official text."""
    return {row["code"]: row["description"] for row in _rows("hs.csv")}


@cache
def words() -> Mapping[str, str]:
    """Every name without case and punctuation to the id of its product, singular and plural."""
    found: dict[str, str] = {}
    for row in _rows("products.csv"):
        for word in (row["id"].replace("_", " "), row["name"], *filter(None, row["words"].split(";"))):
            found.setdefault(fold(word), row["id"])
    for word, product_id in list(found.items()):
        found.setdefault(word + "s", product_id)
    return found


def industries() -> tuple[str, ...]:
    """The industries that make some product of the lexicon."""
    return tuple(dict.fromkeys(known.industry for known in goods().values()))


def good(text: str) -> Good:
    """The one product that the words mean. Raises InputError where none or several are meant, with the choices."""
    found = product(text)
    if len(found) > 1:
        choices = ", ".join(f"{one.name} (HS {' '.join(one.hs)})" for one in found)
        raise InputError(f"{text.strip()!r} may be several products; allowed: one of {choices}")
    return found[0]


def product(text: str) -> tuple[Good, ...]:
    """The products that the words may mean, the likeliest first.

    Words are a name, a customs code of 2 to 10 digits ("HS 2504.10"), or an item of a control list ("3C002",
    "CHN:GALLIUM"). A name with other goods beside it says so in `note`. Raises InputError for words that no list has,
    with the nearest names.
    """
    written = text.strip()
    plain = fold(written)
    digits = re.sub(r"[\s.]", "", re.sub(r"^(?:hs|hsk|cn|heading|chapter) ?(?:\d\d (?=\d{4}))?", "", plain))
    if digits.isdigit():
        return (_by_code(digits, written),)
    by_item = _by_item(written)
    if by_item:
        return by_item
    if plain in words():
        return (_noted(goods()[words()[plain]], plain, written),)
    within = {words()[word]: None for word in words() if plain and re.search(rf"\b{re.escape(plain)}\b", word)}
    if within:
        return tuple(goods()[product_id] for product_id in within)
    near = nearest(plain)
    if not near:
        allowed = "a name such as graphite, a customs code (HS 2504), or an item of a control list (3C002)"
        raise InputError(f"unknown product {written!r}; allowed: {allowed}")
    raise InputError(f"unknown product {written!r}; did you mean {' or '.join(near)}?")


def _noted(found: Good, plain: str, written: str) -> Good:
    """With a note of how the words were read, where they are not its name, and of other goods whose name holds them."""
    others = {one.id for one in goods().values() if re.search(rf"\b{re.escape(plain)}\b", fold(one.name))} - {found.id}
    others = {one for one in others if not set(goods()[one].hs) & set(found.hs)}
    singular = plain.removesuffix("s")
    if not others and (singular in fold(found.name) or found.is_service):
        return found
    read = f"{written} is read as {found.name} (HS {' '.join(found.hs)})"
    named = ", ".join(sorted(goods()[one].name for one in others))
    return replace(found, note=read + (f"; other goods of the name: {named}" if named else ""))


def _by_code(digits: str, written: str) -> Good:
    """A customs code: exactly a product's codes, or those of the bundled trade below it."""
    if len(digits) not in (2, 4, 6, 8, 10):
        raise InputError(
            f"customs code {written!r} has {len(digits)} digits; allowed: 2, 4, 6, 8 or 10, with leading zeros"
        )
    code = digits[:6]
    cut = f"{digits} is read by its first six digits, {code}" if len(digits) > 6 else ""
    below = tuple(known for known in described() if known.startswith(code))
    for known in goods().values():
        if known.hs in (below, (code,)) and known.hs:
            return replace(known, note=cut)
    makers = [known for known in goods().values() if any(hs.startswith(code) or code.startswith(hs) for hs in known.hs)]
    if not makers:
        chapters = ", ".join(sorted({hs[:2] for known in goods().values() for hs in known.hs if hs != SERVICES}))
        allowed = f"codes of the chapters {chapters}, or your own trade file (geoecon data add FILE)"
        raise InputError(f"customs code {written!r} is in no table here; allowed: {allowed}")
    closest = min(makers, key=lambda known: (len(known.hs), -max(map(len, known.hs))))  # one code, the longest
    name = described()[code].split(":")[-1].strip() if code in described() else f"HS {code}"
    name = f"{closest.name}: {name}" if code in described() else name
    return Good(f"hs{code}", name, below or (code,), closest.industry, closest.items, cut)


def _by_item(written: str) -> tuple[Good, ...]:
    """Products with this item on a control list, written with its regime or without, with its paragraph or without."""
    wanted = written.upper().replace(" ", ":") if ":" in written or " " in written else written.upper()
    regime, _, item = wanted.rpartition(":")
    for code in (item, item.partition(".")[0]):
        found = [(one, [held for held in one.items if held.split(":")[1] == code]) for one in goods().values()]
        found = [(one, held) for one, held in found if held and (regime + ":" + code in held or not regime)]
        if found and (regime or re.search(r"\d", code)):
            lists = {one.id: ", ".join(sorted({name.split(":")[0] for name in held})) for one, held in found}
            return tuple(
                replace(one, note=f"{written} is read as an item of the lists of {lists[one.id]}: {one.name}")
                for one, _ in found
            )
    return ()


def _named(written: str) -> Good | None:
    """A name, an item of a control list with a digit in it, or "HS" and a code; a bare number is none."""
    plain = fold(written)
    if plain in words():
        return _noted(goods()[words()[plain]], plain, written)
    year = re.fullmatch(r"(?:19|20)\d\d(?:[. ]?\d\d){0,2}", written) and not written.startswith("20.")
    if re.fullmatch(r"(?:hs|heading) ?[\d .]{2,13}", plain) or (
        re.fullmatch(r"\d{4}(?:[. ]?\d\d){0,3}", written) and not year and int(written[:2]) in range(1, 98)
    ):
        return _by_code(re.sub(r"\D", "", plain), written)
    if re.search(r"\d", written) and re.search(r"[A-Za-z]", written):
        found = _by_item(written)
        if len(found) > 1:
            others = ", ".join(one.name for one in found[1:])
            return replace(found[0], note=f"{found[0].note}; the item may also mean {others}")
        return found[0] if found else None
    return None


def nearest(plain: str, limit: int = 3) -> list[str]:
    """The names nearest in spelling."""
    from rapidfuzz import fuzz, process

    close = process.extract(plain, words().keys(), processor=heard, scorer=fuzz.ratio, limit=8, score_cutoff=75)
    names = dict.fromkeys(goods()[words()[word]].name for word, _, _ in close)
    return list(names)[:limit]


def products_in(text: str) -> list[tuple[int, int, Good]]:
    """Every product that a text names with its place, from left to right, the longest name first."""
    return list(names_in(text, _named))
