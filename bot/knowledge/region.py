"""The region of a page that is its article: prose counts for it, all else against, and the best contiguous sum wins.

Maximum subsequence segmentation (Pasternack & Roth, "Extracting article text from the web", WWW 2009), cut where a
heading that ends articles, or a discussion, follows enough prose; then the title above it is looked for. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.knowledge.rows import TRUNCATED, Row, content, head_of, normal

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


def _weight(row: Row, why: str, listed: bool) -> float:
    """How much a line speaks for (or against) an article around it."""
    if why:
        return _COST.get(why, _OTHER)
    if row.prose:
        weight = min(row.words, 60) - 10.0
        return weight * 0.4 if TRUNCATED.search(row.flat) else weight
    if row.code:
        return _CODE_LINE
    if row.bullet or listed:
        return _ITEM
    if row.terminal and row.words >= 4:
        return _SENTENCE
    return _SHORT


def region(rows: Sequence[Row], verdicts: list[str]) -> int:
    """Drop what lies outside the best contiguous region, and what follows the end of the article in it.

    Returns the index of the first line of prose.
    """
    heads = [head_of(row) for row in rows]
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
    said = {normal(rows[at].flat) for at in opening if not verdicts[at]}
    for at in range(len(rows)):
        if at in opening and verdicts[at] == "repeated" and normal(rows[at].flat) not in said:
            verdicts[at] = ""
        if verdicts[at]:
            continue
        if at < start and at not in opening:
            verdicts[at] = "before the article"
        elif at >= stop:
            verdicts[at] = "after the article"
    return start


def _listed(rows: Sequence[Row], verdicts: Sequence[str]) -> list[bool]:
    """Whether each line belongs to a list that a line ending with a colon introduces."""
    found, inside = [], False
    for row, why in zip(rows, verdicts, strict=True):
        found.append(inside and not row.prose and not why)
        if why or row.prose or row.flat.endswith((":", "：")):
            inside = row.flat.endswith((":", "：")) and not why
    return found


_PAIRS = 3  # in a row make a list of teasers


def _teasers(rows: Sequence[Row]) -> set[int]:
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


def _titular(row: Row) -> bool:
    return 3 <= row.words <= 20 and not (
        row.prose or row.bullet or row.code or row.flat.endswith((".", ":", ";", ","))
    )


def _summary(row: Row) -> bool:
    """One sentence, as long as a sentence is, perhaps cut off."""
    return (
        6 <= row.words <= 45
        and row.sentences <= 1
        and row.terminal
        and not row.code
        and not row.flat.endswith(":")
    )


def _listing(rows: Sequence[Row]) -> set[int]:
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


def _article_end(rows: Sequence[Row], heads: Sequence[str]) -> int:
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


def _first_of_the_comments(rows: Sequence[Row]) -> int:
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


def _signature(rows: Sequence[Row], at: int) -> bool:
    """Whether a line says who posted when: a date or time with a name in it, above it or below it."""
    row = rows[at]
    if row.why in ("byline", "comment"):
        return any(char.isdigit() for char in row.flat)
    if row.why != "date or time":
        return False
    beside = any(_named(rows[near]) for near in (at - 1, at + 1) if 0 <= near < len(rows))
    return beside or bool(_CLOCK.search(row.flat))


def _named(row: Row) -> bool:
    """Short enough for a name, or said to be one."""
    return row.why in ("byline", "comment") or (1 <= row.words <= 4 and not row.terminal and not row.why)


def _post_between(rows: Sequence[Row], start: int, stop: int) -> bool:
    """Whether a text stands there, and not much more."""
    return 1 <= stop - start <= 10 and any(row.words >= 5 and not row.why for row in rows[start:stop])


def _with_last_words(rows: Sequence[Row], verdicts: Sequence[str], stop: int, end: int) -> int:
    """Move the end down over the short sentences, or the listing, that close an article."""
    at = stop
    while at < min(end, stop + 3) and not verdicts[at] and rows[at].terminal and rows[at].words >= 4:
        at += 1
    listing = at
    while listing < end and any(row.code for row in rows[listing : listing + 2]):
        listing += 1
    return listing if listing - at >= 3 else at


def _headline(
    rows: Sequence[Row], verdicts: Sequence[str], start: int, stop: int, teasers: set[int]
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
    rows: Sequence[Row], verdicts: Sequence[str], start: int, stop: int, teasers: set[int]
) -> int | None:
    """The line above the article that shares most of its words with it: its title.

    Without one that shares enough, the longest line of a title's length not far above. A line that the article has
    again is an entry of its table of contents.
    """
    body = Counter(word for row in rows[start:stop] for word in content(row.flat))
    contents = {normal(row.flat) for row in rows[start:stop]}
    above = [
        at
        for at in range(max(0, start - 60), start)
        if at not in teasers and normal(rows[at].flat) not in contents
    ]
    best, place = 0.0, None
    for at in above:
        row = rows[at]
        words = content(row.flat)
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


def _opening(rows: Sequence[Row], verdicts: Sequence[str], start: int) -> set[int]:
    """Headings directly above the first prose, and above each other ("Abstract:", "Chapter 1: Traits")."""
    found: set[int] = set()
    at = start - 1
    while (
        at >= 0
        and start - at <= 3
        and verdicts[at] in ("", "repeated")
        and not head_of(rows[at])
        and (rows[at].words >= 3 or rows[at].flat.endswith(":"))
    ):
        found.add(at)
        at -= 1
    return found
