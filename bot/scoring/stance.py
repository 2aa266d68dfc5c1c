"""Sentences that say how others are meant: "none of this is true", "here is what not to do: ...", "just joking".

A stretch of words is such a stance only when each of its words is of a closed vocabulary (`denials`): pronouns, words for
statements, verbs of saying, judgements. One word of the subject at hand, and it speaks of the subject. Whether it rejects
is a matter of parity: "I don't agree with any of it" does, "I don't doubt any of it" does not. Works on words; what lies
inside one sentence is `negation`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from bot.scoring.denials import (
    AHEAD,
    ALL_OF_IT,
    AN_ASIDE,
    ANSWER,
    BEFORE_COLON,
    BELIEVED,
    CLAIMED,
    CONDITIONS,
    DENIES_LAST,
    GET_WRONG,
    HEDGES,
    IRONY,
    JUDGES,
    JUDGING_PHRASES,
    LABELS,
    MISSTEPS,
    ONLY_PARTLY,
    OTHERS,
    PRACTICE,
    REFUSES,
    REVERSED,
    SAYING,
    STANCE_WORDS,
    TAIL,
    TURN,
    TURNS,
    UPHOLDS,
)
from bot.scoring.lexicon import NEGATORS, NOT_NEGATING

LONGEST = 24
"""Words from which a stretch is no stance any more."""

CLOSING = 4
"""Words up to which a sentence that follows may be a pleasantry: the stance before it still closes the answer."""

Reach = Literal["", "own", "last", "all"]
_JOINTS = frozenset(("but", "and", "because", "yet", "though", "although", "however", "so"))
_MARK_ALONE = re.compile(r"^\s*/s\b(?P<more>[\s.!]*\w)?")
_MARK_BEHIND = re.compile(r"(?:[.!?)]|(?<!\d))\s+/s\b[\s.!]*$")


class Heard(Protocol):
    """A sentence, as far as stances go."""

    @property
    def words(self) -> Sequence[str]:
        """Its words, folded."""

    @property
    def breaks(self) -> Sequence[str]:
        """The punctuation before each word: `""`, `","` or `";"`."""

    @property
    def colon(self) -> int:
        """How many words stand before its first colon; 0 without one."""

    @property
    def is_question(self) -> bool:
        """Whether it asks."""

    @property
    def folded(self) -> str:
        """Its text in lower case."""


def retracted(sentences: Sequence[Heard]) -> tuple[bool, ...]:
    """For each sentence, whether other sentences (or its own head, before a colon) say that it is not meant."""
    odd = [False] * len(sentences)
    ahead = False
    last_word = max((i for i, s in enumerate(sentences) if len(s.words) > CLOSING), default=0)
    for i, sentence in enumerate(sentences):
        back = _reach_back(sentence, sentences[i - 1] if i else None, closing=i >= last_word)
        for j in range(i) if back == "all" else ():
            odd[j] = True
        if back == "last" and i:
            odd[i - 1] = not odd[i - 1]
        ahead = ahead and not turns_round(sentence.words)
        if ahead and not back:
            odd[i] = not odd[i]
        forward = _reach_ahead(sentence)
        if (forward and sentence.colon) or _is_marked(sentence.folded):
            odd[i] = True
        ahead = ahead or forward == "all"
    return tuple(odd)


def turns_round(words: Sequence[str]) -> bool:
    """Whether a sentence begins with what ends such a denial ("in fact", "instead")."""
    return words[0] in TURNS or TURN.search(" ".join(words)) is not None


def rejects(words: Sequence[str], breaks: Sequence[str] = (), *, others: bool = False) -> bool | None:
    """Whether a stretch of words rejects something; None when it is no stance, or judges nothing.

    `others`: whether what other people say or doubt counts as well."""
    judged = _judged(words, breaks, others=others)
    return judged[-1][1] if judged else None


def _judged(words: Sequence[str], breaks: Sequence[str], *, others: bool) -> list[tuple[str, bool]]:
    """The parts of a stance that judge something, each with whether it rejects; the last of them counts."""
    if not words or len(words) > LONGEST or not STANCE_WORDS.issuperset(words):
        return []
    if not CONDITIONS.isdisjoint(words) or ONLY_PARTLY.search(" ".join(words)):
        return []
    found = [(" ".join(part), _part_rejects(part, others)) for part in _parts(words, breaks)]
    return [(part, turned) for part, turned in found if turned is not None]


def _parts(words: Sequence[str], breaks: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for i, word in enumerate(words):
        if word in _JOINTS or (breaks and i and breaks[i]):
            parts.append([])
        if word not in _JOINTS:
            parts[-1].append(word)
    return [p for p in parts if p]


def _part_rejects(words: Sequence[str], others: bool) -> bool | None:
    """Parity of what turns a judgement round: negations, refusing verbs, a damning judgement, "the opposite"."""
    joined = AN_ASIDE.sub("", " ".join(words))
    joined, phrases = JUDGING_PHRASES.subn(" ", joined)
    rest = joined.split()
    if HEDGES.intersection(rest):
        return None
    misstep = not MISSTEPS.isdisjoint(rest)
    if misstep and SAYING.isdisjoint(rest):
        return None
    damned = misstep or not JUDGES.isdisjoint(rest)
    turned = len(REVERSED.findall(joined))
    if not others and not OTHERS.isdisjoint(rest) and not IRONY.search(joined):
        gets_it = GET_WRONG.search(joined) and "who" not in rest and "whoever" not in rest
        if gets_it or not (damned or turned):
            return None
    refusals = sum(w in REFUSES for w in rest) + phrases
    negations = sum(
        w in NEGATORS and not (rest[i + 1 : i + 2] and rest[i + 1] in NOT_NEGATING - REFUSES)
        for i, w in enumerate(rest)
    )
    elliptic = rest[-1:] == ["not"] and negations == 1
    if not (refusals or damned or turned or elliptic or not UPHOLDS.isdisjoint(rest)):
        return None
    return (negations + refusals + damned + turned) % 2 == 1


def _reach_back(sentence: Heard, before: Heard | None, *, closing: bool) -> Reach:
    """How far back a sentence denies what was said before it."""
    if mark := _MARK_ALONE.search(sentence.folded):
        return "all" if closing and not mark["more"] else "last"
    if sentence.is_question:
        return ""
    joined = " ".join(sentence.words)
    if DENIES_LAST.search(joined) or _takes_back(joined, before):
        return "last"
    judged = _judged(sentence.words, sentence.breaks, others=False)
    if not judged or not judged[-1][1] or AHEAD.search(joined):
        return ""
    if IRONY.search(joined):
        return "all" if closing else "last"
    if PRACTICE.search(judged[-1][0]):
        return "" if not ALL_OF_IT.search(judged[-1][0]) else "all" if closing else "last"
    return "all" if ANSWER.search(joined) or any(ALL_OF_IT.search(part) for part, _ in judged) else ""


def _takes_back(joined: str, before: Heard | None) -> bool:
    """Whether a sentence is a clause like "I never believed it", said of the sentence before it."""
    found = TAIL.fullmatch(joined)
    if found is None or before is None or found["bare"]:
        return False
    wanted = CLAIMED if found["theirs"] else BELIEVED if found["mine"] else None
    return wanted is None or wanted.search(" ".join(before.words)) is not None


def _reach_ahead(sentence: Heard) -> Reach:
    """How far ahead a sentence, or its head before a colon, denies what follows it."""
    if sentence.is_question and not sentence.colon:
        return ""
    head = sentence.words[: sentence.colon or None]
    if not rejects(head, sentence.breaks[: len(head)]):
        return ""
    joined = " ".join(head)
    if AHEAD.search(joined):
        return "all"
    if sentence.colon and joined in LABELS:
        return "own"
    return "all" if sentence.colon and BEFORE_COLON.search(joined) else ""


def _is_marked(folded: str) -> bool:
    """Whether a sentence ends in "/s", the mark of sarcasm; "500 requests /s" is a rate."""
    return _MARK_BEHIND.search(folded) is not None and not any(c.isdigit() for c in folded)
