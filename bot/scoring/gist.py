"""How much of what a checkpoint says stands in one place of an answer, in whatever words.

The statement of a checkpoint and its wordings give concept words with weights: words of every interview weigh little,
words that other checkpoints of the question share weigh less, words of the opening less again. A place is a
stretch of some thirty words. The weights are rules, the same for every question, and nothing is learned from answers. Does
not know whether enough was said: that is for the judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.content import Checkpoint, Question
from bot.scoring.lexicon import EVERYDAY, FAMILIAR, NEGATORS
from bot.scoring.likeness import groups_of, senses
from bot.scoring.text import Document, Sentence, read, stem
from bot.scoring.wordings import compile_wording

LITTLE, SOME, FULL = 0.1, 0.3, 0.75
"""Weight of a word of every interview, of many, and of any other."""
SHARED = 1.0
"""A word that n checkpoints of the question use weighs 1 / (1 + SHARED * (n - 1)) of it."""
ASKED = 0.6
"""What is left of the weight of a word of the opening."""
GIVEN = 0.6
"""And of one that the interviewer's probe or a hint but the last may have put into the candidate's mouth."""
OTHERWISE = 0.6
"""Worth of a word that was said in another way."""
OF_WORDINGS = 0.5
"""Worth of words that only the wordings have."""

REACH, NEIGHBOURS = 30, 3
"""A place has at most so many words, in at most so many neighbouring sentences."""
LEAST = 3
"""Words of a point that must be said before it is spoken of; one of them must be its own."""
PER_WEIGHT = 0.1
"""What a unit of weight adds to the share of the statement: long statements are never said whole."""

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Gist:
    """The concept words of a checkpoint with their weights. `total`: of the statement's words together."""

    said: Mapping[Phrase, float]  # words of the statement
    worded: Mapping[Phrase, float]  # words of the wordings
    total: float
    own: frozenset[Phrase]  # words that no other checkpoint of the question uses, nor its opening
    negative: bool  # the statement itself denies something


@dataclass(frozen=True, slots=True)
class Place:
    """Where most of a gist stands: sentences `first` to `last` (indices), with the weight and share found."""

    first: int
    last: int
    weight: float
    share: float
    words: tuple[str, ...]

    @property
    def score(self) -> float:
        """One number for both: weight found, and share of the statement."""
        return _score(self.share, self.weight)


def gist_of(checkpoint: Checkpoint, question: Question | None) -> Gist:
    """The concept words of a checkpoint, seen beside the question's other checkpoints."""
    others = tuple(c.statement for c in question.checkpoints if c.id != checkpoint.id) if question else ()
    wordings = (*checkpoint.any_of, *(w for g in checkpoint.all_of for w in g))
    hints = " ".join(h.text for h in question.hints[:-1]) if question else ""
    return _gist(
        checkpoint.statement,
        wordings,
        others,
        question.opening if question else "",
        f"{checkpoint.probe} {hints}",
    )


@lru_cache(maxsize=4_096)
def _gist(
    statement: str, wordings: tuple[str, ...], others: tuple[str, ...], opening: str, given: str
) -> Gist:
    shared = Counter(s for text in others for s in read(text).stems)
    asked = dict.fromkeys(read(opening).stems, ASKED)
    asked.update((s, GIVEN) for s in read(given).stems)
    own: set[Phrase] = {(t.stem,) for t in read(statement).tokens if t.is_content}
    said = {p: _weight(p, shared, asked) for p in sorted(own)}
    compiled = [compile_wording(w) for w in wordings]
    more = {p.stems for c in compiled for u in c.units for p in u.phrases} - own
    worded = {p: OF_WORDINGS * _weight(p, shared, asked) for p in sorted(more)}
    negative = any(t.word in NEGATORS for t in read(statement).tokens) or any(c.negative for c in compiled)
    alone = frozenset(
        p
        for p, weight in (*said.items(), *worded.items())
        if weight > LITTLE and not any(s in shared or s in asked for s in p)
    )
    return Gist(said, worded, sum(said.values()), alone, negative)


def _weight(phrase: Phrase, shared: Mapping[str, int], asked: Mapping[str, float]) -> float:
    return max(_common(s) / (1 + SHARED * shared.get(s, 0)) * asked.get(s, 1.0) for s in phrase)


def _common(s: str) -> float:
    return LITTLE if s in _EVERYDAY else SOME if s in _FAMILIAR else FULL


_EVERYDAY = frozenset(stem(w) for w in EVERYDAY)
_FAMILIAR = frozenset(stem(w) for w in FAMILIAR) - _EVERYDAY


