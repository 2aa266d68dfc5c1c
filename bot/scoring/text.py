"""Reads a text for matching: folded characters, sentences, tokens with stems, and which tokens are negated.

Every token and sentence keeps its offsets in the text as it was written, so that a quote can always be cut from the
original. Sentence boundaries come from sentencex, stems from Snowball (PyStemmer); neither needs a download. Does not
know questions, checkpoints or scores. English only: text in another language is read as unknown words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import sentencex  # type: ignore[import-untyped]
import Stemmer

from bot.scoring.dismissal import Dismissal, dismissals
from bot.scoring.lexicon import (
    BE,
    CONTRACTED,
    FINITE,
    FUNCTION_WORDS,
    LOOKS_LIKE,
    NEGATORS,
    SPELLING,
    WORN_DOWN,
)
from bot.scoring.negation import clauses, negated, rejected
from bot.scoring.stance import retracted

MAX_CHARS = 40_000
"""Longer text is read up to here; the session caps answers far below."""

BLANKET = 0.8
"""Share of negated sentences from which a text of three sentences and more denies as a whole."""

LEAST_STATED = 2
"""Content words from which two sentences with the same ones state the same thing."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = {**dict.fromkeys(map(ord, "‘’‛′ʼ`´"), "'"), **dict.fromkeys(map(ord, "“”„″«»"), '"')}
_PLAIN = {**_DASHES, **_QUOTES}

_NOT_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|c\+\+|c#|\bw/o?(?![\w/])|[^\W_]+(?:'[^\W\d_]+)*")
_NOT_ENDING = re.compile(r"n't$")
_LINE = re.compile(r"\n+")
_SHORT_ANSWER = re.compile(r"\bno\.\s+(?=[^\W\d])(?!of\b)")
_SMALL = FUNCTION_WORDS | NEGATORS
_SHORTHAND = {"w/": "with", "w/o": "without"}
_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)k")
_SCALES = {"hundr": 100, "thousand": 1000}  # by stem

_PERHAPS_BRITISH = re.compile(r"(?:[iy]s(?:e[sdr]?|ers|ing|ations?|able)|our[a-z]{0,5}|tr(?:e[sd]?|ing))$")
_BRITISH = (
    (re.compile(r"(?<=\w{2})is(e|ed|es|er|ers|ing|ation|ations|able)$"), r"iz\1"),
    (re.compile(r"(?<=\w{3})ys(e|ed|es|er|ers|ing)$"), r"yz\1"),
    (re.compile(r"(?<=\w{3})our(s|ed|ing|al|ally|able|ite|hood|hoods|ful)?$"), r"or\1"),
    (re.compile(r"(?<=\w{2})tre(s)?$"), r"ter\1"),
    (re.compile(r"(?<=\w{2})tred$"), "tered"),
    (re.compile(r"(?<=cen)tring$"), "tering"),
)

_stemmer = Stemmer.Stemmer("english")
_stemmer_lock = threading.Lock()  # a PyStemmer object must not be used by two threads at once


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word, with British spelling and irregular forms made alike."""
    word = SPELLING.get(word, word)
    if len(word) > 4 and _PERHAPS_BRITISH.search(word) and word.isascii():
        for pattern, replacement in _BRITISH:
            word = pattern.sub(replacement, word)
    with _stemmer_lock:
        return str(_stemmer.stemWord(word))


class Word(NamedTuple):
    """A word by itself. `is_content`: whether it carries content (function and negation words do not)."""

    word: str
    stem: str
    is_content: bool


class Token(NamedTuple):
    """A word in its place: a `Word` with its offsets in the original text."""

    word: str
    stem: str
    is_content: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spots:
    """Where each character of a folded text begins and ends in the original. Plain text, which folds character by
    character, has ranges here and costs nothing."""

    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the original of what became the characters `first` to `last`."""
        return self.starts[first], self.ends[last]

    def part(self, begin: int, end: int) -> Spots:
        """The spots of the characters from `begin` up to `end`."""
        return Spots(self.starts[begin:end], self.ends[begin:end])

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.starts, self.ends, strict=True)


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence. `folded` is its lower-case text for patterns, `spots` maps its characters to the original."""

    index: int
    start: int
    end: int
    folded: str
    spots: Spots
    tokens: tuple[Token, ...]
    is_question: bool
    denied: bool = False  # a later sentence says that this one is wrong
    blanket: bool = False  # the text negates sentence after sentence, and this one too

    @cached_property
    def negated(self) -> tuple[bool, ...]:
        """For each token, whether it stands in the scope of an odd number of negations."""
        inside = negated(self.words, self.breaks)
        if self.blanket and any(inside):
            return (True,) * len(inside)
        if self.denied:  # "people say ... That is wrong." agrees and does not turn round twice
            others = rejected(self.words, self.breaks)
            return tuple(not n or by_others for n, by_others in zip(inside, others, strict=True))
        return inside

    @cached_property
    def rejected(self) -> tuple[bool, ...]:
        """For each token, whether the statement that it belongs to is rejected as a whole, here or later."""
        if self.denied:
            return (True,) * len(self.tokens)
        return rejected(self.words, self.breaks)

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        """For each token, the number of the clause it stands in."""
        return clauses(self.words, self.breaks)

    @cached_property
    def dismissals(self) -> tuple[Dismissal, ...]:
        """What the sentence waves away, by token indices."""
        return dismissals(self.words, self.clauses)

    @cached_property
    def asked_from(self) -> int:
        """The token from which a question asks; what stands before its last colon or semicolon is said."""
        ends = (i for i in range(len(self.tokens) - 1, 0, -1) if set(self._gaps[i]) & set(";:"))
        return next(ends, 0) if self.is_question else len(self.tokens)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(t.word for t in self.tokens)

    @cached_property
    def breaks(self) -> tuple[str, ...]:
        """The punctuation before each word, see `break_before`."""
        return tuple(_break_of(gap) for gap in self._gaps)

    @property
    def colon(self) -> int:
        """How many words stand before its first colon; 0 without one."""
        if ":" not in self.folded:
            return 0
        return next((i for i, gap in enumerate(self._gaps) if ":" in gap), 0)

    def negated_but(self, at: frozenset[int]) -> tuple[bool, ...]:
        """As `negated`, when the words at these tokens deny nothing: they are what is being said."""
        words = tuple(t._replace(word="so-called") if i in at else t for i, t in enumerate(self.tokens))
        return replace(self, tokens=words).negated

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of its tokens."""
        return tuple(t.stem for t in self.tokens)

    @cached_property
    def places(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Stem -> token spans (first, last) where it stands, also written as two words ("over fitting", "sixty two")."""
        found: dict[str, list[tuple[int, int]]] = {}
        for i, token in enumerate(self.tokens):
            found.setdefault(token.stem, []).append((i, i))
        for i, (left, right) in enumerate(zip(self.tokens, self.tokens[1:], strict=False)):
            if left.word.isalpha() and right.word.isalpha() and len(left.word) > 1:
                found.setdefault(stem(left.word + right.word), []).append((i, i + 1))
            if number := _number(left.stem, right.stem):
                found.setdefault(number, []).append((i, i + 1))
        return {key: tuple(spans) for key, spans in found.items()}

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the original text from token `first` to token `last`."""
        return self.tokens[first].start, self.tokens[last].end

    def break_before(self, i: int) -> str:
        """The punctuation between token i - 1 and i, reduced to one of `""`, `","`, `";"`."""
        return self.breaks[i]

    @cached_property
    def _gaps(self) -> list[str]:
        """For each token, what stands between it and the one before it; nothing before the first one."""
        first_of: Sequence[str] = self.folded  # by place in the original: the first character that it became
        if not isinstance(self.spots.starts, range):
            spread = [""] * (self.end - self.start)
            for char, start in zip(reversed(self.folded), reversed(self.spots.starts), strict=True):
                spread[start - self.start] = char
            first_of = spread
        return [
            "",
            *("".join(first_of[a.end - self.start : b.start - self.start]) for a, b in pairwise(self.tokens)),
        ]


@dataclass(frozen=True, eq=False)
class Document:
    """A text, read. `raw` is the text as it was written."""

    raw: str
    sentences: tuple[Sentence, ...]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens in order."""
        return tuple(t for s in self.sentences for t in s.tokens)

    @cached_property
    def folded(self) -> str:
        """The folded text of its sentences, one in a line."""
        return "\n".join(s.folded for s in self.sentences)

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """Stem -> which of the sentences hold it, also written as two words."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, sentence in enumerate(self.sentences):
            for key in sentence.places:
                found[key].append(i)
        return {key: tuple(where) for key, where in found.items()}

    @cached_property
    def by_look(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """First letter and length -> the stems in `places` that have them."""
        found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for key in self.places:
            found[key[0], len(key)].append(key)
        return {look: tuple(keys) for look, keys in found.items()}

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all content words."""
        return frozenset(t.stem for t in self.tokens if t.is_content)


@lru_cache(maxsize=2_048)
def read(raw: str) -> Document:
    """The text as sentences and tokens. Deterministic; equal texts share one document."""
    chars, spots = fold(raw[:MAX_CHARS])
    sentences: list[Sentence] = []
    for begin, end in _sentence_spans(chars):
        piece = chars[begin:end]
        if not piece.strip():
            continue
        here = spots.part(begin, end)
        tokens = _tokens(piece, here)
        if tokens:
            sentences.append(
                Sentence(
                    index=len(sentences),
                    start=here.starts[0],
                    end=here.ends[-1],
                    folded=piece,
                    spots=here,
                    tokens=tokens,
                    is_question=piece.rstrip(" \n\t\"')]").endswith("?"),
                )
            )
    return Document(raw, tuple(_with_blanket(_with_denials(sentences))))


def _with_denials(sentences: list[Sentence]) -> list[Sentence]:
    """Marks what other sentences say is not meant ("none of this is true"); whoever says a thing and rejects the same
    thing has said neither."""
    odd = retracted(sentences)
    return _without_both_sides(
        [replace(s, denied=True) if no else s for s, no in zip(sentences, odd, strict=True)]
    )


def _without_both_sides(sentences: list[Sentence]) -> list[Sentence]:
    taken_back = {
        key
        for s in sentences
        if not s.denied and (key := _content(s, rejected_only=True)) and len(key) >= LEAST_STATED
    }
    if not taken_back:
        return sentences
    return [
        replace(s, denied=True) if not s.denied and not any(s.rejected) and _content(s) in taken_back else s
        for s in sentences
    ]


def _content(sentence: Sentence, *, rejected_only: bool = False) -> frozenset[str]:
    """The stems of a sentence's content words, or of those that it rejects."""
    inside = sentence.rejected if rejected_only else (True,) * len(sentence.tokens)
    return frozenset(t.stem for t, yes in zip(sentence.tokens, inside, strict=True) if yes and t.is_content)


def _with_blanket(sentences: list[Sentence]) -> list[Sentence]:
    """Where nearly every sentence is negated the text denies what it talks about: a negation then covers its whole
    sentence, and not only the words behind it."""
    said = [s for s in sentences if len(s.tokens) >= 4 and not s.is_question]
    if len(said) < 3 or sum(map(_says_not, said)) < BLANKET * len(said):
        return sentences
    return [replace(s, blanket=_says_not(s)) for s in sentences]


def _says_not(sentence: Sentence) -> bool:
    """Whether a verb is negated ("is not", "does not"); "no errors" and "without" describe and deny nothing."""
    words = [t.word for t in sentence.tokens]
    if "not only" in " ".join(words):
        return False
    first = next((b for a, b in pairwise(words) if a in FINITE or a in BE), "")
    return first in ("not", "never", "hardly") or any(
        p in " ".join(words) for p in ("by no means", "in no way")
    )


def fold(raw: str) -> tuple[str, Spots]:
    """The text in lower case, NFKC, without accents, invisible characters and look-alike letters.

    Returns the folded text and where each of its characters stands in `raw`.
    """
    if raw.isascii():
        return _folded_ascii(raw), Spots(range(len(raw)), range(1, len(raw) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for odd in _NOT_ASCII.finditer(raw):  # with the character before, which accents may belong to
        i, stop = odd.span()
        pieces.append(_folded_ascii(raw[at:i]))
        starts.extend(range(at, i))
        ends.extend(range(at + 1, i + 1))
        while i < stop:
            end = i + 1
            while end < stop and unicodedata.combining(raw[end]):
                end += 1
            folded = _folded_cluster(raw[i:end])
            pieces.append(folded)
            starts.extend([i] * len(folded))
            ends.extend([end] * len(folded))
            i = end
        at = stop
    pieces.append(_folded_ascii(raw[at:]))
    starts.extend(range(at, len(raw)))
    ends.extend(range(at + 1, len(raw) + 1))
    return _without_look_alikes("".join(pieces), starts, ends)


def _folded_ascii(text: str) -> str:
    return text.lower().replace("`", "'")


