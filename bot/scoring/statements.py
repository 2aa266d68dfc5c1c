"""What an answer states, held against one reference: its words as concepts, each with or against the reference's polarity.

A word counts with the reference when both deny it or neither does; "prevents X" may stand for "no X", "not the same" for
"different". Where a short reference says one thing and a clause about the same says its opposite, that clause is denied; so
is one that contradicts another of several references. Sentences that recite a reference's words state nothing, shuffled
ones hardly anything. Knows neither weights nor scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.scoring.lexicon import BE, FINITE, FOREIGN_GLUE, FUNCTION_WORDS, PLAIN, word_set
from bot.scoring.polarity import Word, contradicted, units_of, words_of
from bot.scoring.recital import is_shuffled, recited
from bot.scoring.text import Document, Sentence, read
from bot.scoring.thesaurus import concept, opposites

STRAY, STRAY_PLAIN, STRAY_DENIED = 0.25, 0.6, 0.6
"""A sentence that shares a single word with the reference, or plain words ("many", "different") only, states something
when that is this share of its words; else a word was used in passing. A denial that shares a single word denies something
else: "no path of its own" is not "not in their path"."""
SPREAD = 0.5
"""When this share of a sentence's matches is denied, the sentence as a whole denies."""
FOREIGN_FROM, FOREIGN = 8, 0.2
"""A sentence of so many words is in another language when this share, and more than ours, are its small words."""
SHORT = 12
"""Up to so many concepts a reference is one statement, and the opposite of one of its words contradicts it; in longer ones
both sides come up."""

_ASKING = BE | FINITE | word_set("what why how which who whom whose when where")
"""Words that begin a question; "open path?" is an unsure answer, "is the path open?" none."""

_PLAIN = frozenset(concept(s) for s in read(" ".join(sorted(PLAIN))).stems)


@dataclass(frozen=True)
class Said:
    """The concepts of an answer that state something, against one reference: `good` with the reference's polarity."""

    good: frozenset[str]
    denied: frozenset[str]
    opposed: frozenset[str]  # of the denied ones, those that the answer itself puts behind a "not"
    passing: frozenset[str]  # the only word of their sentence that the reference knows
    words: tuple[str, ...]  # good concepts that the reference knows, in order, for letter sequences
    by_prefix: Mapping[str, tuple[str, ...]]
    sentences: tuple[Sentence, ...]
    where: Mapping[str, tuple[int, ...]]  # concept -> places in `sentences` that state it


@dataclass(frozen=True)
class Flaws:
    """What keeps sentences of an answer from stating what their words say, whichever of several references is meant."""

    contradicted: tuple[frozenset[int], ...]  # for each sentence, the clauses that contradict a reference
    silent: frozenset[int]  # sentences that state nothing: questions, recitals, other languages
    shuffled: bool


def flaws_of(answer: Document, references: Sequence[str]) -> Flaws:
    """The flaws of an answer beside all references that it may follow."""
    units = tuple(u for r in references for u in units_of(r))
    unstated = (i for i, s in enumerate(answer.sentences) if _asks(s) or _is_foreign(s))
    return Flaws(
        contradicted=tuple(contradicted(words_of(s), units) for s in answer.sentences),
        silent=recited(answer, references).union(unstated),
        shuffled=is_shuffled(answer),
    )


@dataclass(frozen=True)
class Wanted:
    """A reference, read: its concepts, how each is meant, and which stand together in a clause."""

    concepts: frozenset[str]
    literal: Mapping[str, frozenset[bool]]  # concept -> whether it stands in the scope of a negation
    meant: Mapping[str, frozenset[bool]]  # the same, verbs that deny counted as negations
    clauses: tuple[frozenset[str], ...]
    rejects: bool  # it rejects a statement itself

    def opposes(self, word: str, negated: bool) -> str | None:
        """The wanted concept that this word is the opposite of, said like this; None when it says the same or nothing."""
        for other in sorted(opposites(word)):
            if other in self.concepts and word not in self.concepts and negated in self.literal[other]:
                return other
        return None

    def restates(self, word: str, negated: bool) -> str | None:
        """The wanted concept that this word says with the opposite word and the other polarity."""
        for other in sorted(opposites(word)):
            if other in self.concepts and word not in self.concepts and self.literal[other] == {not negated}:
                return other
        return None

    def agrees(self, word: Word) -> bool:
        """Whether a word has the reference's polarity; words that it does not know are to be affirmed."""
        return word.negated in self.literal.get(word.concept, _AFFIRMED) or (
            word.meant in self.meant.get(word.concept, _AFFIRMED)
        )


_AFFIRMED, _DENIED = frozenset((False,)), frozenset((True,))


@lru_cache(maxsize=512)
def wanted_of(reference: str) -> Wanted:
    """A reference, read for its polarity."""
    literal: defaultdict[str, set[bool]] = defaultdict(set)
    meant: defaultdict[str, set[bool]] = defaultdict(set)
    clauses: list[frozenset[str]] = []
    document = read(reference)
    for sentence in document.sentences:
        together: defaultdict[int, set[str]] = defaultdict(set)
        for word in words_of(sentence):
            literal[word.concept].add(word.negated)
            meant[word.concept].add(word.meant)
            together[word.clause].add(word.concept)
        clauses += [frozenset(c) for c in together.values()]
    return Wanted(
        concepts=frozenset(literal),
        literal={k: frozenset(v) for k, v in literal.items()},
        meant={k: frozenset(v) for k, v in meant.items()},
        clauses=tuple(clauses),
        rejects=any(any(s.rejected) for s in document.sentences),
    )


