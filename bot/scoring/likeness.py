"""Which words of a sentence can stand for which others: the groups of `synonyms.py`, ready to look up.

Everything is compared by stem. Groups are not chained: two words are alike only when one group holds both. Does not
know wordings, negation or scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.scoring.lexicon import NEGATORS
from bot.scoring.synonyms import SAME
from bot.scoring.text import Sentence, read

PARTICLES = frozenset(
    ("out", "away", "down", "up", "off", "back", "in", "apart", "aside", "over", "together")
)
"""They may stand apart from their verb: "throw the old ones away"."""
MAX_APART = 3
"""Words that may stand between a verb and its particle."""


@dataclass(frozen=True, slots=True)
class Sense:
    """A member of a group that was said: token span (first, last) and whether it holds a negation itself."""

    first: int
    last: int
    negative: bool


@dataclass(frozen=True, slots=True)
class _Member:
    stems: tuple[str, ...]
    groups: tuple[int, ...]
    negative: bool
    apart: bool  # a verb with its particle


def phrase_stems(text: str) -> tuple[str, ...]:
    """The stems of all words of a phrase."""
    return tuple(t.stem for s in read(text.replace("_", " ")).sentences for t in s.tokens)


def lines(table: str) -> list[list[str]]:
    """The groups of a table, as written; an indented line goes on with the one before it."""
    joined = table.strip().replace("\n    ", " ")
    return [[m.strip() for m in line.split(",")] for line in joined.splitlines()]


@cache
def groups_of() -> Mapping[tuple[str, ...], frozenset[int]]:
    """For the stems of each member the numbers of its groups."""
    found: dict[tuple[str, ...], set[int]] = {}
    for number, group in enumerate(lines(SAME)):
        for member in group:
            found.setdefault(phrase_stems(member), set()).add(number)
    return {stems: frozenset(numbers) for stems, numbers in found.items()}


@cache
def _by_first() -> Mapping[str, tuple[_Member, ...]]:
    found: dict[str, list[_Member]] = {}
    for stems, groups in groups_of().items():
        member = _Member(
            stems,
            tuple(sorted(groups)),
            any(s in NEGATORS for s in stems),
            len(stems) == 2 and stems[1] in PARTICLES,
        )
        found.setdefault(stems[0], []).append(member)
    return {first: tuple(members) for first, members in found.items()}


@lru_cache(maxsize=4_096)
def senses(stems: tuple[str, ...]) -> Mapping[int, tuple[Sense, ...]]:
    """Group -> where one of its members stands in a sentence with these stems, from left to right."""
    found: dict[int, list[Sense]] = {}
    members = _by_first()
    for i, stem in enumerate(stems):
        for member in members.get(stem, ()):
            last = _last(member, stems, i)
            if last is None:
                continue
            sense = Sense(i, last, member.negative)
            for group in member.groups:
                found.setdefault(group, []).append(sense)
    return {group: tuple(places) for group, places in found.items()}


def _last(member: _Member, stems: tuple[str, ...], i: int) -> int | None:
    n = len(member.stems)
    if stems[i : i + n] == member.stems:
        return i + n - 1
    if member.apart:
        for j in range(i + 2, min(i + 2 + MAX_APART, len(stems))):
            if stems[j] == member.stems[1]:
                return j
    return None


def said_instead(
    sentence: Sentence, wanted: Iterable[tuple[str, ...]]
) -> list[tuple[Sense, tuple[str, ...]]]:
    """Where something stands that means the same as one of the phrases (given as stems), and as which of them."""
    table, here = groups_of(), senses(sentence.stems)
    found: list[tuple[Sense, tuple[str, ...]]] = []
    for phrase in wanted:
        for group in sorted(table.get(phrase, ())):
            found.extend((sense, phrase) for sense in here.get(group, ()))
    return found
