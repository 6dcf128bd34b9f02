"""Many names by what they may be found by: normal form, words, initials, first words, one letter left out."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from geoecon.law.names import (
    COMMON,
    FORMS,
    LONG,
    SMALL,
    acronyms,
    key_of,
    one_out,
    script_of,
    without_brackets,
    words_of,
    writing_of,
)

ASIAN = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
GROUP = 2  # words from which a name may be that of the head of a group
SHORTEST = 5  # letters of a word that may tell a firm where a list is whole
FEW = 8  # names that may hold a word which stands for a firm by itself


@dataclass(frozen=True)
class NameTables:
    """Many names, each with the number of the entry that carries it, in the tables that a search looks into."""

    entries: tuple[tuple[str, int, bool], ...]  # (name, entry, whether it is the entry's primary name)

    @cached_property
    def exact(self) -> Mapping[str, list[tuple[int, bool, int]]]:
        """(entry, primary, number of words) by normal form."""
        found: dict[str, list[tuple[int, bool, int]]] = {}
        for name, entry, primary in self.entries:
            words = words_of(name)
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
        return list(dict.fromkeys((entry, tuple(dict.fromkeys(words_of(name)))) for name, entry, _ in self.entries))

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

    @cached_property
    def openings(self) -> Mapping[tuple[str, ...], set[int]]:
        """Entries by the first words of their names, two or more: firms of a group carry the name of its head."""
        found: dict[tuple[str, ...], set[int]] = {}
        for entry, words in self.names:
            for count in range(GROUP, len(words)):
                found.setdefault(words[:count], set()).add(entry)
        return found

    @cached_property
    def starts(self) -> Mapping[str, set[int]]:
        """Entries by the first characters, two or more, of names in Chinese, Japanese or Korean writing."""
        found: dict[str, set[int]] = {}
        for entry, words in self.names:
            joined = "".join(words)
            if script_of(joined) in ASIAN:
                for count in range(2, len(joined)):
                    found.setdefault(joined[:count], set()).add(entry)
        return found

    @cached_property
    def heads(self) -> frozenset[str]:
        """First words of names."""
        return frozenset(words[0] for _, words in self.names if words)

    @cached_property
    def initials(self) -> Mapping[str, set[int]]:
        """Entries by the first letters of the words of their names, three to eight, with and without small words and
        the legal form."""
        found: dict[str, set[int]] = {}
        for name, entry, _ in self.entries:
            every = re.findall(r"[^\W\d_]+", name.casefold()) if name.isascii() else []
            written = [word for word in every if word not in FORMS]
            firm = [*written, *(word for word in every if word in FORMS)][: len(written) + 1]  # …and the first form
            big = [[word for word in words if word not in SMALL] for words in (written, firm)]
            tried: list[Sequence[str]] = []
            for words in (written, firm, *big, list(words_of(name))):
                if 3 <= len(words) <= 8 and words not in tried:
                    tried.append(words)
                    found.setdefault("".join(word[0] for word in words), set()).add(entry)
        return found

    @cached_property
    def firsts(self) -> Mapping[str, set[int]]:
        """Entries by the first word of their names (two, where the first is a letter or two), where most names that
        hold it begin with it; of three letters and more where it is written in capitals, else of five."""
        found: dict[str, set[int]] = {}
        heads = Counter(words[0] for _, words in self.names if words)
        for name, entry, _ in self.entries:
            words = tuple(dict.fromkeys(words_of(name))) or ("",)
            count = 1 if len(words[0]) > 2 else 2
            first, held = "".join(words[:count]), len(self.postings.get(words[0], ()))
            short = name[: len(first)].isupper() and not name.isupper() and 3 <= len(first) <= LONG
            alone = 2 * heads[words[0]] > held if held <= FEW * count else 5 * heads[words[0]] > 4 * held
            if len(words) > count and (short or len(first) >= LONG - 1) and alone:
                found.setdefault(first, set()).add(entry)
        return found

    @cached_property
    def tails(self) -> Mapping[tuple[str, ...], set[int]]:
        """Entries by their names without the first word, and by a rare second word alone: Hikvision of Hangzhou."""
        found: dict[tuple[str, ...], set[int]] = {}
        for entry, words in self.names:
            second = words[1:2]
            if second and len(second[0]) >= SHORTEST and len(self.postings[second[0]]) <= FEW:
                if second[0] not in COMMON.split():
                    found.setdefault(second, set()).add(entry)
                found.setdefault(words[1:], set()).add(entry)
        return found

    @cached_property
    def groups(self) -> Mapping[str, set[int]]:
        """Entries by the initials of their three first words: MHI of its many firms."""
        found: dict[str, set[int]] = {}
        for words, entries in self.openings.items():
            if len(words) == 3:
                found.setdefault("".join(word[0] for word in words), set()).update(entries)
        return found