def said_of(
    answer: Document, wanted: Wanted, related: frozenset[str], flaws: Flaws, whether: bool = False
) -> Said:
    """What an answer states. `related`: its concepts that the reference knows, also in another form; `whether`: the
    question asks whether something holds, so that rejecting a statement may be the answer."""
    rejects = whether or wanted.rejects
    good: set[str] = set()
    denied: set[str] = set()
    opposed: set[str] = set()
    passing: set[str] = set()
    words: list[str] = []
    where: defaultdict[str, list[int]] = defaultdict(list)
    for number, sentence in enumerate(answer.sentences):
        if number in flaws.silent:
            continue
        here = words_of(sentence)
        flags = _flags(here, wanted, rejects, flaws.contradicted[number])
        opposed.update(n for w, (n, wrong) in zip(here, flags, strict=True) if wrong and w.negated)
        matched = [wrong for name, wrong in flags if name in wanted.concepts]
        all_wrong = any(matched) and sum(matched) >= SPREAD * len(matched)
        stated = [name for name, wrong in flags if not (wrong or all_wrong)]
        known = {name for name in stated if name in related or name in wanted.concepts}
        if flaws.shuffled or not _tells(stated, known, {w.concept for w in here if w.negated}):
            passing.update(known - _PLAIN)
            continue
        good.update(stated)
        words += [name for name in stated if name in known]
        denied.update(name for name, wrong in flags if wrong or all_wrong)
        for name in set(stated):
            where[name].append(number)
    by_prefix: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(good):
        by_prefix[name[:4]].append(name)
    return Said(
        frozenset(good),
        frozenset(denied - good),
        frozenset((opposed & wanted.concepts) - good),
        frozenset(passing - good),
        tuple(words),
        {k: tuple(v) for k, v in by_prefix.items()},
        answer.sentences,
        {k: tuple(v) for k, v in where.items()},
    )


def _asks(sentence: Sentence) -> bool:
    return sentence.is_question and sentence.tokens[0].word in _ASKING


def _tells(stated: Sequence[str], known: set[str], negated: set[str]) -> bool:
    """Whether a sentence states something that the reference is about, and does not only use one of its words."""
    telling = known - _PLAIN
    if len(known) >= 2 and telling:
        return True
    least = STRAY_PLAIN if not telling else STRAY_DENIED if known <= negated else STRAY
    return len(known) >= len(set(stated)) * least


def _is_foreign(sentence: Sentence) -> bool:
    """Whether a sentence is in another language: words that both languages have would count as said."""
    words = [t.word for t in sentence.tokens]
    theirs, ours = (sum(w in known for w in words) for known in (FOREIGN_GLUE, FUNCTION_WORDS))
    return len(words) >= FOREIGN_FROM and theirs >= FOREIGN * len(words) and theirs > ours


def concepts_of(document: Document) -> frozenset[str]:
    """The concepts of all content words."""
    return frozenset(concept(s) for s in document.stems)


def _flags(
    words: Sequence[Word], wanted: Wanted, rejects: bool, against: frozenset[int]
) -> list[tuple[str, bool]]:
    """Each concept with whether it stands against the reference. `against`: clauses that contradict one of them."""
    if len(wanted.concepts) <= SHORT:
        against = against | _opposites_turned(words, wanted)
    return [
        (w.concept, not wanted.agrees(w) or (w.rejected and not rejects) or w.clause in against)
        for w in words
    ]


def _opposites_turned(words: Sequence[Word], wanted: Wanted) -> frozenset[int]:
    """Reads "not the same" as "different" where the reference says so, and the other way round; returns the clauses
    that say the opposite of a clause of the reference with which they share another word."""
    here = {w.concept for w in words}
    contradicted: set[int] = set()
    for i, word in enumerate(words):
        if word.rejected:
            continue
        if other := wanted.restates(word.concept, word.negated):
            _restate(words, i, other, wanted)
        elif (other := wanted.opposes(word.concept, word.negated)) and other not in here:
            mine = {w.concept for w in words if w.clause == word.clause}
            if any(other in clause and mine & clause for clause in wanted.clauses):
                contradicted.add(word.clause)
    return frozenset(contradicted)


def _restate(words: Sequence[Word], i: int, other: str, wanted: Wanted) -> None:
    """Puts the reference's word in the place of its opposite, and turns the polarity of what belongs to it."""
    word = words[i]
    word.concept = other
    turned = (
        _run(words, i)
        if word.negated
        else [w for w in words if wanted.literal.get(w.concept, _AFFIRMED) == _DENIED]
    )
    was = word.negated
    for near in turned:
        if near.clause == word.clause and near.negated == was:
            near.negated, near.meant = not near.negated, not near.meant


def _run(words: Sequence[Word], i: int) -> list[Word]:
    """The negated words around a negated one."""
    first = last = i
    while first > 0 and words[first - 1].negated:
        first -= 1
    while last + 1 < len(words) and words[last + 1].negated:
        last += 1
    return list(words[first : last + 1])
