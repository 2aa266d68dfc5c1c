"""Checks spelling: unknown words with a suggestion, and words written twice in a row.

Knows an English dictionary (pyspellchecker's, which lies in its wheel), British endings, and word lists with one word a
line: `corpus/words.txt` for the shipped content, `words.txt` beside one's own questions. Does not know grammar, and does
not look at identifiers: a word with a digit, an underscore or a capital inside is taken for a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.authoring.findings import Findings
from bot.authoring.prose import BLANK, Passage
from bot.bank.yamlfile import read_text
from bot.errors import ContentError

WORD_LIST = "words.txt"
SHORT = 3
"""Words of fewer letters are not checked: they are mostly symbols."""

_CHUNK = re.compile(r"\S+")
_EDGE = "\"'“”‘’„«»()[]{}<>.,;:!?…*_~|"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"[_=\\{}\[\]@#$^+<>~|&%*]|\w\(|\w\.\w|[a-z][A-Z]|\d")
_TWICE = re.compile(r"\b([a-z]{2,})\s+\1\b")
_MEANT = frozenset({"had", "that", "bye", "very", "really", "never", "no", "knock", "there"})
"""Words that may follow themselves."""

_BRITISH = (
    (re.compile(r"is(e|es|ed|er|ers|ing|ation|ations|ational|able)$"), r"iz\1"),
    (re.compile(r"ys(e|es|ed|er|ers|ing)$"), r"yz\1"),
    (re.compile(r"our(?=(s|ed|ing|able|ably|ite|ites|ful|hood|ly|al|ally|less|er|ers|s)?$)"), "or"),
    (re.compile(r"tre(s|d)?$"), r"ter\1"),
    (re.compile(r"ogue(s)?$"), r"og\1"),
    (re.compile(r"ll(ed|ing|er|ers|ation|ations|able)$"), r"l\1"),
    (re.compile(r"(def|off|pret|lic)ence(s|less)?$"), r"\1ense\2"),
    (re.compile(r"programme(s)?$"), r"program\1"),
    (re.compile(r"sceptic"), "skeptic"),
    (re.compile(r"(?<=.)ae(?=.)"), "e"),
    (re.compile(r"grey"), "gray"),
    (re.compile(r"cheque"), "check"),
    (re.compile(r"artefact"), "artifact"),
    (re.compile(r"fulfil(?!l)"), "fulfill"),
    (re.compile(r"enrol(?!l)"), "enroll"),
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A word to look at, and its place in the passage."""

    word: str
    offset: int


class Speller:
    """Knows which words are English or of the trade. `own` adds words, in any case."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = frozenset(word.lower() for word in own)

    def knows(self, word: str) -> bool:
        """Whether a word, as it stands in a text, needs no second look."""
        plain = word.lower().replace("’", "'")
        return self._holds(plain) or self._holds(re.sub(r"('s|')$", "", plain))

    def _holds(self, word: str) -> bool:
        english = _english()
        if word in self._own or word in english:
            return True
        once = {pattern.sub(new, word) for pattern, new in _BRITISH}
        twice = {pattern.sub(new, other) for other in once for pattern, new in _BRITISH}
        return any(other in english for other in once | twice)

    def suggest(self, word: str) -> str:
        """The likeliest word that was meant, with the capital it was written with; empty when nothing is near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        english = _english()
        plain = word.lower().replace("’", "'")
        cutoff = 1 if len(plain) < 5 else 2
        near = [
            (away, _other_letters(plain, other), -(1e9 if other in self._own else english[other]), other)
            for words in (english.keys(), self._own)
            for other, away, _ in process.extract(
                plain, words, scorer=OSA.distance, score_cutoff=cutoff, limit=200
            )
        ]
        if not near:
            return ""
        best = min(near)[-1]
        return best[0].upper() + best[1:] if word[0].isupper() else best

    def unknown(self, passage: Passage) -> Iterator[Slip]:
        """The words of a passage that are in no list."""
        for chunk in _CHUNK.finditer(passage.text):
            bare = chunk.group().strip(_EDGE)
            if BLANK in bare or _CODE.search(bare):
                continue
            for match in _WORD.finditer(chunk.group()):
                word = match.group()
                if len(word) < SHORT or not word.replace("’", "'").isascii():
                    continue
                if word[1:] != word[1:].lower():  # an abbreviation, or a name with capitals inside
                    continue
                if not self.knows(word):
                    yield Slip(word, chunk.start() + match.start())


def _other_letters(one: str, other: str) -> bool:
    """Whether neither word's letters are all in the other: people leave out, double and swap more than they replace."""
    left, right = Counter(one), Counter(other)
    return bool(left - right) and bool(right - left)


def twice(passage: Passage) -> Iterator[Slip]:
    """Words that stand twice in a row: "the the"."""
    for match in _TWICE.finditer(passage.text):
        if match.group(1) not in _MEANT:
            yield Slip(match.group(), match.start())


def read_words(path: Path) -> list[str]:
    """The words of a word list: one a line, `#` begins a comment. Raises `ContentError` for a line that holds two."""
    words = []
    for number, row in enumerate(read_text(path).splitlines(), 1):
        word = row.partition("#")[0].strip()
        if len(word.split()) > 1:
            raise ContentError(
                "holds more than one word", file=path, line=number, hint="Write one word a line."
            )
        if word:
            words.append(word)
    return words


@lru_cache(maxsize=1)
def _english() -> Mapping[str, int]:
    """Word -> how often it was counted; 160,000 words."""
    from spellchecker import SpellChecker  # a tenth of a second: only when something is checked

    counts: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return counts


def check_spelling(
    found: Iterable[Passage], speller: Speller, findings: Findings, *, advice: str, error: bool
) -> int:
    """Note every unknown and doubled word; how many words were looked at. `advice` says which list takes a new word."""
    looked = 0
    for passage in found:
        looked += len(_WORD.findall(passage.text))
        for slip in speller.unknown(passage):
            meant = speller.suggest(slip.word)
            findings.add(
                f"{passage.file}:{passage.line_at(slip.offset)}",
                passage.field,
                f"“{slip.word}” is in no word list.",
                (f"Write “{meant}”, or add" if meant else "Add") + f" the word to {advice}.",
                error=error,
            )
        for slip in twice(passage):
            word = slip.word.split()[0]
            findings.add(
                f"{passage.file}:{passage.line_at(slip.offset)}",
                passage.field,
                f"“{word}” stands twice in a row.",
                "Write it once.",
                error=error,
            )
    return looked