@lru_cache(maxsize=10_000)
def _folded_cluster(cluster: str) -> str:
    if unicodedata.category(cluster[0]) in ("Cf", "Mn", "Co", "Cs", "Cn"):
        return ""
    if unicodedata.category(cluster[0]) == "Cc" and cluster[0] not in "\n\t":
        return " "
    wide = unicodedata.normalize("NFKD", cluster.translate(_PLAIN))
    kept = "".join(c for c in wide if not unicodedata.combining(c))
    return kept.translate(_PLAIN).casefold() if cluster[0] not in "\t" else " "


def _without_look_alikes(text: str, starts: Sequence[int], ends: Sequence[int]) -> tuple[str, Spots]:
    if text.isascii():
        return text, Spots(starts, ends)
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    last = 0
    for match in re.finditer(r"\w+", text):
        word = match.group()
        replacement = None if word.isascii() else _latin(word)
        if replacement is None:
            continue
        first, stop = match.span()
        pieces += text[last:first], replacement
        new_starts.extend(starts[last:first])
        new_ends.extend(ends[last:first])
        if len(replacement) == len(word):
            new_starts.extend(starts[first:stop])
            new_ends.extend(ends[first:stop])
        else:
            new_starts.extend([starts[first]] * len(replacement))
            new_ends.extend([ends[stop - 1]] * len(replacement))
        last = stop
    pieces.append(text[last:])
    new_starts.extend(starts[last:])
    new_ends.extend(ends[last:])
    return "".join(pieces), Spots(new_starts, new_ends)


