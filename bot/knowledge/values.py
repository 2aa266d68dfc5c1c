"""The values that pass between the steps: what was read, what was kept, chunks, hits and reports.

Offsets are always characters into `Article.text`, the cleaned text that our database keeps; a chunk's
text is exactly `article.text[start:end]`. This module does not know how any of them is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.base import Value
from bot.domain.library import Citation


class Kind(StrEnum):
    """What a block of an article is; headings name sections, code is never re-flowed or cleaned away."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """One non-empty line of an input and the verdict on it. `n` counts the input's lines from 1, empty ones too.

    The lines of a text or Markdown file are its own, those of a PDF the lines of its text page by page, those of a
    Word document its paragraphs and table rows, those of a web page what a browser shows, block by block.
    """

    n: int
    text: str
    kept: bool
    why: str  # the rule that decided; "" for ordinary kept text


@dataclass(frozen=True, slots=True)
class Block:
    """A block of kept text as it comes out of a reader, before it is placed in the article."""

    text: str
    kind: Kind = Kind.TEXT
    level: int = 0  # of a heading, 1 = title


Verdicts = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Draft:
    """One input taken apart: what the rules say of every line, and how the lines that are kept make blocks."""

    title: str
    form: str  # md, txt, html, pdf, docx
    lines: tuple[Line, ...]
    blocks: Callable[[Verdicts], list[Block]]
    encoding: str
    meta: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One input, read and cleaned, not yet placed. `meta` holds an article's own front matter."""

    key: str  # what identifies it between runs: a path relative to the folder given, or a URL
    title: str
    form: str  # md, txt, html, pdf, docx
    blocks: tuple[Block, ...]
    dropped: tuple[Line, ...] = ()
    encoding: str = "utf-8"
    meta: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A placed block: `text[start:end]` of its article, under a section path."""

    n: int
    start: int
    end: int
    kind: Kind
    section: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that is embedded and searched. `hash` is that of the text which is embedded."""

    n: int
    start: int
    end: int
    section: str
    hash: str


class Hit(Value):
    """A passage found. `text == article_text[start:end]`; `wide_*` adds the neighbours, for reading.

    `score` is the mixed score that ranks, `cosine` and `bm25` (divided by the best of the query) its parts.
    """

    article: str
    title: str
    section: str
    start: int
    end: int
    text: str
    score: float
    cosine: float
    bm25: float
    wide_start: int
    wide_end: int
    wide_text: str
    source: str = ""
    flagged: bool = False

    def citation(self) -> Citation:
        """The same passage as the interview and the review keep it."""
        return Citation(
            article=self.article,
            title=self.title,
            section=self.section,
            start=self.start,
            end=self.end,
            text=self.text,
            score=round(self.score, 4),
        )


class Answer(Value):
    """What a search gives: hits best first, or none and the reason why."""

    query: str
    hits: tuple[Hit, ...]
    note: str = ""  # why there is nothing, or what was degraded
    best_cosine: float = 0.0
    embedder: str = ""


class Notice(Value):
    """Something a person should know about one input."""

    source: str
    kind: str  # refused, empty, duplicate, near-duplicate, same-title, instructions, encoding, skipped, ...
    detail: str


class IndexReport(Value):
    """What one run of the index did. Counts of articles, except `chunks` and `embedded` (chunks)."""

    added: int = 0
    changed: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    refused: int = 0
    articles: int = 0
    chunks: int = 0
    embedded: int = 0
    reused: int = 0
    seconds: float = 0.0
    embedder: str = ""
    embedder_note: str = ""
    notices: tuple[Notice, ...] = ()
