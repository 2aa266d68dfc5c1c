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
from bot.scoring.lexicon import FINITE, FOREIGN_GLUE, NEGATORS
from bot.scoring.text import Document, Sentence, Token, fold, read

MAX_QUOTE = 240
ECHO_RUN = 8
"""This many words in a row taken over from the question or the interviewer are a copy."""
ECHO_SHARE = 0.75
"""A sentence that long of which this share was taken over in runs of three words and more is a copy as a whole."""
MIN_LIST, LIST_GLUE = 6, 0.05
"""A keyword list has at least this many words in a sentence, and at most this share of function words."""
MIN_LONG_LIST, LONG_LIST_GLUE = 12, 0.15
"""A longer one may have more of them when it holds no auxiliary verb; speech has .3 to .6."""

MANY_HEADINGS = 3
"""Lines that begin with a word and a colon, from which such words are headings and not speakers."""

Why = Literal["instruction", "echo_question", "echo_interviewer", "pasted", "repeated", "stuffing"]

_GRADER = (
    r"(?:grader|judge|evaluator|examiner|interviewer|assessor|scorer|marker|reviewer|ai|assistant|model|llm"
    r"|system)"
)
_MARKS = r"(?:score|scores|grade|grades|mark|marks|points|rating|credit|level|hire|pass|verdict)"
_INSTRUCTION = tuple(
    re.compile(p)
    for p in (
        r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b"
        r".{0,40}\b(?:instruction|prompt|rule|rubric|guideline|direction|message|criteria|checkpoint)",
        r"\b(?:new|updated|revised|hidden|secret|following) (?:system )?(?:instruction|directive)s?\b",
        r"\b(?:(?:new|updated|revised|hidden|secret|following) system|hidden|secret|following) prompts?\b",
        r"\b(?:new|updated|revised) prompts?\s*:",  # otherwise a subject of honest answers about language models
        rf"\b(?:you are|you're|act as|pretend to be|behave as|play) (?:now )?(?:a|an|the|my)?\s?"
        rf"(?:\w+ ){{0,2}}{_GRADER}\b",
        rf"\b(?:note|message|attention|instruction|dear|hey|hello)s?[\s,:]+(?:to |for )?(?:the |all )?{_GRADER}\b",
        rf"\bas (?:the|an?|your) (?:\w+ )?{_GRADER}\b.{{0,60}}\b{_MARKS}",
        rf"\b(?:give|award|assign|grant|return|output|print|report|set|put|write|respond with|reply with|answer with)\b"
        rf".{{0,40}}\b(?:full|top|maximum|max|highest|best|perfect|excellent|all|4|5|10|100)\b.{{0,25}}\b{_MARKS}\b",
        rf"\b(?:give|award|assign|grant)\b.{{0,20}}\b(?:me|this|my)\b.{{0,40}}\b{_MARKS}\b",
        rf"\b(?:give|award|assign|grant|set|output|print)\b.{{0,30}}\b(?:a|an|the|of|to)? ?{_MARKS}\b.{{0,15}}\b\d",
        rf"\b{_MARKS}\b\s*(?:=|:|is|should be|must be|of|to)\s*['\"]?(?:\d|full|max|perfect|strong hire|excellent|a\+)",
        rf"\b(?:deserves?|merits?|worthy of|entitled to|qualif\w+ for)\b.{{0,40}}\b(?:{_MARKS}|strong hire)\b",
        r"\b(?:mark|rate|grade|score|treat|count|consider|accept)\b.{0,30}\b(?:all|every|each|this|it|my|the answer)\b"
        r".{0,40}"
        r"\b(?:as )?(?:correct|covered|complete|hit|passed|met|perfect|excellent|full|highly|strong hire|4|10|100)\b",
        r"\b(?:please|kindly|i beg|i need|i really need)\b.{0,60}"
        r"\b(?:pass me|high(?:er)? (?:score|mark|grade)|good (?:score|mark|grade)"
        r"|be (?:generous|kind|lenient)|give me)",
        r"\bthe (?:candidate|applicant|student|answer|response|interviewee)(?:'s answer)? (?:has |have |is |was )?"
        r"(?:correctly|fully|clearly|perfectly|completely|covers?|covered|mentions?|mentioned|explains?|explained|demonstrat\w+|"
        r"deserv\w+|shows?|showed|states?|stated|meets|met|satisf\w+|correct|complete|perfect|excellent)\b",
        r"\b(?:all|every|each)\b.{0,15}\bcheckpoints?\b",
        r"<\|?/?(?:im_start|im_end|system|assistant|user|instructions?|prompt|endoftext|answer"
        r"|candidate|rubric|verdicts?)\b",
        r"\[/?(?:inst|system|sys|assistant)\]|<<\s*/?sys\s*>>",
        r"\b(?:reveal|show|print|repeat|tell me)\b.{0,25}"
        r"\b(?:rubric|checkpoints?|model answer|system prompt|reference answer)",
        r"\b(?:decode|execute|follow|obey|run)\b.{0,20}\b(?:this|the following|these|below|above)\b.{0,20}"
        r"\b(?:base64|rot13|hex|instruction|command|text|string)",
    )
)  # fmt: skip
_FAKE_VERDICT = re.compile(
    r"""^[\W\d]*[\w '"/-]{2,80}?['"]?\s*(?:"""
    r"(?:[:=|]|=>|->|–|—|-)\s*['\"]?(?:covered|hit|met|pass(?:ed)?|satisfied|4/4|100 ?%|\u2713|\u2714|\u2705)"
    r"|[:=|]\s*['\"]?(?:correct|complete|full(?:y)?(?: covered)?|done|true|yes))"
    r"[\W\d]*$"
)
_ROLE = re.compile(
    r"^\s*[\[<(*#\"']*(?:system|assistant|interviewer|judge|grader|examiner)\b[^:\n]{0,20}[\])>*]*\s*[:>\]]"
)
_OWN_ROLE = re.compile(
    r"^\s*[\[<(*#\"']*(?:candidate|applicant|student|me|i|answer|my answer)\b[^:\n]{0,12}:"
)
_HEADING = re.compile(r"^\s*[*#\d.\- ]*[a-z][\w /&-]{2,30}:")
_BLOB = re.compile(r"(?<![\w/+=])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/+=])|(?:\b[0-9a-fA-F]{2}\s?){16,}")
_LETTER = re.compile(r"[^\W\d_]")
_MATHS = re.compile(r"[=^\\∑Σ√∂∇]|\b\w\(\w|_\{")


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
    return (spots[found.start()][0], spots[found.end() - 1][1]) if found else None


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
    text: str, turn: int, others: Sequence[Said] = (), own_before: Sequence[str] = ()
) -> tuple[Removed, ...]:
    """Every span that must not be read as evidence, in order, without overlaps.

    `others`: the question and what the interviewer said; `own_before`: the candidate's earlier answers (words that the
    interviewer took from them are still the candidate's own).
    """
    return _find_removed(text, turn, tuple(others), tuple(own_before))


