"""Many names at once: those that can mean no listing, told by their words before any is looked at by itself.

What is left out here is left out by the search of one name too (`party_hits`), for the same reasons: no name of the
same normal form, too little weight of words that a listed name holds, nothing listed that begins or stands inside it.
Only plain names of two words and more are told; all others are searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from geoecon.law import names
from geoecon.law.name_index import Index
from geoecon.law.name_tables import FEW

SAFE = 1e-6  # weight by which a name must miss the overlap to be left out here: sums of floats differ by far less


@dataclass(frozen=True)
class Plain:
    """Plain names with their words: pair k says that name `of[k]` holds the word numbered `at[k]`."""

    names: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    distinct: tuple[str, ...]
    at: NDArray[np.int64]
    of: NDArray[np.int64]
    firsts: NDArray[np.int64]  # number of the first word of each name

    @classmethod
    def among(cls, texts: Iterable[str]) -> Plain:
        every = [(text, names.words_of(text)) for text in texts if _plain(text)]
        several = [(text, words) for text, words in every if len(words) > 1]
        held = [tuple(dict.fromkeys(words)) for _, words in several]
        distinct = tuple(dict.fromkeys(chain.from_iterable(held)))
        numbers = {word: number for number, word in enumerate(distinct)}
        at = np.fromiter((numbers[word] for word in chain.from_iterable(held)), np.int64)
        of = np.repeat(np.arange(len(held)), [len(words) for words in held])
        firsts = np.array([numbers[words[0]] for words in held], np.int64)
        return cls(tuple(text for text, _ in several), tuple(words for _, words in several), distinct, at, of, firsts)

    def meaning_none(self, known: Index, clears: bool) -> Sequence[str]:
        """The names that can be none of the index; `clears`: whether names of one first word are compared too."""
        same = [known.alike(word) for word in self.distinct]
        rare = known.rest
        weights = np.array([max((known.weights[one] for one in each), default=rare) for each in same], float)
        held = np.array([bool(each) for each in same], bool)
        total = np.bincount(self.of, weights[self.at], len(self.names))
        found = np.bincount(self.of, (weights * held)[self.at], len(self.names))
        far = np.flatnonzero(found < names.NEAR * total - SAFE)
        heads = np.array([word in known.heads for word in self.distinct], bool)
        begun = np.bincount(self.of, heads[self.at], len(self.names)) > 0
        few = np.array([0 < len(known.postings.get(word, ())) <= FEW for word in self.distinct], bool)
        some = np.bincount(self.of, held[self.at], len(self.names)) > 0
        left = []
        for number in far.tolist():
            words, name = self.words[number], self.names[number]
            joined = "".join(words)
            if joined in known.exact or joined in known.loose:
                continue
            if some[number]:  # else no word is any listed one's, and nothing can begin with the name or stand in it
                inside = begun[number] or words[0] in known.exact
                if words in known.openings or (inside and known.inside(name)):
                    continue
                if clears and ((few[self.firsts[number]] and known.leading(name)) or words in known.tails):
                    continue
            left.append(name)
        return left


def _plain(text: str) -> bool:
    """Whether a text is one name in Latin letters without brackets and without a user behind it."""
    return (
        text.isascii() and "(" not in text and "[" not in text and not names.FOR.search(text)
        and names.several(text) == [text]
    )  # fmt: skip
