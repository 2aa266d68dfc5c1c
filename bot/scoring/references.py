"""Scores an answer from reference answers alone, and proposes checkpoints from a reference for an author to edit.

The score is how much of a reference's content the answer states with the same polarity (statements.py): content words by
what they mean (thesaurus.py), forgiving forms and spelling through shared beginnings and letter sequences, words of the
question at half weight.
How fast credit saturates depends on the size of the reference only: of a long model answer nobody says all, of
a short one everything is needed. No weight was fitted to questions, no embedding is used, nothing is gained by length.
Figures: docs/validity.md. Does not know files or the command line.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.domain.content import Checkpoint
from bot.domain.judgement import Quote, Status, Verdict
from bot.scoring.evidence import quote
from bot.scoring.listing import asks_whether, listed, number_asked
from bot.scoring.statements import Flaws, Said, concepts_of, flaws_of, said_of, wanted_of
from bot.scoring.text import Sentence, Token, read
from bot.scoring.thesaurus import concept

QUESTION_WEIGHT = 0.5
"""Weight of a word that the question already contains."""
SEQUENCES = 0.5
"""Share of the letter sequences (3 and 4 letters over content words) in the coverage; the rest is words."""
GROW, POWER, STEEPEST = 4.5, 1.15, 7.0
"""How the size of a reference (weighted content words) bends the curve from coverage to score."""
CHANCE, CHOICE, TALK, MOST_CHANCE = 0.02, 0.09, 0.001, 0.3
"""Coverage that answers to other questions reach, worth nothing. It grows with the logarithm of the number of references,
as the best of many is easier to reach than one, and with each different word of the answer, as whoever says much about
something else meets more of a reference by chance; up to a bound."""
SIMILAR = 0.9
"""Value of a word that shares only its beginning with a reference word."""
IN_PASSING = 0.4
"""Value of a word that was used in passing (bot/scoring/statements.py)."""
OPPOSED = 0.5
"""What a reference word costs that the answer itself denies, as a share of what it would have earned."""
LIKE = 0.5
"""Share of common letter pairs from which a word counts as a form of a reference word for letter sequences."""
COVERED_FROM, PARTIAL_FROM = 0.6, 0.3
"""Share of a part's words that makes it covered, or partly covered, in the report."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one reference an answer states. `score` is 0..1; `share` the plain share before the curve."""

    score: float
    share: float
    verdicts: tuple[Verdict, ...]


def cover(question: str, reference: str, text: str, turn: int = 1) -> Coverage | None:
    """How much of a reference the answer `text` covers; None when the reference holds no content word.

    `text` must already be without spans that are no evidence (bot/scoring/evidence.py).
    """
    measured = _measure_alone(question, reference, text)
    return _explained(measured, question, text, turn) if measured is not None else None


@dataclass(frozen=True, slots=True)
class _Measured:
    """A reference with how much of it is said, before anything is explained."""

    reference: str
    said: Said
    share: float
    score: float


def _measure(question: str, reference: str, text: str, flaws: Flaws, references: int = 1) -> _Measured | None:
    wanted = _weights(reference, question)
    if not wanted:
        return None
    document = read(text)
    spoken = concepts_of(document)
    related = _related(spoken, frozenset(wanted))
    said = said_of(document, wanted_of(reference), related, flaws, asks_whether(question))
    share = _share(reference, question, said)
    chance = min(MOST_CHANCE, CHANCE + CHOICE * math.log(references) + TALK * len(spoken))
    score = max(curve(share, sum(wanted.values()), chance), _best_items(reference, question, said, chance))
    return _Measured(reference, said, share, score)


def _measure_alone(question: str, reference: str, text: str) -> _Measured | None:
    """The same where the answer follows this reference and no other."""
    return _measure(question, reference, text, flaws_of(read(text), (reference,)))


def _explained(measured: _Measured, question: str, text: str, turn: int) -> Coverage:
    parts = tuple(
        _part_verdict(f"part-{i}", part, question, measured.said, text, turn)
        for i, part in enumerate(split(measured.reference), 1)
    )
    return Coverage(score=measured.score, share=measured.share, verdicts=parts)


def _best_items(reference: str, question: str, said: Said, chance: float) -> float:
    """Where a question asks for fewer things than its reference lists: the mean over the best of them, else 0."""
    number = number_asked(question)
    items = [(i, sum(_weights(i, question).values())) for i in listed(reference)] if number else []
    if len(items) <= number:
        return 0.0
    each = [curve(_share(item, question, said), size, chance) for item, size in items]
    return math.fsum(sorted(each, reverse=True)[:number]) / number


def _share(reference: str, question: str, said: Said) -> float:
    wanted = _weights(reference, question)
    earned = sum(w * _value(stem, said) for stem, w in wanted.items())
    denied = sum(w for stem, w in wanted.items() if stem in said.opposed)
    words = max(0.0, earned - OPPOSED * denied) / sum(wanted.values())
    return (1 - SEQUENCES) * words + SEQUENCES * _sequences(reference, question, said.words)