def _latin(word: str) -> str | None:
    """The Latin word that this one imitates; the name of a lone Greek letter; None when it is neither."""
    if len(word) == 1 and (name := unicodedata.name(word, "")).startswith("GREEK SMALL LETTER "):
        return name.rsplit(" ", 1)[-1].lower().replace("lamda", "lambda")
    mapped = word.translate(LOOKS_LIKE)
    return mapped if mapped.isascii() else None


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    position = 0
    for line in _LINE.split(text):
        start = text.index(line, position)
        at = start
        for sentence in sentencex.segment("en", line):
            ends = [m.end() for m in _SHORT_ANSWER.finditer(sentence)]  # "No. Hashes see ..." is no number
            cuts = [0, *(e for e in ends if e < len(sentence)), len(sentence)]
            spans.extend((at + i, at + j) for i, j in pairwise(cuts))
            at += len(sentence)
        if at < start + len(line):  # the library may drop trailing blanks
            spans.append((at, start + len(line)))
        position = start + len(line)
    return spans


def words_of(text: str) -> list[Word]:
    """The words of a text, where neither its sentences nor their places matter."""
    return [word for match in _TOKEN.finditer(fold(text)[0]) for word in _words(match.group())]


def _tokens(piece: str, spots: Spots) -> tuple[Token, ...]:
    starts, ends = spots.starts, spots.ends
    return tuple(
        Token(*word, starts[match.start()], ends[match.end() - 1])
        for match in _TOKEN.finditer(piece)
        for word in _words(match.group())
    )