@lru_cache(maxsize=512)  # each answer is asked about again at every later answer to the same question
def _find_removed(
    text: str, turn: int, others: tuple[Said, ...], own_before: tuple[str, ...]
) -> tuple[Removed, ...]:
    spans: list[tuple[int, int, Why]] = [(a, b, "instruction") for a, b in _instructions(text)]
    spans += [(a, b, "pasted") for a, b in _pasted(text)]
    document = read(text)
    own = set().union(*(_runs_of(t) for t in own_before))
    for said in others:
        spans += [(a, b, said.why) for a, b in _echoes(document, said.text, own)]
    spans += [(a, b, "repeated") for a, b in _repeated(document)]
    spans += [(s.start, s.end, "stuffing") for s in document.sentences if is_keyword_list(s)]
    return tuple(Removed(turn=turn, start=a, end=b, why=why) for a, b, why in _disjoint(spans))


def is_keyword_list(sentence: Sentence) -> bool:
    """Whether a sentence is terms without grammar. Formulas and pseudo-code are not."""
    words = [t for t in sentence.tokens if t.word.isalpha() and (len(t.word) > 2 or not t.is_content)]
    if len(words) >= 3 and _MATHS.search(sentence.folded) is None and _all_commas(sentence):
        return True
    if len(words) < MIN_LIST or _MATHS.search(sentence.folded):
        return False
    glue = sum(not t.is_content or t.word in FOREIGN_GLUE for t in words)
    if glue <= LIST_GLUE * len(words):
        return True
    no_verb = not any(t.word in FINITE for t in words)
    return no_verb and len(words) >= MIN_LONG_LIST and glue <= LONG_LIST_GLUE * len(words)


