"""Which lines of a flattened web page are the article: rules over single lines, then the best region, then its inside.

Three steps, in the order of their strength:

1. each line alone: known boilerplate wording (`bot/knowledge/phrases.py`), another script, an exact repeat;
2. the region: prose scores for an article, everything else against it, and the contiguous region with the best
   sum is the article (maximum subsequence segmentation: Pasternack & Roth, "Extracting article text from the
   web", WWW 2009), cut at the first heading that ends articles ("Related stories", "Leave a comment");
3. inside: runs of short lines that are neither headings nor list items are link lists.

Pure: text in, verdicts out. It does not know HTML (trafilatura does better when the markup is at hand) and
fits nothing to a site. A text without any prose is kept as it is: better a noisy note than an empty one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.phrases import phrases, words_of
from bot.knowledge.values import Line

VERSION = "1"

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BULLET = re.compile(
    r"^\s*(?:[•·▪◦‣*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|#{1,6}|[ivx]{1,4}\.)\s+\S", re.IGNORECASE
)
_TERMINAL = re.compile(r"[.!?…。！？:;][\"'”’»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)\]]*(?:\s|$)")
_TRUNCATED = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])$")
#: words that glue prose together; their share tells sentences from lists of names (several European languages)
_GLUE = words_of(
    """
    the a an of to in and is was are were be been it its that this these those for on with as by at from or but not
    have has had he she they we you i his her their our your my which who what when where how than then there so if
    would could can will may said about into out up more also after over just because while do does did no all one
    some only other such
    der die das und ist nicht ein eine zu den von mit sich des auf für im dem auch es als wird sind hat
    le la les des et est un une dans que qui pour pas sur au avec ce il elle sont plus du se
    el los las del y en es por con para su al lo como más pero sus
    di che e non per sono della da si alla o os um uma não em na dos
    de het een van dat niet op te zijn och att det som på är av för med
    """
)


@dataclass(frozen=True, slots=True)
class _Row:
    """What one line looks like, apart from its place."""

    n: int
    text: str
    flat: str  # white space collapsed
    words: int
    glue: float  # share of glue words
    sentences: int
    terminal: bool
    bullet: bool
    why: str  # boilerplate wording, or ""

    @property
    def prose(self) -> bool:
        """Reads like a sentence of an article."""
        if self.words >= 25:
            return self.glue >= 0.15 or self.sentences >= 2
        return self.words >= 8 and self.terminal and (self.glue >= 0.2 or self.sentences >= 2)


def clean(text: str) -> tuple[Line, ...]:
    """The verdict on every non-empty line of `text`, in order.

    >>> [line.kept for line in clean("Share this\\nShare this")]
    [False, False]
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    groups = _paragraphs(lines) if is_wrapped(text) else [[line] for line in lines]
    rows = [_row(group[0][0], " ".join(line for _, line in group)) for group in groups]
    verdicts = _alone(rows)
    if any(row.prose for row in rows):
        _region(rows, verdicts)
        _inside(rows, verdicts)
    return tuple(
        Line(n, line.strip(), not why, why)
        for group, why in zip(groups, verdicts, strict=True)
        for n, line in group
    )


