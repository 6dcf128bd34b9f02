"""Names of firms as they are compared: one normal form without case, accents, punctuation and legal form; and how near
two of them are. Nothing is transliterated: a name in another script is another name."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

NEAR = 0.7  # overlap from which two names count as near (measured: some 8 false alarms in 2,000 names)
HEAD = 3  # words from which a name may be that of the head of a group
LONG = 6  # letters from which one letter may differ
PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "public joint stock company", "open joint stock company", "closed joint stock company", "joint stock company",
        "limited liability company", "limited liability partnership", "public limited company",
        "federal state unitary enterprise", "kabushiki kaisha", "anonim sirketi", "limited sirketi",
        "sociedad anonima", "societe anonyme", "sp z o o", "s a r l", "sdn bhd",
        "open joint stock", "public joint stock", "closed joint stock", "joint stock", "limited liability",  # cut short
    )
)  # fmt: skip
STARTS = frozenset(phrase[0] for phrase in PHRASES)
FORMS = frozenset(
    word
    for line in (
        "co company corp corporation inc incorporated ltd limited llc llp lp plc gmbh ag kg kgaa sa sas sarl srl spa",
        "bv nv oy oyj ab as asa aps oao ooo zao pao ao jsc ojsc cjsc pjsc fsue fgup spzoo kft zrt doo dd ead eood bhd",
        "sdn pte pty pvt private pt tbk ltda lda sl slu fze fzco fzc fzllc wll kk yk gk coltd colimited companylimited",
        "companyltd pteltd ptyltd pvtltd privatelimited sdnbhd ltdco llcco оао ооо зао пао ао фгуп",
    )
    for word in line.split()
)
FILLERS = frozenset(("and", "the", "of"))
CJK_FORMS = re.compile(
    "股份有限责任公司|股份有限公司|有限责任公司|有限責任公司|股份公司|有限公司|株式会社|有限会社|合同会社|合資会社|合资会社|"
    "주식회사|유한회사|유한책임회사|\\(株\\)|\\(有\\)|\\(주\\)|\\(유\\)|公司"
)
BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
ACRONYM = re.compile(r"[(\[（【]\s*([A-Z0-9&. -]{2,12})\s*[)\]）】]")
JAPANESE = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH")
APOSTROPHES = str.maketrans("", "", "'`’‘ʼ´\"“”")


@cache
def variants() -> Mapping[int, str]:
    """Chinese characters as Japan and Taiwan write them, to the simplified ones: rows of `characters.csv`, a choice."""
    text = (files("geoecon") / "law" / "regimes" / "characters.csv").read_text(encoding="utf-8")
    return str.maketrans(dict(line.split(",") for line in text.split()[1:]))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in normal form; of a name that is nothing but a legal form, the words as written."""
    return _words(name)


