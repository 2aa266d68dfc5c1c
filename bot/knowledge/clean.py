"""Which lines of a flattened web page are the article: rules over single lines, then the best region, then its inside.

Three steps, in the order of their strength:

1. each line alone: known boilerplate wording (`rows.py`, `phrases.py`), another script, an exact repeat;
2. the region that is the article (`region.py`);
3. inside: runs of short lines that are neither headings nor list items are link lists.

Pure: text in, verdicts out. It does not know HTML (trafilatura does better when the markup is at hand) and
fits nothing to a site. A text without any prose is kept as it is: better a noisy note than an empty one.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.knowledge.region import region
from bot.knowledge.rows import BULLET, TRUNCATED, Row, head_of, normal, row_of
from bot.knowledge.values import Line

VERSION = "2"


def clean(text: str) -> tuple[Line, ...]:
    """The verdict on every non-empty line of `text`, in order.

    >>> [line.kept for line in clean("Share this\\nShare this")]
    [False, False]
    """
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    groups = _paragraphs(lines) if is_wrapped(text) else [[line] for line in lines]
    rows = [row_of(group[0][0], " ".join(line for _, line in group)) for group in groups]
    verdicts = _alone(rows)
    if any(row.prose for row in rows):
        placed = list(verdicts)
        start = region(rows, placed)
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
        if groups and n == groups[-1][-1][0] + 1 and not BULLET.match(line):
            groups[-1].append((n, line))
        else:
            groups.append([(n, line)])
    return groups


def _is_no_page(rows: Sequence[Row], worded: Sequence[str], placed: Sequence[str]) -> bool:
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


# ------------------------------------------------------------------ step 1: each line alone


def _alone(rows: Sequence[Row]) -> list[str]:
    main = _main_script(rows)
    seen: set[str] = set()
    verdicts = []
    for row in rows:
        key = normal(row.flat)
        why = row.why or ("another script" if _foreign(row.flat, main) else "")
        if not why and not row.code and key in seen and (row.words >= 4 or row.flat.endswith(":")):
            why = "repeated"
        seen.add(key)
        verdicts.append(why)
    return verdicts


def _script(char: str) -> str:
    """Latin, Cyrillic, CJK ...: the first word of the character's Unicode name; East Asian ones count as one."""
    name = unicodedata.name(char, "").split(" ")[0]
    return "CJK" if name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO") else name


def _main_script(rows: Sequence[Row]) -> str:
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


def _first_in_the_article(rows: Sequence[Row], verdicts: list[str]) -> None:
    """A line is no repeat when all that it repeats was dropped: a heading that a table of contents names before."""
    kept = {normal(row.flat) for row, why in zip(rows, verdicts, strict=True) if not why}
    inside = [at for at, why in enumerate(verdicts) if not why]
    for at in range(inside[0], inside[-1]) if inside else ():
        key = normal(rows[at].flat)
        if verdicts[at] == "repeated" and key not in kept:
            verdicts[at] = ""
            kept.add(key)


# ------------------------------------------------------------------ step 3: inside the region


def _inside(rows: Sequence[Row], verdicts: list[str], start: int) -> None:
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


def _boxes(rows: Sequence[Row], verdicts: list[str], start: int) -> None:
    box = False
    for at, row in enumerate(rows):
        if at < start or verdicts[at] == "after the article":
            continue
        if head_of(row):
            verdicts[at] = verdicts[at] or "label of a box"
            box = True
        elif box and not verdicts[at]:
            if (row.prose and not TRUNCATED.search(row.flat)) or row.bullet:
                box = False
            else:
                verdicts[at] = "in a box"


def _runs(rows: Sequence[Row], verdicts: list[str]) -> None:
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


def _menu_like(row: Row) -> bool:
    return row.words <= 8 and not (row.prose or row.bullet or row.terminal or row.code)


def _introduced(rows: Sequence[Row], verdicts: Sequence[str], first: int) -> bool:
    """Whether the kept line before ends with a colon: then short lines are its list."""
    for at in range(first - 1, -1, -1):
        if not verdicts[at]:
            return rows[at].flat.endswith((":", "："))
    return False
