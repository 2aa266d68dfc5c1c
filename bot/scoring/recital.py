"""The words of a reference without its sentences: put side by side in its order, or out of all order.

Whoever has understood a reference says it in sentences, if in bad ones. Two signs that nothing is said: words stand side
by side which the reference holds apart with small words, again and again; small words stand where no sentence puts them.
Knows neither weights nor scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.scoring.lexicon import NEVER_LAST, word_set
from bot.scoring.stuffing import misplaced
from bot.scoring.text import Document, Sentence, read
from bot.scoring.thesaurus import concept

DROPPED, DROPPED_SHARE = 2, 0.3
"""So many neighbours that the reference holds apart, and as a share of all neighbours, make sentences a recital."""
ODD = 15
"""One small word out of place among so many words: the text is shuffled."""

_SIGNED = re.compile(r"[(=<>]")
_RELATED = re.compile(r"[(>→]")
_MISTAKEN = word_set("the their")  # "their is a gap" is a mistake of spelling
_ARE = word_set("is are was were")

Pairs = frozenset[tuple[str, str]]


@lru_cache(maxsize=512)
def _neighbours(reference: str) -> tuple[Pairs, Pairs]:
    """Neighbouring content words of a reference: those that are held apart, and those side by side."""
    apart: set[tuple[str, str]] = set()
    beside: set[tuple[str, str]] = set()
    for sentence in read(reference).sentences:
        last, between = "", False
        for i, token in enumerate(sentence.tokens):
            between = between or bool(sentence.break_before(i))
            if not token.is_content:
                between = True
                continue
            name = concept(token.stem)
            if last:
                (apart if between else beside).add((last, name))
            last, between = name, False
    return frozenset(apart), frozenset(beside)


def recited(answer: Document, references: Iterable[str]) -> frozenset[int]:
    """The sentences that put words side by side which the references hold apart. Neighbouring ones without any small word
    are read as one, as a list stays a list when it is cut up. Arrows and brackets relate words; formulas and rows of a
    table are no lists that were cut up."""
    pairs = [_neighbours(r) for r in references]
    apart = frozenset[tuple[str, str]]().union(*(a for a, _ in pairs))
    apart -= frozenset[tuple[str, str]]().union(*(b for _, b in pairs))
    return frozenset(
        i for group in _groups(answer.sentences) for i in group if _recites(answer, group, apart)
    )


def _groups(sentences: Sequence[Sentence]) -> list[list[int]]:
    found: list[list[int]] = []
    before = False
    for i, sentence in enumerate(sentences):
        bare = all(t.is_content for t in sentence.tokens) and _SIGNED.search(sentence.folded) is None
        if bare and before:
            found[-1].append(i)
        else:
            found.append([i])
        before = bare
    return found


def _recites(answer: Document, group: Sequence[int], apart: Pairs) -> bool:
    sentences = [answer.sentences[i] for i in group]
    if any(_RELATED.search(s.folded) for s in sentences):
        return False
    beside = dropped = 0
    last = ""
    for sentence in sentences:
        for i, token in enumerate(sentence.tokens):
            name = concept(token.stem) if token.is_content else ""
            if name and last and not sentence.break_before(i):
                beside += 1
                dropped += (last, name) in apart
            last = name
    return dropped >= DROPPED and dropped >= DROPPED_SHARE * beside


def is_shuffled(answer: Document) -> bool:
    """Whether small words stand where no sentence puts them. One suffices in a short answer: what is credited for little
    must be said in order."""
    odd = sum(map(_out_of_place, answer.sentences))
    return odd > 0 and ODD * odd >= len(answer.tokens)


def _out_of_place(sentence: Sentence) -> int:
    words = [t.word for t in sentence.tokens]
    misspelt = [i for i in (0, 1) if len(words) > i + 1 and words[i] in _MISTAKEN and words[i + 1] in _ARE]
    found = sum(i not in misspelt for i in misplaced(sentence))
    return found + (words[-1] in NEVER_LAST and not sentence.folded.rstrip().endswith(":"))
