"""What counts as the candidate's own words: quotes that are really there, and spans that are not evidence.

Removed are instruction-like text, fake verdicts, transcripts, copies of the question or of the interviewer, repeated
sentences and bare keyword lists. Removal blanks the span and keeps every offset, so that a quote from what is left
is a quote from the utterance. Does not know checkpoints or scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.domain.judgement import Quote, Removed
from bot.scoring.lexicon import NEGATORS
from bot.scoring.orders import instructions, pasted_lines
from bot.scoring.pasted import copied
from bot.scoring.stuffing import dressed, lists, salad, stretches
from bot.scoring.text import Document, fold, read

MAX_QUOTE = 240
ECHO_RUN = 8
"""This many words in a row taken over from the question or the interviewer are a copy."""
ECHO_SHARE = 0.75
"""A sentence that long of which this share was taken over in runs of three words and more is a copy as a whole."""
Why = Literal["instruction", "echo_question", "echo_interviewer", "pasted", "article", "repeated", "stuffing"]


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody else's words that the candidate may have copied."""

    text: str
    why: Literal["echo_question", "echo_interviewer"]


def quote(text: str, turn: int, start: int, end: int) -> Quote:
    """A quote that shows `text[start:end]` in its sentence, at most 240 characters, trimmed of blanks."""
    sentence = next((s for s in read(text).sentences if s.start <= start and end <= s.end), None)
    left, right = (sentence.start, sentence.end) if sentence else (start, end)
    if right - left > MAX_QUOTE:
        room = max(0, MAX_QUOTE - (end - start)) // 2
        left, right = max(left, start - room), min(right, max(end, start - room + MAX_QUOTE))
        right = min(right, left + MAX_QUOTE)
        left, right = _to_word_ends(text, left, right, start, end)
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return Quote(turn=turn, start=left, end=right, text=text[left:right])


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where these words stand in the text, blanks, case and look-alike letters folded; None when they do not."""
    needle, _ = fold(words)
    wanted = needle.split()
    if not wanted:
        return None
    chars, spots = fold(text)
    pattern = r"\s+".join(re.escape(w) for w in wanted)
    found = re.search(pattern, chars)
    return spots.span(found.start(), found.end() - 1) if found else None


def is_verbatim(said: Quote, text: str) -> bool:
    """Whether the quote is exactly what stands at its place."""
    return 0 <= said.start < said.end <= len(text) and text[said.start : said.end] == said.text


def overlaps(start: int, end: int, removed: Iterable[Removed]) -> bool:
    """Whether a span touches a removed one."""
    return any(start < r.end and r.start < end for r in removed)


def without(text: str, removed: Iterable[Removed]) -> str:
    """The text with removed spans blanked (line ends at their borders): same length, same offsets."""
    chars = list(text)
    for span in removed:
        chars[span.start : span.end] = " " * (span.end - span.start)
        chars[span.start] = chars[span.end - 1] = "\n"
    return "".join(chars)


def find_removed(
    text: str,
    turn: int,
    others: Sequence[Said] = (),
    own_before: Sequence[str] = (),
    articles: Sequence[str] = (),
) -> tuple[Removed, ...]:
    """Every span that must not be read as evidence, in order, without overlaps.

    `others`: the question and what the interviewer said; `own_before`: the candidate's earlier answers (words that the
    interviewer took from them are still the candidate's own); `articles`: slugs of the shipped articles whose text is
    nobody's answer when it is pasted.
    """
    return _find_removed(text, turn, tuple(others), tuple(own_before), tuple(articles))


@lru_cache(maxsize=512)  # each answer is asked about again at every later answer to the same question
def _find_removed(
    text: str, turn: int, others: tuple[Said, ...], own_before: tuple[str, ...], articles: tuple[str, ...]
) -> tuple[Removed, ...]:
    spans: list[tuple[int, int, Why]] = [(a, b, "instruction") for a, b in instructions(text)]
    spans += [(a, b, "pasted") for a, b in pasted_lines(text)]
    spans += [(a, b, "article") for a, b in copied(text, articles)]
    document = read(text)
    own = set().union(*(_runs_of(t) for t in own_before))
    for said in others:
        spans += [(a, b, said.why) for a, b in _echoes(document, said.text, own)]
    spans += [(a, b, "repeated") for a, b in _repeated(document)]
    spans += [(a, b, "stuffing") for a, b in (*lists(document), *salad(document), *dressed(document))]
    return tuple(Removed(turn=turn, start=a, end=b, why=why) for a, b, why in _disjoint(spans))


def _to_word_ends(text: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    while left < start and left > 0 and not text[left - 1].isspace():
        left += 1
    while right > end and right < len(text) and not text[right].isspace():
        right -= 1
    return left, right


@lru_cache(maxsize=1_024)
def _runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Every three stems in a row."""
    stems = [t.stem for t in read(text).tokens]
    return frozenset(tuple(stems[i : i + 3]) for i in range(len(stems) - 2))


def _echoes(document: Document, source: str, own: set[tuple[str, ...]]) -> list[tuple[int, int]]:
    theirs = _runs_of(source) - own
    if not theirs:
        return []
    found: list[tuple[int, int]] = []
    for sentence in document.sentences:
        stems = [t.stem for t in sentence.tokens]
        taken = [False] * len(stems)
        for i in range(len(stems) - 2):
            if tuple(stems[i : i + 3]) in theirs:
                taken[i : i + 3] = [True] * 3
        if len(stems) >= ECHO_RUN and sum(taken) >= ECHO_SHARE * len(stems):
            found.append((sentence.start, sentence.end))
            continue
        found += [
            sentence.span(a, b)
            for a, b in stretches(taken)
            if b - a + 1 >= ECHO_RUN and sum(t.is_content for t in sentence.tokens[a : b + 1]) >= 3
        ]
    return found


def _repeated(document: Document) -> list[tuple[int, int]]:
    """Sentences whose words were all said before in this answer, in the same order (negations compared too), and the
    second half of a sentence that says the first again."""
    seen: set[tuple[str, ...]] = set()
    found: list[tuple[int, int]] = []
    for sentence in document.sentences:
        stems = [t.stem for t in sentence.tokens]
        half = len(stems) // 2
        if half >= 3 and len(stems) % 2 == 0 and stems[:half] == stems[half:]:
            found.append(sentence.span(half, len(stems) - 1))
        key = tuple(t.stem for t in sentence.tokens if t.is_content or t.word in NEGATORS)
        if len(key) >= 3 and key in seen:
            found.append((sentence.start, sentence.end))
        seen.add(key)
    return found


def _disjoint(spans: list[tuple[int, int, Why]]) -> list[tuple[int, int, Why]]:
    """The spans in order of their start, later ones cut where an earlier one covers them."""
    kept: list[tuple[int, int, Why]] = []
    for start, end, why in sorted(spans, key=lambda s: (s[0], -s[1])):
        if kept and start < kept[-1][1]:
            start = kept[-1][1]
        if start < end:
            kept.append((start, end, why))
    return kept