def best_cover(question: str, references: Iterable[str], text: str, turn: int = 1) -> Coverage | None:
    """The best coverage over several references (any of them is a full answer)."""
    several = tuple(references)
    flaws = flaws_of(read(text), several)
    measured = (_measure(question, r, text, flaws, len(several)) for r in several)
    best = max((m for m in measured if m is not None), key=lambda m: m.score, default=None)
    return _explained(best, question, text, turn) if best is not None else None


def part_by_part(question: str, references: Iterable[str], text: str) -> float | None:
    """The best reference's score when each of its parts is scored by itself, as points of a rubric are: the mean by size.
    To be set beside a rubric: a long reference as a whole is easier to earn than its points one by one."""
    found: list[float] = []
    for reference in references:
        parts = [
            (sum(_weights(p, question).values()), _measure_alone(question, p, text)) for p in split(reference)
        ]
        total = math.fsum(w for w, m in parts if m is not None)
        if total:
            found.append(math.fsum(w * m.score for w, m in parts if m is not None) / total)
    return max(found, default=None)


def curve(share: float, size: float, chance: float = CHANCE) -> float:
    """Coverage 0..1 of a reference of that size -> score 0..1, monotone in the coverage, 1 at full coverage."""
    above = max(0.0, share - chance) / (1 - chance)
    bend = min(STEEPEST, max(0.05, (size / GROW) ** POWER))
    return min(1.0, (1 - math.exp(-above * bend)) / (1 - math.exp(-bend)))


def split(reference: str) -> tuple[str, ...]:
    """The parts of a reference: its sentences, long ones cut at their clauses."""
    parts = [
        " ".join(reference[tokens[0].start : tokens[-1].end].split())
        for sentence in read(reference).sentences
        for tokens in _pieces(sentence)
        if sum(t.is_content for t in tokens) >= 2 or len(sentence.tokens) < 4
    ]
    return tuple(dict.fromkeys(parts))


def propose(question: str, reference: str, *, dimension: str, limit: int = 10) -> tuple[Checkpoint, ...]:
    """Checkpoints proposed from a reference, for an author to edit; usable as they are.

    Each part of the reference becomes one must with wordings of its own words. Fewer than two content words give none.
    """
    proposed: list[Checkpoint] = []
    for number, part in enumerate(_heaviest(split(reference), question, limit), 1):
        wordings = _wordings(part, question)
        if wordings:
            proposed.append(
                Checkpoint(
                    id=f"part-{number}",
                    statement=part,
                    dimension=dimension,
                    any_of=wordings,
                    probe="What else belongs to a complete answer here?",
                )
            )
    return tuple(proposed)


@lru_cache(maxsize=1_024)
def _weights(reference: str, question: str) -> Mapping[str, float]:
    asked = concepts_of(read(question))
    found = dict.fromkeys(concept(t.stem) for t in read(reference).tokens if t.is_content)
    return {c: QUESTION_WEIGHT if c in asked else 1.0 for c in found}


def _related(names: Iterable[str], wanted: frozenset[str]) -> frozenset[str]:
    """The words of an answer that look like forms of a wanted word: the same beginning, or most letter pairs in common.
    Only these lend their letters, as unrelated words must not add up to a match by chance."""
    by_pair = _by_pair(wanted)
    found = {name for name in names if name in wanted or _resembles(name, by_pair)}
    return frozenset(found)


def _resembles(name: str, by_pair: Mapping[str, tuple[str, ...]]) -> bool:
    mine = _pairs(name)
    shared = Counter(other for pair in mine for other in by_pair.get(pair, ()))
    return any(
        similar(name, other)
        or (min(len(name), len(other)) >= 4 and 2 * n >= LIKE * (len(mine) + len(_pairs(other))))
        for other, n in shared.items()
    )


@lru_cache(maxsize=512)
def _by_pair(wanted: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(wanted):
        for pair in _pairs(name):
            found[pair].append(name)
    return {k: tuple(v) for k, v in found.items()}


@lru_cache(maxsize=50_000)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[i : i + 2] for i in range(len(name) - 1))


def _value(stem: str, said: Said) -> float:
    if stem in said.good:
        return 1.0
    if stem in said.passing:
        return IN_PASSING
    return SIMILAR if any(similar(stem, other) for other in said.by_prefix.get(stem[:4], ())) else 0.0


@lru_cache(maxsize=200_000)
def similar(one: str, other: str) -> bool:
    """Whether two stems share at least four letters and three fifths of the longer one at their beginning."""
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    return same >= 4 and same >= 0.6 * max(len(one), len(other))