@lru_cache(maxsize=50_000)
def _words(written: str) -> tuple[Word, ...]:
    """What is written as one word as the words that it says: "didn't" is "did" and "not"."""
    head, negative = _split_negation(written)
    head = re.sub(r"'\w+$", "", head) if "'" in head else head
    head = _SHORTHAND.get(head, head)
    if re.fullmatch(r"\d{1,3}(,\d{3})+", head):
        head = head.replace(",", "")
    elif thousands := _THOUSANDS.fullmatch(head):
        head = f"{float(thousands[1]) * 1000:.0f}"
    said = [Word(head, stem(head), head not in _SMALL)] if head else []  # "n't" may stand alone
    return (*said, Word("not", "not", False)) if negative else tuple(said)


def _number(left: str, right: str) -> str | None:
    """The number that two number words make: "sixty-two" is 62, "four hundred" 400."""
    if not left.isdigit():
        return None
    if right in _SCALES and int(left) < 100:
        return str(int(left) * _SCALES[right])
    tens = 20 <= int(left) <= 90 and int(left) % 10 == 0
    units = {"one": 1}.get(right) or (int(right) if len(right) == 1 and right.isdigit() else 0)
    return str(int(left) + units) if tens and units else None


def _break_of(gap: str) -> str:
    if gap == " ":
        return ""
    if any(c in gap for c in ";:()\n") or " - " in gap:
        return ";"
    return "," if "," in gap else ""


def _split_negation(word: str) -> tuple[str, bool]:
    if word in CONTRACTED:
        return CONTRACTED[word], True
    if _NOT_ENDING.search(word):
        head = _NOT_ENDING.sub("", word)
        return WORN_DOWN.get(head, head), True
    return word, False
