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

VERSION = "2"

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BULLET = re.compile(
    r"^\s*(?:[•·▪◦‣*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)]|#{1,6}|[ivx]{1,4}\.)\s+\S", re.IGNORECASE
)
_CODE = re.compile(
    r"^(?:>>>|\.\.\.|\$ |% |//|/\*|def |class |import |from \w+ import|return\b|if \(|for \(|#include|@\w+$)"
    r"|^[)\]}]+[;,]?$|[{};]\s*$|\w\(.*\)\s*[:;{]?$|^\s*[\w.]+\[.*\]|</?\w+>|\b\w+_\w+\(|--\w+|\w::\w"
    r"|(?:^|\s)[\w.\[\]]+ ?(?:=|\+=|->|=>|:=|==) ?\S"
    r"|^[│├└]|^\[[\w.-]+\]$|^(?:- )?[a-z][a-z_-]+:(?: [\w.@/${}-]+)?$"
    r"|^(?:for|while|if|elif|with|except)\b.*:$|^(?:else|try|finally):$|^(?:raise|yield|assert|global|lambda)\b"
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
    и в не на что с по как это из за для от до его она они мы был было были который уже при или но к у о
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
    code: bool
    why: str  # boilerplate wording, or ""

    @property
    def prose(self) -> bool:
        """Reads like a sentence of an article."""
        if self.words >= 25:
            return self.glue >= 0.12 or self.sentences >= 2 or self.terminal
        return self.words >= 8 and self.terminal and (self.glue >= 0.15 or self.sentences >= 2)


def clean(text: str) -> tuple[Line, ...]:
    """The verdict on every non-empty line of `text`, in order.

    >>> [line.kept for line in clean("Share this\\nShare this")]
    [False, False]
    """
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    groups = _paragraphs(lines) if is_wrapped(text) else [[line] for line in lines]
    rows = [_row(group[0][0], " ".join(line for _, line in group)) for group in groups]
    verdicts = _alone(rows)
    if any(row.prose for row in rows):
        placed = list(verdicts)
        start = _region(rows, placed)
        _first_in_the_article(rows, placed)
        _inside(rows, placed, start)
        if not _is_no_page(rows, verdicts, placed):
            verdicts = placed
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


def _is_no_page(rows: Sequence[_Row], worded: Sequence[str], placed: Sequence[str]) -> bool:
    """Notes or reference text rather than a page: hardly any boilerplate wording, yet most of it would go."""
    telling = sum(1 for why in worded if why and why != "repeated")
    words = sum(row.words for row, why in zip(rows, worded, strict=True) if not why)
    kept = sum(row.words for row, why in zip(rows, placed, strict=True) if not why)
    paragraphs = sum(1 for row, why in zip(rows, placed, strict=True) if row.prose and not why)
    return telling < 0.08 * len(rows) and kept < (0.25 if paragraphs >= 2 else 0.4) * words


def is_wrapped(text: str) -> bool:
    """Whether the lines are hard-wrapped at a column: most lines belong to paragraphs of several, of alike length."""
    lines = text.split("\n")
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
        code=bool(_CODE.search(flat)),
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
        if not why and not row.code and key in seen and (row.words >= 4 or row.flat.endswith(":")):
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


def _first_in_the_article(rows: Sequence[_Row], verdicts: list[str]) -> None:
    """A line is no repeat when all that it repeats was dropped: a heading that a table of contents names before."""
    kept = {_normal(row.flat) for row, why in zip(rows, verdicts, strict=True) if not why}
    inside = [at for at, why in enumerate(verdicts) if not why]
    for at in range(inside[0], inside[-1]) if inside else ():
        key = _normal(rows[at].flat)
        if verdicts[at] == "repeated" and key not in kept:
            verdicts[at] = ""
            kept.add(key)


# ------------------------------------------------------------------ step 2: the region

#: what a line of each kind adds to the sum of the region that it lies in; other boilerplate counts `_OTHER`
_COST = {
    "comment": -14.0,
    "copyright or legal": -14.0,
    "navigation": -5.0,
    "figure label": -1.5,
    "caption or credit": -1.5,
    "advertisement": -1.5,
    "date or time": -2.0,
    "repeated": -1.0,
}
_OTHER, _SHORT, _SENTENCE, _ITEM, _CODE_LINE = -3.0, -4.0, -1.0, -1.0, -0.3
_END, _LABEL, _TEASER = -20.0, -6.0, -4.0


def _weight(row: _Row, why: str, listed: bool) -> float:
    """How much a line speaks for (or against) an article around it."""
    if why:
        return _COST.get(why, _OTHER)
    if row.prose:
        weight = min(row.words, 60) - 10.0
        return weight * 0.4 if _TRUNCATED.search(row.flat) else weight
    if row.code:
        return _CODE_LINE
    if row.bullet or listed:
        return _ITEM
    if row.terminal and row.words >= 4:
        return _SENTENCE
    return _SHORT


def _region(rows: Sequence[_Row], verdicts: list[str]) -> int:
    """Drop what lies outside the best contiguous region, and what follows the end of the article in it.

    Returns the index of the first line of prose.
    """
    heads = [_head(row) for row in rows]
    listed = _listed(rows, verdicts)
    listing = _listing(rows)
    weights = [
        _CODE_LINE if at in listing and not verdicts[at] else _weight(row, verdicts[at], listed[at])
        for at, row in enumerate(rows)
    ]
    end = min(_article_end(rows, heads), _first_of_the_comments(rows))
    teasers = _teasers(rows)
    for at in teasers:
        weights[at] = _TEASER
    for at, head in enumerate(heads):
        if head:
            weights[at] = _LABEL if head == "label" else _END
    start, stop = _best_span(weights[:end])
    stop = _with_last_words(rows, verdicts, stop, end)
    opening = _opening(rows, verdicts, start) | _headline(rows, verdicts, start, stop, teasers)
    said = {_normal(rows[at].flat) for at in opening if not verdicts[at]}
    for at in range(len(rows)):
        if at in opening and verdicts[at] == "repeated" and _normal(rows[at].flat) not in said:
            verdicts[at] = ""
        if verdicts[at]:
            continue
        if at < start and at not in opening:
            verdicts[at] = "before the article"
        elif at >= stop:
            verdicts[at] = "after the article"
    return start


def _head(row: _Row) -> str:
    """Which kind of box a line opens: "end", "comments", "label", or "" when it opens none."""
    if row.words > 18 or row.bullet or row.flat.endswith((".", ",", ";")):
        return ""
    low = row.flat.lower()
    for name in ("comments", "end", "label"):
        if getattr(phrases(), name).fullmatch(low):
            return name
    return ""


def _listed(rows: Sequence[_Row], verdicts: Sequence[str]) -> list[bool]:
    """Whether each line belongs to a list that a line ending with a colon introduces."""
    found, inside = [], False
    for row, why in zip(rows, verdicts, strict=True):
        found.append(inside and not row.prose and not why)
        if why or row.prose or row.flat.endswith((":", "：")):
            inside = row.flat.endswith((":", "：")) and not why
    return found


_PAIRS = 3  # in a row make a list of teasers


def _teasers(rows: Sequence[_Row]) -> set[int]:
    """Lines of lists of teasers: a title and one sentence, a title and one sentence, and so on.

    An article has headings with a single sentence under them as well, but hardly three in a row.
    """
    found: set[int] = set()
    run: list[int] = []
    pairs, at = 0, 0
    lines = [n for n, row in enumerate(rows) if not row.why]
    while at < len(lines):
        title = rows[lines[at]]
        summary = rows[lines[at + 1]] if at + 1 < len(lines) else title
        if _titular(title) and summary is not title and _summary(summary):
            run += lines[at : at + 2]
            pairs, at = pairs + 1, at + 2
            continue
        if pairs >= _PAIRS:
            found.update(run)
        run, pairs, at = [], 0, at + 1
    return found.union(run) if pairs >= _PAIRS else found


def _titular(row: _Row) -> bool:
    return 3 <= row.words <= 20 and not (
        row.prose or row.bullet or row.code or row.flat.endswith((".", ":", ";", ","))
    )


def _summary(row: _Row) -> bool:
    """One sentence, as long as a sentence is, perhaps cut off."""
    return (
        6 <= row.words <= 45
        and row.sentences <= 1
        and row.terminal
        and not row.code
        and not row.flat.endswith(":")
    )


def _listing(rows: Sequence[_Row]) -> set[int]:
    """Short lines with code close by: the output of a command, a line of a listing that looks like words."""
    return {
        at
        for at, row in enumerate(rows)
        if not (row.prose or row.code or row.why)
        and sum(near.code for near in (*rows[max(0, at - 3) : at], *rows[at + 1 : at + 4])) >= 2
    }


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


#: how much prose must lie before a heading for the article to end there: words, and share of the whole
_ENDS = {"comments": (60, 0.15), "end": (80, 0.35), "label": (40, 0.75)}


def _article_end(rows: Sequence[_Row], heads: Sequence[str]) -> int:
    """Index of the first heading that ends the article, with enough prose before it; else the number of rows."""
    whole = sum(row.words for row in rows if row.prose and not row.why)
    passed = 0
    for at, (row, head) in enumerate(zip(rows, heads, strict=True)):
        if head:
            words, share = _ENDS[head]
            if passed >= words and passed >= share * whole:
                return at
        if row.prose and not row.why:
            passed += row.words
    return len(rows)


_CLOCK = re.compile(r"\d:\d\d|\bago\b")
_POSTS = 3  # in a row make a discussion


def _first_of_the_comments(rows: Sequence[_Row]) -> int:
    """Index of the first of at least three signed posts in a row (a name, a date, a text) with enough prose before it.

    Dates alone do not make one: a chronicle has them as well.
    """
    whole = sum(row.words for row in rows if row.prose and not row.why)
    words, share = _ENDS["comments"]
    passed = 0
    signatures: list[int] = []
    for at, row in enumerate(rows):
        if row.prose and not row.why:
            passed += row.words
        if passed < words or passed < share * whole or not _signature(rows, at):
            continue
        if signatures and not _post_between(rows, signatures[-1] + 1, at):
            signatures = []
        signatures.append(at)
        if len(signatures) == _POSTS:
            first = signatures[0]
            return first - 1 if _named(rows[first - 1]) else first
    return len(rows)


def _signature(rows: Sequence[_Row], at: int) -> bool:
    """Whether a line says who posted when: a date or time with a name in it, above it or below it."""
    row = rows[at]
    if row.why in ("byline", "comment"):
        return any(char.isdigit() for char in row.flat)
    if row.why != "date or time":
        return False
    beside = any(_named(rows[near]) for near in (at - 1, at + 1) if 0 <= near < len(rows))
    return beside or bool(_CLOCK.search(row.flat))


def _named(row: _Row) -> bool:
    """Short enough for a name, or said to be one."""
    return row.why in ("byline", "comment") or (1 <= row.words <= 4 and not row.terminal and not row.why)


def _post_between(rows: Sequence[_Row], start: int, stop: int) -> bool:
    """Whether a text stands there, and not much more."""
    return 1 <= stop - start <= 10 and any(row.words >= 5 and not row.why for row in rows[start:stop])


def _with_last_words(rows: Sequence[_Row], verdicts: Sequence[str], stop: int, end: int) -> int:
    """Move the end down over the short sentences, or the listing, that close an article."""
    at = stop
    while at < min(end, stop + 3) and not verdicts[at] and rows[at].terminal and rows[at].words >= 4:
        at += 1
    listing = at
    while listing < end and any(row.code for row in rows[listing : listing + 2]):
        listing += 1
    return listing if listing - at >= 3 else at


def _headline(
    rows: Sequence[_Row], verdicts: Sequence[str], start: int, stop: int, teasers: set[int]
) -> set[int]:
    """The title with what belongs to it: a line directly above it, and longer ones between it and the prose."""
    title = _title(rows, verdicts, start, stop, teasers)
    if title is None:
        return set()
    between = set(range(title + 1, start)) - teasers
    found = {title} | {at for at in between if rows[at].words >= 6 and not verdicts[at]}
    if (
        title > 0
        and not verdicts[title - 1]
        and 4 <= rows[title - 1].words <= 20
        and not rows[title - 1].terminal
    ):
        found.add(title - 1)
    return found


def _title(
    rows: Sequence[_Row], verdicts: Sequence[str], start: int, stop: int, teasers: set[int]
) -> int | None:
    """The line above the article that shares most of its words with it: its title.

    Without one that shares enough, the longest line of a title's length not far above. A line that the article has
    again is an entry of its table of contents.
    """
    body = Counter(word for row in rows[start:stop] for word in _content(row.flat))
    contents = {_normal(row.flat) for row in rows[start:stop]}
    above = [
        at
        for at in range(max(0, start - 60), start)
        if at not in teasers and _normal(rows[at].flat) not in contents
    ]
    best, place = 0.0, None
    for at in above:
        row = rows[at]
        words = _content(row.flat)
        if verdicts[at] not in ("", "repeated") or row.bullet or not 1 <= len(words) <= 25 or row.words < 3:
            continue
        shared = sum(1 for word in words if body[word])
        score = shared * shared / len(words)
        if shared >= 0.4 * len(words) and score >= best:
            best, place = score, at
    if place is not None:
        return place
    near = [at for at in above if at >= start - 15 and not verdicts[at] and 4 <= rows[at].words <= 25]
    return max(near, key=lambda at: rows[at].words, default=None)


def _content(flat: str) -> set[str]:
    """The words that carry meaning, cut to five letters so that inflections agree."""
    return {word[:5] for word in _WORD.findall(flat.lower()) if len(word) > 2 and word not in _GLUE}


def _opening(rows: Sequence[_Row], verdicts: Sequence[str], start: int) -> set[int]:
    """Headings directly above the first prose, and above each other ("Abstract:", "Chapter 1: Traits")."""
    found: set[int] = set()
    at = start - 1
    while (
        at >= 0
        and start - at <= 3
        and verdicts[at] in ("", "repeated")
        and not _head(rows[at])
        and (rows[at].words >= 3 or rows[at].flat.endswith(":"))
    ):
        found.add(at)
        at -= 1
    return found


# ------------------------------------------------------------------ step 3: inside the region


def _inside(rows: Sequence[_Row], verdicts: list[str], start: int) -> None:
    """Drop boxes (a label and the short lines under it), tag lists, and captions above their credit."""
    _boxes(rows, verdicts, start)
    _runs(rows, verdicts)
    for at, row in enumerate(rows[:-1]):
        if (
            verdicts[at + 1] == "caption or credit"
            and rows[at + 1].words <= 8  # a longer one is the caption itself
            and not verdicts[at]
            and row.words <= 20
            and not row.sentences > 1
        ):
            before = next((verdicts[up] for up in range(at - 1, -1, -1) if rows[up].words), "")
            if before and before != "repeated":
                verdicts[at] = "caption or credit"


def _boxes(rows: Sequence[_Row], verdicts: list[str], start: int) -> None:
    box = False
    for at, row in enumerate(rows):
        if at < start or verdicts[at] == "after the article":
            continue
        if _head(row):
            verdicts[at] = verdicts[at] or "label of a box"
            box = True
        elif box and not verdicts[at]:
            if (row.prose and not _TRUNCATED.search(row.flat)) or row.bullet:
                box = False
            else:
                verdicts[at] = "in a box"


def _runs(rows: Sequence[_Row], verdicts: list[str]) -> None:
    """Long runs of very short lines are menus or tags, unless a colon introduces them."""
    kept = [at for at, why in enumerate(verdicts) if not why]
    run: list[int] = []
    for at in [*kept, -1]:
        if at >= 0 and _menu_like(rows[at]):
            run.append(at)
            continue
        short = sorted(rows[line].words for line in run)
        if len(run) >= 6 and short[len(run) // 2] <= 3 and not _introduced(rows, verdicts, run[0]):
            for line in run[:-1] if at >= 0 else run:
                verdicts[line] = "link list"
        run = []


def _menu_like(row: _Row) -> bool:
    return row.words <= 8 and not (row.prose or row.bullet or row.terminal or row.code)


def _introduced(rows: Sequence[_Row], verdicts: Sequence[str], first: int) -> bool:
    """Whether the kept line before ends with a colon: then short lines are its list."""
    for at in range(first - 1, -1, -1):
        if not verdicts[at]:
            return rows[at].flat.endswith((":", "："))
    return False
