"""Which way each word of a clause is said, and which clauses say the contrary of a reference.

A word stands in the scope of a negation or not; a verb that denies ("prevents") turns round what follows it. With several
references a clause speaks of the one that it is nearest to: "1 is connected to the positive pole" answers "1 and the
positive pole are not connected", and not "1 is connected to the negative pole". Knows neither weights nor scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.scoring.text import Sentence, read
from bot.scoring.thesaurus import concept, denying, opposites

NEAR, NEARER = 0.4, 0.1
"""Share of common words (twice the common ones over all) from which a clause speaks of a reference's clause, and by how
much the one that it contradicts must be nearer than any that it agrees with."""


@dataclass(slots=True)
class Word:
    """A content word: `negated` by a negation's scope, `meant` with verbs that deny counted as negations."""

    concept: str
    negated: bool
    meant: bool
    rejected: bool
    clause: int


Unit = Mapping[str, tuple[bool, bool]]
"""A clause or sentence of a reference: each concept with whether it is `negated` and `meant` to be denied."""


def words_of(sentence: Sentence) -> list[Word]:
    """The content words of a sentence."""
    found: list[Word] = []
    clause, turned = -1, False
    rows = zip(sentence.tokens, sentence.negated, sentence.rejected, sentence.clauses, strict=True)
    for token, negated, rejected, number in rows:
        turned = turned and number == clause
        clause = number
        if token.is_content:
            name = concept(token.stem)
            found.append(Word(name, negated, negated != turned, rejected, number))
            turned = turned or name in denying()
    return found


@lru_cache(maxsize=512)
def units_of(reference: str) -> tuple[Unit, ...]:
    """The clauses and sentences of a reference; "whether or not ..." says neither the one nor the other."""
    found: list[Unit] = []
    for sentence in read(reference).sentences:
        if any(t.word == "whether" for t in sentence.tokens):
            continue
        words = words_of(sentence)
        found += [_unit(clause) for clause in _clauses(words).values() if len(clause) > 1]
        found.append(_unit(words))
    return tuple(found)


def contradicted(words: Iterable[Word], units: Sequence[Unit]) -> frozenset[int]:
    """The clauses of a sentence that say what a reference says, with the other polarity, and nothing nearer to what
    another one says."""
    return frozenset(number for number, clause in _clauses(words).items() if _contradicts(clause, units))


def _clauses(words: Iterable[Word]) -> dict[int, list[Word]]:
    found: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        found[word.clause].append(word)
    return found


def _unit(words: Iterable[Word]) -> Unit:
    return {w.concept: (w.negated, w.meant) for w in words}


def _contradicts(clause: Sequence[Word], units: Sequence[Unit]) -> bool:
    mine = {w.concept for w in clause}
    against = agreeing = 0.0
    for unit in units:
        shared = mine & unit.keys()
        instead = _opposite_words(mine, unit)
        if len(shared) + len(instead) < 2:
            continue
        near = 2 * (len(shared) + len(instead)) / (len(mine) + len(unit))
        if _agrees(clause, unit, shared, instead):
            agreeing = max(agreeing, near)
        elif not instead and len(shared) == min(len(mine), len(unit)):
            against = max(against, near)
    return against >= NEAR and against > agreeing + NEARER


def _opposite_words(mine: set[str], unit: Unit) -> dict[str, str]:
    """The words in whose place the unit has their opposite."""
    return {
        word: other
        for word in mine - unit.keys()
        for other in sorted(opposites(word))
        if other in unit and other not in mine
    }


def _agrees(clause: Sequence[Word], unit: Unit, shared: set[str], instead: Mapping[str, str]) -> bool:
    """Whether both deny or neither does; each word with its opposite in its place turns that round."""
    ours = [w for w in clause if w.concept in shared or w.concept in instead]
    theirs = [unit[c] for c in (*shared, *instead.values())]
    turned = len(instead) % 2 == 1
    literal = any(w.negated for w in ours) == any(n for n, _ in theirs)
    meant = any(w.meant for w in ours) == any(m for _, m in theirs)
    return literal != turned or meant != turned
