"""The language of accepted wordings: compiles what authors write and finds it in what candidates say.

The language is described in docs/authoring.md. A wording matches inside one sentence: all its words close together,
in any order, compared by stem, with one typing slip allowed in long words, not negated and not in a question.
Does not know checkpoints, weights or scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from bot.errors import ContentError
from bot.scoring.gated import Gated
from bot.scoring.lexicon import DENIALS, FUNCTION_WORDS, NEGATORS
from bot.scoring.text import Document, Sentence, words_of

SLACK = 5
"""Other words that may stand between the words of a wording."""

MIN_FUZZY = 7
"""Stems at least this long may carry one typing slip."""

_NEGATIVE_PATTERN = re.compile(r"\b(?:not|no|never|cannot|without|none|neither|nor)\b|n't|n'\?t")

_TAKES_UP = ("it", "they", "this", "that")

Denial = Literal["negated", "affirmed", "question"]
"""`affirmed`: a negative wording that was said without its negation."""


Phrase = tuple[str, ...]
"""Stems that stand next to each other; usually one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One word of a wording: alternatives, any of which will do. `negation`: a negated clause will do as well."""

    phrases: tuple[Phrase, ...]
    negation: bool = False


@dataclass(frozen=True)
class Compiled:
    """A wording, ready to match. `negative` wordings hold a negation themselves."""

    source: str
    units: tuple[Unit, ...] = ()
    pattern: Gated | None = None
    negative: bool = False
    wants_negation: bool = False

    @property
    def window(self) -> int:
        """Largest number of tokens from the first matched word to the last."""
        return sum(max(map(len, u.phrases)) for u in self.units if u.phrases) + SLACK


@dataclass(frozen=True, slots=True)
class Match:
    """Where a wording was found. `start` and `end` are offsets in the original text, `words` those of the words that
    take part; `denied` says why it does not count, if it does not."""

    wording: str
    sentence: int
    start: int
    end: int
    denied: Denial | None = None
    words: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=20_000)
def compile_wording(source: str) -> Compiled:
    """The wording in a form that matches. Raises ContentError when it holds no word. Whether a pattern is one shows when it
    is first tried; content is checked when it is loaded (bot/domain/content.py)."""
    if source.startswith("re:"):
        body = source[3:].strip()
        spoken = body.replace(r"\b", " ")  # whose letter would stick to the word behind it
        return Compiled(source, pattern=Gated(body), negative=bool(_NEGATIVE_PATTERN.search(spoken)))
    parsed = [_unit(part) for part in source.split()]
    words = [u for u in parsed if u.phrases or u.negation]
    content = [u for u in words if not _only_function_words(u)]
    units = tuple(content if any(u.phrases for u in content) else words)
    if not any(u.phrases for u in units):
        raise ContentError(f"the wording {source!r} holds no word that could be matched")
    plain_negation = any(u.negation and not u.phrases for u in units)
    inside = any(s in NEGATORS for u in units for p in u.phrases for s in p)
    return Compiled(
        source,
        units=tuple(u for u in units if u.phrases),
        negative=plain_negation or inside or any(u.negation for u in units),
        wants_negation=plain_negation,
    )


def find(wordings: Iterable[str], document: Document, *, questions: bool = False) -> Match | None:
    """The first place where one of the wordings counts; else the first where it is said but denied; else None.

    `questions`: whether a question of the candidate counts as well.
    """
    denied: Match | None = None
    for source in wordings:
        compiled = compile_wording(source)
        for sentence in _where(compiled, document):
            found = match_sentence(compiled, sentence, questions=questions)
            if found is not None and found.denied is None:
                return found
            denied = denied or found
    return denied


def match_sentence(wording: Compiled, sentence: Sentence, *, questions: bool = False) -> Match | None:
    """Where the wording stands in this sentence, with the reason when that does not count."""
    best: Match | None = None
    for tokens, span in _places(wording, sentence):
        denied: Denial | None = None
        if sentence.is_question and not questions and not _said_first(sentence, tokens):
            denied = "question"
        else:
            denied = _wrong_polarity(wording, sentence, tokens)
        words = tuple((sentence.tokens[i].start, sentence.tokens[i].end) for i in tokens)
        match = Match(wording.source, sentence.index, *span, denied=denied, words=words)
        if denied is None:
            return match
        best = best or match
    return best


def near_misses(wording: Compiled, document: Document, *, questions: bool = False) -> Match | None:
    """A sentence that holds all words of the wording but one (wordings of three words and more)."""
    if wording.pattern is not None or len(wording.units) < 3:
        return None
    for left_out in range(len(wording.units)):
        units = wording.units[:left_out] + wording.units[left_out + 1 :]
        part = Compiled(wording.source, units, None, wording.negative, wording.wants_negation)
        for sentence in _where(part, document):
            found = match_sentence(part, sentence, questions=questions)
            if found is not None and found.denied is None:
                return found
    return None


def _unit(part: str) -> Unit:
    phrases: list[Phrase] = []
    negation = False
    for alternative in part.split("|"):
        words = words_of(alternative.replace("_", " "))
        if not words:
            continue
        if all(w.word in NEGATORS or w.word == "can" for w in words) and any(
            w.word in NEGATORS for w in words
        ):
            negation = True
            continue
        phrases.append(tuple(w.stem for w in words))
    return Unit(tuple(phrases), negation)


def _only_function_words(unit: Unit) -> bool:
    single = [p[0] for p in unit.phrases if len(p) == 1]
    return (
        not unit.negation and len(single) == len(unit.phrases) and all(s in _FUNCTION_STEMS for s in single)
    )


def _wrong_polarity(wording: Compiled, sentence: Sentence, tokens: list[int]) -> Denial | None:
    """Negated when in each clause that takes part in the match one of its words is negated, or in a clause that takes
    up the subject of the one before it ("accuracy, it is not misleading")."""
    negated_at = sentence.negated
    if spoken := frozenset(i for i in tokens if sentence.tokens[i].word in DENIALS):
        negated_at = sentence.negated_but(spoken)  # "the label is wrong" says so, and denies nothing
    clauses = {sentence.clauses[i] for i in tokens}
    denied = {sentence.clauses[i] for i in tokens if negated_at[i]}
    taken_up = any(
        sentence.tokens[sentence.clauses.index(c)].word in _TAKES_UP
        for c in denied - {min(clauses, default=0)}
    )
    negated = bool(tokens) and (clauses == denied or taken_up or _dismissed(sentence, tokens))
    if wording.wants_negation:
        return None if any(sentence.negated[i] for i in tokens) else "affirmed"
    return "negated" if negated and not wording.negative else None


def _said_first(sentence: Sentence, tokens: list[int]) -> bool:
    """Whether all of it was said before the question proper: "profile first: is it the join?"."""
    return bool(tokens) and max(tokens) < sentence.asked_from


def _dismissed(sentence: Sentence, tokens: list[int]) -> bool:
    """Whether one of the words is dismissed by words that are no part of the match: "profiling is a waste of time"."""
    return any(
        any(i in d.covered for i in tokens) and not any(i in d.cue for i in tokens)
        for d in sentence.dismissals
    )


def _where(wording: Compiled, document: Document) -> Iterable[Sentence]:
    """The sentences that hold enough of a wording to be looked at: most wordings have none in most answers."""
    if wording.pattern is not None:
        return document.sentences if wording.pattern.may_match(document.folded) else ()
    wanted = [u for u in wording.units if not u.negation]
    if not wanted:
        return document.sentences
    here = _holding_unit(document, wanted[0])
    for unit in wanted[1:]:
        here = here and here & _holding_unit(document, unit)
    return (document.sentences[i] for i in sorted(here))


def _holding_unit(document: Document, unit: Unit) -> frozenset[int]:
    return frozenset().union(*(_holding_phrase(document, p) for p in unit.phrases))


def _holding_phrase(document: Document, phrase: Phrase) -> frozenset[int]:
    apart = frozenset.intersection(*(_holding(document, s) for s in phrase))
    return apart.union(document.places.get("".join(phrase), ()))


@lru_cache(maxsize=20_000)
def _holding(document: Document, stem: str) -> frozenset[int]:
    """Which sentences hold a stem, or one that is a slip of it."""
    held = frozenset(document.places.get(stem, ()))
    if len(stem) < MIN_FUZZY:
        return held
    near = (s for size in (-1, 0, 1) for s in document.by_look.get((stem[0], len(stem) + size), ()))
    return held.union(*(document.places[s] for s in near if is_slip(s, stem)))


def _places(wording: Compiled, sentence: Sentence) -> Iterable[tuple[list[int], tuple[int, int]]]:
    if wording.pattern is not None:
        yield from _pattern_places(wording.pattern, sentence)
        return
    spans: list[list[tuple[int, int]]] = []
    missing = False
    for unit in wording.units:
        found = _unit_spans(unit, sentence)
        if found:
            spans.append(found)
        elif unit.negation:
            missing = True
        else:
            return  # most wordings end here, at their first word
    for start in sorted({first for group in spans for first, _ in group}):
        end = start + wording.window - 1
        inside = [[s for s in group if s[0] >= start and s[1] <= end] for group in spans]
        tokens = _apart(inside)
        if not tokens:
            continue
        if missing and not any(sentence.negated[i] for i in tokens):
            continue
        yield tokens, sentence.span(tokens[0], tokens[-1])


def _apart(groups: list[list[tuple[int, int]]]) -> list[int]:
    """The tokens of one span for each unit, none of which stands for two units; empty when there are not enough."""
    taken: set[int] = set()
    for group in sorted(groups, key=len):  # units with the fewest places choose first
        span = next((s for s in group if taken.isdisjoint(range(s[0], s[1] + 1))), None)
        if span is None:
            return []
        taken.update(range(span[0], span[1] + 1))
    return sorted(taken)


def _pattern_places(pattern: Gated, sentence: Sentence) -> Iterable[tuple[list[int], tuple[int, int]]]:
    try:
        found = pattern.finditer(sentence.folded)
    except re.error as error:
        raise ContentError(f"the pattern {pattern.source!r} is not a regular expression: {error}") from error
    for match in found:
        if match.end() > match.start():
            start, end = sentence.spots.span(match.start(), match.end() - 1)
            yield [i for i, t in enumerate(sentence.tokens) if t.end > start and t.start < end], (start, end)


def _unit_spans(unit: Unit, sentence: Sentence) -> list[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for phrase in unit.phrases:
        if len(phrase) == 1:
            found.update(_word_spans(phrase[0], sentence))
        else:
            found.update(_phrase_spans(phrase, sentence))
    return sorted(found)


def _word_spans(stem: str, sentence: Sentence) -> tuple[tuple[int, int], ...]:
    places = sentence.places
    if stem in places:
        return places[stem]
    if len(stem) < MIN_FUZZY:
        return ()
    first, size = stem[0], len(stem)
    for other, spans in places.items():
        if other[0] == first and -1 <= len(other) - size <= 1 and is_slip(other, stem):
            return spans
    return ()


def _phrase_spans(phrase: Phrase, sentence: Sentence) -> list[tuple[int, int]]:
    n = len(phrase)
    tokens = sentence.tokens
    found = [
        (i, i + n - 1)
        for i in range(len(tokens) - n + 1)
        if all(_alike(tokens[i + k].stem, s) for k, s in enumerate(phrase))
    ]
    return found or [s for s in sentence.places.get("".join(phrase), ()) if s[0] == s[1]]


def _alike(said: str, wanted: str) -> bool:
    return said == wanted or is_slip(said, wanted)


@lru_cache(maxsize=100_000)
def is_slip(said: str, wanted: str) -> bool:
    """Whether `said` is `wanted` with one typing slip (both long, same first letter)."""
    return (
        len(wanted) >= MIN_FUZZY
        and len(said) >= MIN_FUZZY - 1
        and said[0] == wanted[0]
        and OSA.distance(said, wanted, score_cutoff=1) == 1
    )


_FUNCTION_STEMS = frozenset(w.stem for small in FUNCTION_WORDS for w in words_of(small))
