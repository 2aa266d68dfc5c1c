"""Near-duplicate articles: bottom-k sketches of word shingles, compared without keeping the texts in memory.

A sketch holds the `K` smallest 32-bit hashes of an article's three-word shingles; the share that two sketches
have in common estimates their Jaccard similarity (Broder 1997) within about 0.05. Pure.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping

K = 128
NEAR = 0.6  # four words edited in every fifty leave about this much

_WORD = re.compile(r"\w+")


def sketch(text: str) -> bytes:
    """The sketch of a text, at most 4 x `K` bytes; empty for fewer than three words."""
    words = [word.lower() for word in _WORD.findall(text)]
    grams = {
        zlib.crc32(" ".join(words[at : at + 3]).encode("utf-8", "replace")) for at in range(len(words) - 2)
    }
    return array("I", sorted(grams)[:K]).tobytes()


def similarity(one: bytes, two: bytes) -> float:
    """Estimated Jaccard similarity of the shingle sets behind two sketches, 0 to 1."""
    a, b = array("I", one), array("I", two)
    if not a or not b:
        return 0.0
    union = sorted(set(a) | set(b))[: max(len(a), len(b))]
    both = set(a) & set(b)
    return sum(1 for value in union if value in both) / len(union)


class Neighbours:
    """Finds the most similar of the articles added so far."""

    def __init__(self, sketches: Mapping[str, bytes]) -> None:
        self._sketches: dict[str, bytes] = {}
        self._holders: dict[int, list[str]] = defaultdict(list)
        for name, value in sketches.items():
            self.add(name, value)

    def add(self, name: str, value: bytes) -> None:
        """Let later articles be compared with this one."""
        self._sketches[name] = value
        for entry in array("I", value):
            self._holders[entry].append(name)

    def nearest(self, name: str, value: bytes) -> tuple[str, float] | None:
        """The other article that is most like `value`, when it is at least `NEAR` so."""
        votes: Counter[str] = Counter()
        for entry in array("I", value):
            holders = self._holders.get(entry, ())
            if len(holders) <= 50:  # a shingle in many articles tells nothing
                votes.update(holder for holder in holders if holder != name)
        scored = [(similarity(value, self._sketches[other]), other) for other, _ in votes.most_common(5)]
        best = max(scored, default=(0.0, ""))
        return (best[1], best[0]) if best[0] >= NEAR else None
