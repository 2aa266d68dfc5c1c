"""Measures how hard prose is to take in: the automated readability index, and sentences that go on for too long.

The index of a text is 4.71 x letters per word + 0.5 x words per sentence - 21.43, about the American school year that reads
it with ease (Smith and Senter, "Automated Readability Index", AMRL-TR-66-220, 1967). It needs letters, words and sentences
only; Flesch's formulas want syllables, which English spelling hides. Terms of the trade are long words, so the bars here are
those of technical prose. Does not know what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from bot.authoring.findings import Findings
from bot.authoring.prose import BLANK, SPOKEN, Passage

_WORD = re.compile(rf"[^\W_]+(?:[-'’.,][^\W_]+)*|{BLANK}")

_OPENS = re.compile(r"[\"“(*]")
_INNER_END = re.compile(r"(?<=[a-z0-9%)][.!?])[*_]*\s+(?=[\"“(*]*[A-Z])")


@dataclass(frozen=True, slots=True)
class Size:
    """Counts of a text. A formula or code span is a word without letters; `letters` counts digits too."""

    letters: int = 0
    lettered: int = 0  # words with letters
    words: int = 0
    sentences: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.letters + other.letters,
            self.lettered + other.lettered,
            self.words + other.words,
            self.sentences + other.sentences,
        )

    @property
    def grade(self) -> float:
        """The readability index; 0 for a text without words."""
        if not self.lettered or not self.sentences:
            return 0.0
        return 4.71 * self.letters / self.lettered + 0.5 * self.words / self.sentences - 21.43


def sentences(passage: Passage) -> list[str]:
    """The sentences of a passage. A colon or semicolon does not end one."""
    import sentencex  # type: ignore[import-untyped]

    found: list[str] = []
    for sentence in sentencex.segment("en", passage.flat):
        # The library takes a quotation or a bracket for one sentence, however many it holds.
        parts = _INNER_END.split(sentence) if _OPENS.search(sentence) else [sentence]
        found.extend(part.strip() for part in parts if _WORD.search(part))
    return found


def size_of(sentence: str) -> Size:
    """The counts of one sentence."""
    words = _WORD.findall(sentence)
    lettered = [w for w in words if w != BLANK]
    return Size(sum(c.isalnum() for w in lettered for c in w), len(lettered), len(words), 1)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of prose: the highest index that a file's may have (None: any), and the longest breath in words."""

    name: str
    grade: float | None
    breath: int


ARTICLES = Sort("articles", 13.0, 50)
OPENINGS = Sort("openings", 11.0, 40)
SPOKEN_TEXTS = Sort("other spoken texts", 8.0, 40)
LAST_HINTS = Sort("last hints", None, 60)
SCORECARD = Sort("rubrics and statements", 17.0, 50)
"""Bars for what is read at leisure; for the question, heard once; for all else that the interviewer says; for the last
hint, which lists the answer (the index is one of prose and means nothing for a list); and for what scorecards and tasks
show: anchors, statements, expectations, contracts. Reference answers have no bar:
candidates ramble, and the weak ones are meant to."""

_BREATH = re.compile(r"[;:](?=\s)|\s[–—]\s")
_SHOWN = frozenset({"statement", "why", "contract", "junior", "mid", "senior", "staff", "summary", "notice"})
_LAST_HINT = re.compile(r"hints\.5(\.text)?")


def sort_of(passage: Passage) -> Sort | None:
    """The sort of a passage; None when nothing is asked of it."""
    if passage.file.endswith(".md"):
        return ARTICLES if passage.leaf in ("paragraph", "item") else None
    if _LAST_HINT.fullmatch(passage.field):
        return LAST_HINTS
    if passage.leaf == "opening":
        return OPENINGS
    if passage.leaf in SPOKEN:
        return SPOKEN_TEXTS
    return SCORECARD if passage.leaf in _SHOWN or ".anchors." in passage.field else None


def breaths(sentence: str) -> list[str]:
    """The parts of a sentence that are taken in one breath: a semicolon, a colon or a dash ends one."""
    return [part.strip() for part in _BREATH.split(sentence) if _WORD.search(part)]


def check_reading(found: Iterable[Passage], findings: Findings, *, error: bool, label: str = "") -> None:
    """Note every file above the bar of its sort and every sentence that is too long; figures by sort, their
    names beginning with `label`."""
    totals: dict[Sort, dict[str, Size]] = {}
    longest: dict[Sort, int] = {}
    first: dict[tuple[Sort, str], Passage] = {}
    for passage in found:
        sort = sort_of(passage)
        if sort is None:
            continue
        first.setdefault((sort, passage.file), passage)
        files = totals.setdefault(sort, {})
        for sentence in sentences(passage):
            files[passage.file] = files.get(passage.file, Size()) + size_of(sentence)
            for part in breaths(sentence):
                words = size_of(part).words
                longest[sort] = max(longest.get(sort, 0), words)
                if words > sort.breath:
                    _too_long(passage, part, words, sort, findings, error)
    for sort, files in totals.items():
        for file, size in files.items():
            if sort.grade is not None and size.grade > sort.grade:
                where = first[sort, file]
                findings.add(
                    f"{file}:{where.line}",
                    where.field if sort is OPENINGS else "",
                    f"It reads at grade {size.grade:.1f}; for {sort.name} {sort.grade:g} is the most.",
                    "Shorter sentences and plainer words bring it down.",
                    error=error,
                )
        findings.figures[f"reading/{label}{sort.name}"] = _spread(sort, files.values(), longest.get(sort, 0))


def _too_long(passage: Passage, part: str, words: int, sort: Sort, findings: Findings, error: bool) -> None:
    shown = " ".join(part.replace(BLANK, "…").split()[:6])
    findings.add(
        f"{passage.file}:{_line_of(passage, part)}",
        passage.field,
        f"“{shown} …” runs for {words} words.",
        f"Make two sentences of it: at most {sort.breath} words.",
        error=error,
    )


def _line_of(passage: Passage, part: str) -> int:
    """The line where a part of the flattened text begins."""
    words = [re.escape(word) for word in re.split(rf"[\s{BLANK}]+", part)[:8] if word]
    match = re.search(rf"[\s{BLANK}]+".join(words), passage.text) if words else None
    return passage.line_at(match.start() if match else 0)


def _spread(sort: Sort, sizes: Iterable[Size], longest: int) -> dict[str, object]:
    values = sorted(size.grade for size in sizes)
    return {
        "files": len(values),
        "grade": {
            "lowest": round(values[0], 1),
            "median": round(median(values), 1),
            "95%": round(values[int(0.95 * (len(values) - 1))], 1),
            "highest": round(values[-1], 1),
            "bar": sort.grade,
        },
        "longest_sentence": {"words": longest, "bar": sort.breath},
    }