def _paragraphs(lines: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Runs of lines without a blank one between them: the paragraphs of hard-wrapped text."""
    groups: list[list[tuple[int, str]]] = []
    for n, line in lines:
        if groups and n == groups[-1][-1][0] + 1 and not _BULLET.match(line):
            groups[-1].append((n, line))
        else:
            groups.append([(n, line)])
    return groups


def is_wrapped(text: str) -> bool:
    """Whether the lines are hard-wrapped at a column: most lines belong to paragraphs of several, of alike length."""
    lines = text.splitlines()
    inner = [len(a) for a, b in pairwise(lines) if a.strip() and b.strip()]
    full = [line for line in lines if line.strip()]
    if len(inner) < 4 or len(inner) < 0.5 * len(full):
        return False
    longest = max(len(line) for line in full)
    return longest <= 130 and sum(1 for size in inner if size >= 0.6 * longest) >= 0.6 * len(inner)


def is_heading(text: str, follows: str) -> bool:
    """Whether a kept line looks like the heading of the line after it."""
    words = len(text.split())
    return (
        words <= 14 and not text.rstrip().endswith((".", ",", ";", "!", "…")) and len(follows.split()) > words
    )


def boilerplate(line: str) -> str:
    """Why this line, wherever it stands, is boilerplate; "" when its wording does not tell."""
    flat = " ".join(line.split())
    return _wording(flat, len(_WORD.findall(flat)))


def _row(n: int, line: str) -> _Row:
    flat = " ".join(line.split())
    found = _WORD.findall(flat)
    wide = sum(1 for char in flat if ord(char) >= 0x2E80)
    words = max(len(found), wide // 2)
    glue = sum(1 for word in found if word.lower() in _GLUE) / len(found) if found else 0.0
    return _Row(
        n=n,
        text=line,
        flat=flat,
        words=words,
        glue=glue if wide * 2 < len(flat) else 0.3,
        sentences=len(_SENTENCE_END.findall(flat)),
        terminal=bool(_TERMINAL.search(flat)),
        bullet=bool(_BULLET.match(line)),
        why=_wording(flat, words),
    )


def _wording(flat: str, words: int) -> str:
    return phrases().why(flat.lower(), words)


# ------------------------------------------------------------------ step 1: each line alone


def _alone(rows: Sequence[_Row]) -> list[str]:
    main = _main_script(rows)
    seen: set[str] = set()
    verdicts = []
    for row in rows:
        key = _normal(row.flat)
        why = row.why or ("another script" if _foreign(row.flat, main) else "")
        if not why and key in seen and (row.words >= 4 or row.flat.endswith(":")):
            why = "repeated"
        seen.add(key)
        verdicts.append(why)
    return verdicts


def _normal(flat: str) -> str:
    return " ".join(_WORD.findall(flat.lower())) or flat


def _script(char: str) -> str:
    """Latin, Cyrillic, CJK ...: the first word of the character's Unicode name; East Asian ones count as one."""
    name = unicodedata.name(char, "").split(" ")[0]
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO") else name


def _main_script(rows: Sequence[_Row]) -> str:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(_script(char) for char in row.flat if char.isalpha())
    return counts.most_common(1)[0][0] if counts else "LATIN"


def _foreign(flat: str, main: str) -> bool:
    letters = [char for char in flat if char.isalpha()]
    if not letters or all(char.isascii() for char in letters):
        return bool(letters) and main != "LATIN" and len(letters) >= 200  # Latin terms are at home everywhere
    other = sum(1 for char in letters if _script(char) not in (main, "LATIN"))
    return other * 2 > len(letters)


# ------------------------------------------------------------------ step 2: the region


def _weight(row: _Row, why: str) -> float:
    """How much a line speaks for (or against) an article around it."""
    if why == "repeated":
        return -1.0
    if why in ("comment", "copyright or legal"):
        return -14.0
    if why in ("figure label", "caption or credit", "advertisement", "date or time"):
        return -2.0  # found in the middle of articles
    if why:
        return -6.0
    if row.prose:
        weight = min(row.words, 60) - 11.0
        return weight * 0.4 if _TRUNCATED.search(row.flat) else weight
    if row.bullet:
        return -1.0
    return -5.0 if row.words < 25 else -2.0


def _region(rows: Sequence[_Row], verdicts: list[str]) -> None:
    """Drop what lies outside the best contiguous region, and what follows the end of the article in it."""
    weights = [_weight(row, why) for row, why in zip(rows, verdicts, strict=True)]
    end = _article_end(rows, weights)
    start, stop = _best_span(weights[:end])
    start = _with_title(rows, verdicts, start)
    for at in range(len(rows)):
        if not verdicts[at]:
            if at < start:
                verdicts[at] = "before the article"
            elif at >= stop:
                verdicts[at] = "after the article"


def _best_span(weights: Sequence[float]) -> tuple[int, int]:
    """Bounds of the contiguous slice with the greatest sum (Kadane's algorithm)."""
    best, span = 0.0, (0, len(weights))
    total, start = 0.0, 0
    for at, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, at
        total += weight
        if total > best:
            best, span = total, (start, at + 1)
    return span


def _article_end(rows: Sequence[_Row], weights: Sequence[float]) -> int:
    """Index of the first line that ends the article: an end heading with most of the prose before it."""
    positive = [max(weight, 0.0) for weight in weights]
    whole, passed = sum(positive), 0.0
    for at, row in enumerate(rows):
        if (row.words <= 16 and not row.terminal | row.bullet) or row.flat.endswith((":", "!", "?")):
            low = row.flat.lower()
            share = 0.75 if phrases().soft_end.fullmatch(low) else 0.45
            if phrases().end.fullmatch(low) and whole and passed >= share * whole and passed >= 40:
                return at
        passed += positive[at]
    return len(rows)


def _with_title(rows: Sequence[_Row], verdicts: Sequence[str], start: int) -> int:
    """Move the start up over the headings and the title that stand directly above the first prose."""
    at, best = start, start
    skipped = 0
    while at > 0 and start - at < 8:
        at -= 1
        row = rows[at]
        if verdicts[at]:
            if verdicts[at] in ("navigation", "comment"):
                skipped += 1
                if skipped > 1:
                    break
            continue
        if not 1 <= row.words <= 30:
            break
        best = at
    return best


# ------------------------------------------------------------------ step 3: inside the region


def _inside(rows: Sequence[_Row], verdicts: list[str]) -> None:
    """Drop runs of short lines that are neither headings of prose nor items of a list."""
    kept = [at for at, why in enumerate(verdicts) if not why]
    run: list[int] = []
    for at in [*kept, -1]:
        if at >= 0 and not rows[at].prose and not rows[at].bullet and rows[at].words < 12:
            run.append(at)
            continue
        if len(run) >= 4 and not _introduced(rows, verdicts, run[0]):
            last = run[-1] if at >= 0 and rows[at].prose else None
            for line in run:
                if line not in (last, kept[0]):
                    verdicts[line] = "link list"
        run = []


def _introduced(rows: Sequence[_Row], verdicts: Sequence[str], first: int) -> bool:
    """Whether the kept line before ends with a colon: then short lines are its list."""
    for at in range(first - 1, -1, -1):
        if not verdicts[at]:
            return rows[at].flat.endswith((":", "："))
    return False
