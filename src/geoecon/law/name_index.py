"""Many names ready to be searched: equal ones, near ones, initials and first words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from geoecon.law.names import (
    BRANCHES,
    BUSINESS,
    COMMON,
    FORMS,
    JOINED,
    LONG,
    NEAR,
    PARTED,
    SHORT,
    SMALL,
    acronyms,
    branch,
    key_of,
    one_out,
    script_of,
    without_brackets,
    words_of,
    writing_of,
)

ASIAN = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
WHOLE = 9  # letters from which a listed name of several words may be told by standing inside another name
ASIAN_WHOLE = 4  # characters from which one in Asian writing may
GROUP = 2  # words from which a name may be that of the head of a group
SHORTEST = 5  # letters of a word that may tell a firm where a list is whole
FEW = 8  # names that may hold a word which stands for a firm by itself


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
                for left in {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}:
                    found.setdefault(left, []).append(word)
        return found

    @cached_property
    def totals(self) -> list[float]:
        return [sum(self.weights[word] for word in words) for _, words in self.names]

    def alike(self, word: str) -> list[str]:
        """Words of the index that are this one, or differ from it by one letter. Kept with the index."""
        if (seen := self.asked.get(word)) is not None:
            return seen
        found = self.asked[word] = self._alike(word)
        return found

    def _alike(self, word: str) -> list[str]:
        if word in self.postings:
            other = word[:-1] if word.endswith("s") else word + "s"
            whole = self.cut_short(word) if word in SHORT else []
            return [word, *whole, other] if len(word) >= LONG - 1 and other in self.postings else [word, *whole]
        if word in SHORT:
            return self.cut_short(word)
        return self._nearly(word) if len(word) >= LONG - 1 else []

    def cut_short(self, word: str) -> list[str]:
        return [whole for whole in SHORT[word].split() if whole in self.postings]

    @cached_property
    def asked(self) -> dict[str, list[str]]:
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

    def beginning(self, name: str) -> set[int]:
        """Entries whose names begin with this one."""
        found = self.openings.get(words_of(name), set())
        return found if found or name.isascii() else self.starts.get(key_of(name), found)

    @cached_property
    def heads(self) -> frozenset[str]:
        """First words of names."""
        return frozenset(words[0] for _, words in self.names if words)

    def inside(self, name: str) -> set[int]:
        """Entries of which a name stands inside this one: of two words or more where they are its first words or
        rare, of any length before or behind a comma or a legal form, of four characters in Asian writing."""
        words, found = words_of(name), set[int]()
        for first in (at for at, word in enumerate(words) if word in self.heads):
            for last in range(first + 2, len(words) + 1):
                joined = "".join(words[first:last])
                rows, loose = self.exact.get(joined, ()), self.loose.get(joined, ())
                if (rows or loose) and (first == 0 or len(joined) >= WHOLE):
                    few = FEW if last < len(words) else 2 * FEW  # at the end of the text: "for Lockheed Martin"
                    rare = any(len(self.postings.get(word, ())) <= few for word in words[first:last])
                    if first == 0 or rare or last - first > 2:
                        found |= {entry for entry, _, count in rows if count > 1}.union(loose)
        if words and words[0] in self.exact and len(words[0]) > 2 and (branch(words[1:]) or self.trade(words)):
            found |= {entry for entry, _, _ in self.exact[words[0]]}
        for part in self.parts(name):
            found |= {entry for entry, _, _ in self.exact.get(part, ())}.union(self.loose.get(part, ()))
        if not name.isascii() and script_of(joined := "".join(words)) in ASIAN:
            for first, last in combinations(range(len(joined) + 1), 2):
                if last - first >= ASIAN_WHOLE and (asian := self.exact.get(joined[first:last])):
                    found |= {entry for entry, _, _ in asian}
        return found

    def trade(self, words: tuple[str, ...]) -> bool:
        """Whether a word that few names hold stands before trade words alone: Huawei Trading."""
        rare = words[0] not in COMMON.split() and len(words[0]) >= SHORTEST - 1
        return rare and len(words) > 1 and set(words[1:]) <= set(BUSINESS.split())

    def parts(self, name: str) -> set[str]:
        """Normal forms of what stands before or behind a comma, of an address and of a legal form."""
        if self.heads.isdisjoint(words_of(name)):
            return set()
        first, *more = [part for part in PARTED.split(name) if part.strip()] or [name]
        more = [text for text in more if not FORMS.issuperset(words_of(text))]
        texts = [text for text in (first, *more) if more and not FORMS.issuperset(words_of(text))]
        tokens = [word.strip(",") for word in name.casefold().replace(".", "").split()]
        closed = next((at for at, word in enumerate(tokens) if word in FORMS), 0)
        texts += [text for text in JOINED.split(name)[1:] if text.strip()]
        texts += [" ".join(tokens[:closed])] if closed and not FORMS.issuperset(tokens[closed:]) else []
        return {key for text in texts if len(key := key_of(text)) >= (3 if key.isascii() else 2)}

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
            for words in (written, firm, *big, words_of(name)):
                letters = "".join(word[0] for word in words)
                if words and 3 <= len(letters) <= 8:
                    found.setdefault(letters, set()).add(entry)
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

    def leading(self, name: str) -> set[int]:
        """Entries whose first word, one that few names hold and no common one, is that of this name of several."""
        first, *more = words_of(name)
        if not more or first in COMMON.split() or not 0 < len(self.postings.get(first, ())) <= FEW:
            return set()
        whole = self.exact.get(first, ()) if set(more) <= BRANCHES.union(BUSINESS.split()) else ()
        return self.firsts.get(first, set()).union(entry for entry, _, _ in whole)

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

    @cached_property
    def holds(self) -> list[frozenset[str]]:
        """The words of each name, to be looked up."""
        return [frozenset(words) for _, words in self.names]

    def strange(self, name: str) -> bool:
        """Whether a name of several words holds no word that one of these names holds or nearly holds, so that it can
        be none of them nor begin as one."""
        words = words_of(name)
        return name.isascii() and len(words) > 1 and not any(map(self.alike, words))

    def near(self, name: str, least: float = NEAR) -> list[tuple[int, float]]:
        """(entry, overlap) of entries whose words overlap by at least so much, nearest first.

        The overlap is the weight of the words that both hold over the weight of all words of the heavier name. A name
        that holds none of the heaviest words, which together weigh more than may be missing, is not looked at.
        """
        words = []  # (weight, word, words of the index that are it or nearly it)
        for word in dict.fromkeys(words_of(name)):
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