@lru_cache(maxsize=400_000)
def _words(name: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", name).casefold()
    if not text.isascii():
        text = text.translate(variants())
        text = CJK_FORMS.sub(" ", text) or text
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
        text = unicodedata.normalize("NFC", text).replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    text = text.translate(APOSTROPHES)
    text = re.sub(r"\b((?:\w\.){2,}|(?:\w\.)+\w)(?=\W|$)", lambda found: found.group().replace(".", ""), text + " ")
    text = re.sub(r"\b(\w)/(\w)\b", r"\1\2", text)
    found = re.sub(r"[\W_]+", " ", text).split()
    kept = [word for word in _without_phrases(found) if word not in FORMS and word not in FILLERS]
    return tuple(kept or found)


def _without_phrases(words: list[str]) -> list[str]:
    if STARTS.isdisjoint(words):
        return words
    found: list[str] = []
    position = 0
    while position < len(words):
        phrase = next((p for p in PHRASES if tuple(words[position : position + len(p)]) == p), None)
        position += len(phrase) if phrase else 1
        found += [] if phrase else [words[position - 1]]
    return found


def key_of(name: str) -> str:
    """The normal form in one word: what is equal here is the same name in another spelling."""
    return "".join(_words(name))


def without_brackets(name: str) -> str:
    return BRACKETS.sub(" ", name)


def acronyms(name: str) -> list[str]:
    """Short names in brackets: Khan Research Laboratories (KRL)."""
    return [found.strip() for found in ACRONYM.findall(name)]


@lru_cache(maxsize=400_000)
def script_of(name: str) -> str:
    """The script of a name's first letter: LATIN, CJK, HANGUL…"""
    letter = next((character for character in name if character.isalpha()), "")
    return unicodedata.name(letter, "UNKNOWN").split()[0] if letter else "NONE"


@lru_cache(maxsize=400_000)
def writing_of(name: str) -> frozenset[str]:
    """Every script of a name's letters. Chinese characters as Japan or Taiwan write them, beside kana or in a firm that
    a Japanese legal form names, are JAPANESE: another writing than the simplified one."""
    if name.isascii():
        return frozenset(("LATIN",))
    text = unicodedata.normalize("NFKC", name)
    found = {unicodedata.name(letter, "UNKNOWN").split()[0] for letter in text if letter.isalpha()}
    if "CJK" in found and (found & set(JAPANESE) or "会社" in text or text.translate(variants()) != text):
        found.add("JAPANESE")
    return frozenset({"JAPANESE" if one in JAPANESE else one for one in found})


@lru_cache(maxsize=400_000)
def one_out(word: str) -> frozenset[str]:
    """The word, and what is left of it when one letter is taken out."""
    return frozenset((word, *(word[:k] + word[k + 1 :] for k in range(len(word)))))


@dataclass(frozen=True)
class Index:
    """Many names, each with the number of the entry that carries it, ready to be searched."""

    entries: tuple[tuple[str, int, bool], ...]  # (name, entry, whether it is the entry's primary name)

    @classmethod
    def of(cls, entries: Iterable[tuple[str, int, bool]]) -> Index:
        return cls(tuple(entries))

    @cached_property
    def exact(self) -> Mapping[str, list[tuple[int, bool, int]]]:
        """(entry, primary, number of words) by normal form."""
        found: dict[str, list[tuple[int, bool, int]]] = {}
        for name, entry, primary in self.entries:
            words = _words(name)
            if words:
                found.setdefault("".join(words), []).append((entry, primary, len(words)))
        return found

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts that the names are written in."""
        return frozenset(script_of(name) for name, _, _ in self.entries)

    @cached_property
    def writings(self) -> frozenset[str]:
        """The writings that most entries have a name in: a name in another is not cleared by not being found."""
        held: dict[str, set[int]] = {}
        for name, entry, _ in self.entries:
            for script in writing_of(name):
                held.setdefault(script, set()).add(entry)
        total = len({entry for _, entry, _ in self.entries})
        return frozenset(script for script, entries in held.items() if 2 * len(entries) > total)

    @cached_property
    def loose(self) -> Mapping[str, set[int]]:
        """Entries by what is left without brackets, and by the short name in brackets: to be checked, never enough."""
        found: dict[str, set[int]] = {}
        for name, entry, _ in self.entries:
            if "(" in name or "（" in name or "[" in name:
                for text in (without_brackets(name), *acronyms(name)):
                    key = key_of(text)
                    if key:
                        found.setdefault(key, set()).add(entry)
        return found

    @cached_property
    def names(self) -> list[tuple[int, tuple[str, ...]]]:
        """(entry, words) of each name once."""
        return list(dict.fromkeys((entry, tuple(dict.fromkeys(_words(name)))) for name, entry, _ in self.entries))

    @cached_property
    def postings(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, (_, words) in enumerate(self.names):
            for word in words:
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Rare words weigh more: log of names over names that hold the word."""
        total = max(1, len(self.names))
        return {word: math.log(1 + total / len(numbers)) for word, numbers in self.postings.items()}

    @cached_property
    def rest(self) -> float:
        """Weight of a word that no name holds."""
        return math.log(1 + max(1, len(self.names)))

    @cached_property
    def misspelt(self) -> Mapping[str, list[str]]:
        """Words of six letters and more by what is left of them when one letter is taken out."""
        found: dict[str, list[str]] = {}
        for word in self.postings:
            if len(word) >= LONG:
                for left in one_out(word):
                    found.setdefault(left, []).append(word)
        return found

    @cached_property
    def totals(self) -> list[float]:
        return [sum(self.weights[word] for word in words) for _, words in self.names]

    def alike(self, word: str) -> list[str]:
        """Words of the index that are this one, or differ from it by one letter."""
        if word in self.postings:
            other = word[:-1] if word.endswith("s") else word + "s"
            return [word, other] if len(word) >= LONG - 1 and other in self.postings else [word]
        if len(word) < LONG - 1:
            return []
        if word not in self.nearly:
            self.nearly[word] = self._nearly(word)
        return self.nearly[word]

    @cached_property
    def nearly(self) -> dict[str, list[str]]:
        """Words that were asked for before, with those that differ from them by one letter."""
        return {}

    def _nearly(self, word: str) -> list[str]:
        lefts = self.misspelt.keys() & one_out(word)
        if not lefts:
            return []
        from rapidfuzz.distance import OSA

        near = {other for left in lefts for other in self.misspelt[left]}
        return [other for other in sorted(near) if OSA.distance(word, other, score_cutoff=1) <= 1]

    @cached_property
    def openings(self) -> Mapping[tuple[str, ...], set[int]]:
        """Entries by the first words of their names, three or more: firms of a group carry the name of its head."""
        found: dict[tuple[str, ...], set[int]] = {}
        for entry, words in self.names:
            for count in range(HEAD, len(words)):
                found.setdefault(words[:count], set()).add(entry)
        return found

    @cached_property
    def holds(self) -> list[frozenset[str]]:
        """The words of each name, to be looked up."""
        return [frozenset(words) for _, words in self.names]

    def near(self, name: str, least: float = NEAR) -> list[tuple[int, float]]:
        """(entry, overlap) of entries whose words overlap by at least so much, nearest first.

        The overlap is the weight of the words that both hold over the weight of all words of the heavier name. A name
        that holds none of the heaviest words, which together weigh more than may be missing, is not looked at.
        """
        words = []  # (weight, word, words of the index that are it or nearly it)
        for word in dict.fromkeys(_words(name)):
            same = self.alike(word)
            words.append((max((self.weights[other] for other in same), default=self.rest), word, same))
        if not any(same for _, _, same in words):
            return []
        mine = sum(weight for weight, _, _ in words)
        if sum(weight for weight, _, same in words if same) < least * mine - 1e-9:
            return []
        candidates: set[int] = set()
        passed = 0.0
        for weight, _, same in sorted(words, reverse=True):
            candidates.update(number for other in same for number in self.postings[other])
            passed += weight
            if passed > (1 - least) * mine + 1e-9:
                break
        best: dict[int, float] = {}
        for number in candidates:
            held = self.holds[number]
            both = [(weight, word) for weight, word, same in words if any(other in held for other in same)]
            overlap = sum(weight for weight, _ in both) / max(mine, self.totals[number], 1e-9)
            letters = sum(len(word) for _, word in both)
            if overlap >= least and (len(both) > 1 or letters >= LONG - 1):
                entry = self.names[number][0]
                best[entry] = max(best.get(entry, 0.0), min(1.0, overlap))
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