def _sequences(reference: str, question: str, words: Sequence[str]) -> float:
    wanted_words = tuple(concept(t.stem) for t in read(reference).tokens if t.is_content)
    asked_words = tuple(concept(t.stem) for t in read(question).tokens if t.is_content)
    shares = []
    for length in (3, 4):
        wanted, asked, have = (_grams(w, length) for w in (wanted_words, asked_words, tuple(words)))
        weights = {g: QUESTION_WEIGHT if g in asked else 1.0 for g in wanted}
        total = sum(weights[g] * count for g, count in wanted.items())
        shares.append(
            sum(weights[g] * min(count, have[g]) for g, count in wanted.items()) / total if total else 0.0
        )
    return sum(shares) / len(shares)


@lru_cache(maxsize=4_096)
def _grams(words: tuple[str, ...], length: int) -> Counter[str]:
    text = f"_{'_'.join(words)}_"
    return Counter(text[i : i + length] for i in range(len(text) - length + 1))


def _part_verdict(name: str, part: str, question: str, said: Said, text: str, turn: int) -> Verdict:
    wanted = _weights(part, question)
    size = sum(wanted.values())
    if not size:
        return Verdict(checkpoint=name, status=Status.ABSENT, why=f"“{part}”: no content word")
    share = sum(w * _value(stem, said) for stem, w in wanted.items()) / size
    denied = sum(w for stem, w in wanted.items() if stem in said.denied) / size
    why = f"“{part}”: {share:.0%} of its words are stated"
    if denied > share and denied >= PARTIAL_FROM:
        return Verdict(
            checkpoint=name,
            status=Status.WRONG,
            quotes=_denial(wanted, said, text, turn),
            why=f"{why}, {denied:.0%} are denied",
        )
    status = (
        Status.COVERED
        if share >= COVERED_FROM
        else Status.PARTIAL
        if share >= PARTIAL_FROM
        else Status.ABSENT
    )
    quotes = _best_quote(wanted, said, text, turn) if status is not Status.ABSENT else ()
    if not quotes and status is not Status.ABSENT:
        status = Status.ABSENT
    return Verdict(checkpoint=name, status=status, quotes=quotes, why=why)


def _best_quote(wanted: Mapping[str, float], said: Said, text: str, turn: int) -> tuple[Quote, ...]:
    scores: defaultdict[int, float] = defaultdict(float)
    for name, weight in wanted.items():
        forms = {name, *(s for s in said.by_prefix.get(name[:4], ()) if similar(name, s))}
        for number in {n for form in forms for n in said.where.get(form, ())}:
            scores[number] += weight
    if not scores:
        return ()
    sentence = said.sentences[min(scores, key=lambda n: (-scores[n], n))]
    return (quote(text, turn, sentence.start, sentence.end),)


def _denial(wanted: Mapping[str, float], said: Said, text: str, turn: int) -> tuple[Quote, ...]:
    for sentence in said.sentences:
        if any(c in wanted and c in said.denied for c in (concept(t.stem) for t in sentence.tokens)):
            return (quote(text, turn, sentence.start, sentence.end),)
    return ()


def _pieces(sentence: Sentence, longest: int = 25) -> list[list[Token]]:
    if len(sentence.tokens) <= longest:
        return [list(sentence.tokens)]
    pieces: dict[int, list[Token]] = {}
    for token, clause in zip(sentence.tokens, sentence.clauses, strict=True):
        pieces.setdefault(clause, []).append(token)
    return list(pieces.values())


def _heaviest(parts: Sequence[str], question: str, limit: int) -> list[str]:
    """The parts with most content, in their own order."""
    ranked = sorted(range(len(parts)), key=lambda i: (-sum(_weights(parts[i], question).values()), i))[:limit]
    return [parts[i] for i in sorted(ranked)]


def _wordings(part: str, question: str) -> tuple[str, ...]:
    """Wordings of a part's own words: neighbours in pairs, and the three longest words together.

    Negations stay with the word they stand before, so that a negative statement wants its negation.
    """
    weights = _weights(part, question)
    document = read(part)
    content = [
        (t, n) for s in document.sentences for t, n in zip(s.tokens, s.negated, strict=True) if t.is_content
    ]
    fresh = [(t, n) for t, n in content if weights[concept(t.stem)] == 1.0] or content
    if len(fresh) < 2:
        return tuple(_word(t, n) for t, n in fresh)
    pairs = [f"{_word(*a)} {_word(*b, alone=a[1])}" for a, b in pairwise(fresh)]
    longest = sorted(dict.fromkeys(fresh), key=lambda x: (-len(x[0].word), x[0].start))[:3]
    together = sorted(longest, key=lambda x: x[0].start)
    triple = (
        " ".join(_word(t, n, alone=i > 0) for i, (t, n) in enumerate(together)) if len(together) == 3 else ""
    )
    return tuple(dict.fromkeys(w for w in (triple, *pairs[:6]) if w))


def _word(token: Token, negated: bool, alone: bool = False) -> str:
    return f"not {token.word}" if negated and not alone else token.word
