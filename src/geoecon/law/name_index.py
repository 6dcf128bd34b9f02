"""Many names searched: equal ones, near ones, those that stand inside another or begin as it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from geoecon.law.name_tables import ASIAN, FEW, SHORTEST, NameTables
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
    branch,
    key_of,
    one_out,
    other_number,
    script_of,
    words_of,
)

WHOLE = 9  # letters from which a listed name of several words may be told by standing inside another name
BEGUN = 6  # words that may begin with one that was cut short; with more it says nothing
ASIAN_WHOLE = 4  # characters from which one in Asian writing may


@dataclass(frozen=True)
class Index(NameTables):
    """Many names, ready to be searched."""

    @classmethod
    def of(cls, entries: Iterable[tuple[str, int, bool]]) -> Index:
        return cls(tuple(entries))

    def alike(self, word: str) -> list[str]:
        """Words of the index that are this one, or differ from it by one letter. Kept with the index."""
        if (seen := self.asked.get(word)) is not None:
            return seen
        found = self.asked[word] = self._alike(word)
        return found

    def _alike(self, word: str) -> list[str]:
        long = len(word) >= LONG - 1
        if word in self.postings:
            other = [one for one in other_number(word) if long and one in self.postings]
            return [word, *(self.cut_short(word) if word in SHORT else ()), *other]
        if word in SHORT:
            return self.cut_short(word)
        if not long:
            return []
        other = [one for one in other_number(word) if one in self.postings]
        return list(dict.fromkeys((*self._nearly(word), *other, *self._begun(word))))

    def _begun(self, word: str) -> list[str]:
        """Words that begin with this one, which a point may have cut short: semicond."""
        start = bisect_left(self.alphabet, word)
        if start == len(self.alphabet) or not self.alphabet[start].startswith(word):
            return []
        found = self.alphabet[start : start + BEGUN + 1]
        begun = [one for one in found if one.startswith(word)]
        return begun if len(begun) <= BEGUN else []

    @cached_property
    def alphabet(self) -> list[str]:
        """The words of the names in order."""
        return sorted(self.postings)

    def cut_short(self, word: str) -> list[str]:
        return [whole for whole in SHORT[word].split() if whole in self.postings]

    @cached_property
    def asked(self) -> dict[str, list[str]]:
        """Words that were asked for before, with those that differ from them by one letter."""
        return {}

    def _nearly(self, word: str) -> list[str]:
        if self.misspelt.keys().isdisjoint(one_out(word)):
            return []
        from rapidfuzz.distance import OSA

        lefts = self.misspelt.keys() & one_out(word)
        near = {other for left in lefts for other in self.misspelt[left]}
        return [other for other in sorted(near) if OSA.distance(word, other, score_cutoff=1) <= 1]

    def beginning(self, name: str) -> set[int]:
        """Entries whose names begin with this one."""
        found = self.openings.get(words_of(name), set())
        return found if found or name.isascii() else self.starts.get(key_of(name), found)

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

    def leading(self, name: str) -> set[int]:
        """Entries whose first word, one that few names hold and no common one, is that of this name of several."""
        first, *more = words_of(name) or ("",)
        if not more or first in COMMON.split() or not 0 < len(self.postings.get(first, ())) <= FEW:
            return set()
        whole = self.exact.get(first, ()) if set(more) <= BRANCHES.union(BUSINESS.split()) else ()
        return self.firsts.get(first, set()).union(entry for entry, _, _ in whole)

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
            held = self.names[number][1]
            both = [(weight, word) for weight, word, same in words if any(other in held for other in same)]
            overlap = sum(weight for weight, _ in both) / max(mine, self.totals[number], 1e-9)
            letters = sum(len(word) for _, word in both)
            if overlap >= least and (len(both) > 1 or letters >= LONG - 1):
                entry = self.names[number][0]
                best[entry] = max(best.get(entry, 0.0), min(1.0, overlap))
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