@dataclass(frozen=True, slots=True)
class _Hit:
    at: int  # number of the token in the document
    sentence: int
    token: int
    phrase: Phrase
    weight: float


def best_place(
    gist: Gist, document: Document, *, questions: bool = False, enough: bool = True
) -> Place | None:
    """The stretch of at most REACH words, over at most NEIGHBOURS sentences, that holds most of a gist.

    `questions`: whether questions of the candidate count. `enough`: whether it must hold LEAST words, one of them the
    point's own; else any place will do.
    """
    if not gist.total:  # a statement without a word of its own has no share to measure
        return None
    hits = sorted(_hits(gist, document, questions), key=lambda h: (h.at, -h.weight, h.phrase))
    best: tuple[float, list[_Hit]] | None = None
    for i, first in enumerate(hits):
        if i and hits[i - 1].at == first.at:
            continue
        inside = [h for h in hits[i:] if h.at < first.at + REACH and h.sentence < first.sentence + NEIGHBOURS]
        if enough and not _is_enough(gist, inside):
            continue
        share, weight = _held(gist, inside)
        score = _score(share, weight)
        if best is None or score > best[0] + 1e-9:
            best = (score, inside)
    if best is None:
        return None
    return _place(gist, document, best[1])


def _is_enough(gist: Gist, hits: Sequence[_Hit]) -> bool:
    said = min(len({h.at for h in hits}), len({h.phrase for h in hits}))
    return said >= LEAST and any(h.phrase in gist.own for h in hits)


def _hits(gist: Gist, document: Document, questions: bool) -> list[_Hit]:
    found: list[_Hit] = []
    start = 0
    for number, sentence in enumerate(document.sentences):
        until = len(sentence.tokens) if questions else sentence.asked_from
        found += (h for h in _in_sentence(gist, sentence, number, start) if h.token < until)
        start += len(sentence.tokens)
    return found


def _in_sentence(gist: Gist, sentence: Sentence, number: int, start: int) -> Iterator[_Hit]:
    here = _sayable(gist, sentence)
    if not here:
        return
    places, groups, table = sentence.places, senses(sentence.stems), groups_of()
    for part in (gist.said, gist.worded):
        for phrase, weight in part.items():
            literal = [i for i in _at(phrase, sentence, places) if i in here]
            for i in literal:
                yield _Hit(start + i, number, i, phrase, weight)
            if part is gist.said and weight > LITTLE and not literal:
                for group in sorted(table.get(phrase, ())):
                    for sense in groups.get(group, ()):
                        if sense.first in here or sense.negative:
                            yield _Hit(start + sense.first, number, sense.first, phrase, OTHERWISE * weight)


def _held(gist: Gist, hits: Iterable[_Hit]) -> tuple[float, float]:
    """Share of the statement's weight and weight altogether, each phrase counted once."""
    best: dict[Phrase, float] = {}
    for hit in hits:
        best[hit.phrase] = max(hit.weight, best.get(hit.phrase, 0.0))
    stated = sum(w for p, w in best.items() if p in gist.said)
    return round(stated / gist.total, 6), round(sum(best.values()), 6)


def _score(share: float, weight: float) -> float:
    return share + PER_WEIGHT * weight


def _place(gist: Gist, document: Document, hits: Sequence[_Hit]) -> Place:
    share, weight = _held(gist, hits)
    heavy = sorted(hits, key=lambda h: (-h.weight, h.at))
    words = [document.sentences[h.sentence].tokens[h.token].word for h in heavy]
    return Place(
        min(h.sentence for h in hits),
        max(h.sentence for h in hits),
        weight,
        share,
        tuple(dict.fromkeys(words)),
    )


def _sayable(gist: Gist, sentence: Sentence) -> frozenset[int]:
    """Tokens that can count: those that are not denied nor waved away, or all when the point itself denies something."""
    if gist.negative and not (sentence.denied or sentence.blanket):
        return frozenset(range(len(sentence.tokens)))
    denied = {i for i, n in enumerate(sentence.negated) if n}
    for dismissal in sentence.dismissals:
        if not any((sentence.tokens[i].stem,) in gist.said for i in dismissal.cue):
            denied.update(dismissal.covered)
    return frozenset(i for i in range(len(sentence.tokens)) if i not in denied)


def _at(
    phrase: Phrase, sentence: Sentence, places: Mapping[str, tuple[tuple[int, int], ...]]
) -> Iterable[int]:
    if len(phrase) == 1:
        return [first for first, _ in places.get(phrase[0], ())]
    stems, n = sentence.stems, len(phrase)
    return [i for i in range(len(stems) - n + 1) if stems[i : i + n] == phrase]
