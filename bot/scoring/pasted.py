"""The shipped articles' words in runs, to know them again where a candidate pastes them instead of answering.

Reads package data, each article once, and only those that a question names. Does not know articles that somebody added, nor
any other page: text that was copied from elsewhere looks like the candidate's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.resources import corpus_dir
from bot.scoring.stuffing import stretches
from bot.scoring.text import fold

RUN = 10
"""So many words in a row are looked up at once."""
COPY = 20
"""So many words in a row are a copy. Half as many come together by chance, or in the memory of somebody who has read the
article: "multiplies it by its own local derivative, and hands the result down" is what studying is for."""
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LINK = re.compile(r"\]\([^)\s]*\)")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=256)
def _runs(slug: str) -> frozenset[tuple[str, ...]]:
    path = corpus_dir() / "articles" / f"{slug}.md"
    if not path.is_file():
        return frozenset()
    text = _LINK.sub("] ", _FRONT.sub("", path.read_text(encoding="utf-8")))
    return frozenset(_in_rows(_WORD.findall(fold(text)[0])))


def copied(text: str, slugs: Iterable[str]) -> list[tuple[int, int]]:
    """Where this text repeats an article of these slugs, at least `COPY` words in a row, as (start, end) offsets in order."""
    known = frozenset().union(*map(_runs, slugs))
    if not known:
        return []
    chars, spots = fold(text)
    found = list(_WORD.finditer(chars))
    taken = [False] * len(found)
    for i, row in enumerate(_in_rows([m.group() for m in found])):
        if row in known:
            taken[i : i + RUN] = [True] * RUN
    copies = [(a, b) for a, b in stretches(taken) if b - a + 1 >= COPY]
    return [spots.span(found[a].start(), found[b].end() - 1) for a, b in copies]


def _in_rows(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(RUN)), strict=False))