def _all_commas(sentence: Sentence) -> bool:
    """Words with nothing but commas between them."""
    return bool(re.fullmatch(r"\W*(?:[\w'-]+\s*[,;/|]\s*){2,}[\w'-]+\W*", sentence.folded))


def looks_foreign(document: Document) -> bool:
    """Whether this is hardly English: many words, (nearly) no English function word among them."""
    words = [t for t in document.tokens if _LETTER.match(t.word)]
    if len(words) < 5:
        return False
    foreign = sum(not t.word.isascii() for t in words)
    glue = sum(not t.is_content for t in words) / len(words)
    return foreign > len(words) / 2 or (len(words) >= 15 and glue < 0.12 and _foreign_glue(words) > 0.12)


def _foreign_glue(words: Sequence[Token]) -> float:
    return sum(t.word in FOREIGN_GLUE for t in words) / max(1, len(words))


def _to_word_ends(text: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    while left < start and left > 0 and not text[left - 1].isspace():
        left += 1
    while right > end and right < len(text) and not text[right].isspace():
        right -= 1
    return left, right


def _instructions(text: str) -> list[tuple[int, int]]:
    found = [(m.start(), m.end()) for m in _BLOB.finditer(text) if _is_blob(m.group())]
    for sentence in read(text).sentences:
        folded = " ".join(sentence.folded.split())
        if any(p.search(folded) for p in _INSTRUCTION) or _FAKE_VERDICT.match(folded):
            found.append((sentence.start, sentence.end))
    return found


def _is_blob(word: str) -> bool:
    """Encoded text, not a long identifier or a URL's path: mixes cases and digits, or is all hexadecimal."""
    compact = "".join(word.split())
    if re.fullmatch(r"[0-9a-fA-F]{32,}", compact):
        return True
    kinds = (any(c.islower() for c in word), any(c.isupper() for c in word), any(c.isdigit() for c in word))
    return all(kinds) and "_" not in word.strip("_") and word.count("/") < 3


def _pasted(text: str) -> list[tuple[int, int]]:
    """Paragraphs that somebody else is made to say: from a label such as "Interviewer:" to a blank line or to the
    candidate's own label. A text with several headings is structured, not a transcript."""
    lines = [(m.start(), m.end(), fold(m.group())[0]) for m in re.finditer(r"[^\n]*", text)]
    headings = sum(bool(_HEADING.match(words)) and not _OWN_ROLE.match(words) for _, _, words in lines)
    if headings >= MANY_HEADINGS:
        return []
    found: list[tuple[int, int]] = []
    theirs = False
    for start, end, words in lines:
        if start == end:
            theirs = theirs and start > 0 and text[start - 1] != "\n"
            continue
        theirs = (theirs or bool(_ROLE.match(words))) and not _OWN_ROLE.match(words)
        if theirs:
            found.append((start, end))
    return found


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
            for a, b in _stretches(taken)
            if b - a + 1 >= ECHO_RUN and sum(t.is_content for t in sentence.tokens[a : b + 1]) >= 3
        ]
    return found


def _stretches(flags: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = -1
    for i, flag in enumerate([*flags, False]):
        if flag and start < 0:
            start = i
        elif not flag and start >= 0:
            found.append((start, i - 1))
            start = -1
    return found


def _repeated(document: Document) -> list[tuple[int, int]]:
    """Sentences whose words were all said before in this answer, in the same order (negations compared too)."""
    seen: set[tuple[str, ...]] = set()
    found: list[tuple[int, int]] = []
    for sentence in document.sentences:
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
