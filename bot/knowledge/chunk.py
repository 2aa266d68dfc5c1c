"""Places blocks in an article and cuts it into chunks whose character offsets are exact by construction.

`place` decides the article's text; `cut` only ever picks spans of it, so `text[start:end]` is the chunk.
(LangChain's splitter gives -1 as the start of a fifth of overlapping chunks; offsets are not left to it.)
Knows nothing about embedding, apart from the prefix that a chunk is embedded with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.values import Block, Chunk, Kind, Paragraph
from bot.model.tokens import estimate

VERSION = "1"  # part of the manifest: a change of the rules below must re-cut every article
MAX_TOKENS = 280
OVERLAP = 50
SMALL = 90  # a chunk below this many tokens may run on into the next section

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÞЀ-Я])|(?<=[。！？])|\n+")
_SEPARATOR = "\n\n"
_PATH = " > "


def place(blocks: Sequence[Block]) -> tuple[str, tuple[Paragraph, ...]]:
    """Join blocks into the article's text and say where each lies and under which heading path.

    The first-level heading is the title and does not appear in section paths.
    """
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    path: list[tuple[int, str]] = []
    at = 0
    for block in blocks:
        text = block.text.strip("\n")
        if not text.strip():
            continue
        if block.kind is Kind.HEADING:
            path = [entry for entry in path if entry[0] < block.level]
            if block.level > 1:
                path.append((block.level, " ".join(text.split())))
        section = _PATH.join(name for _, name in path)
        paragraphs.append(Paragraph(len(paragraphs), at, at + len(text), block.kind, section))
        parts.append(text)
        at += len(text) + len(_SEPARATOR)
    return _SEPARATOR.join(parts), tuple(paragraphs)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a whole short block: the unit that chunks are packed from."""

    start: int
    end: int
    size: int
    section: str
    heading: bool


def cut(title: str, text: str, paragraphs: Sequence[Paragraph]) -> tuple[Chunk, ...]:
    """Chunks of at most `MAX_TOKENS` on sentence bounds, each starting with about `OVERLAP` tokens of the last.

    Headings stay with what follows; a new section starts a new chunk unless the current one is small.
    """
    spans: list[tuple[int, int, str]] = []
    current: list[_Piece] = []
    for piece in _pieces(text, paragraphs):
        size = sum(entry.size for entry in current)
        turns = bool(current) and piece.section != current[-1].section and size >= SMALL
        if current and (turns or size + piece.size > MAX_TOKENS):
            held = _trailing_headings(current)
            body = current[: len(current) - len(held)]
            if not body:  # nothing but headings: a table of contents is cut like any text
                body, held = current, []
            spans.append((body[0].start, body[-1].end, _section(body)))
            current = held or ([] if turns else _tail(body))
        current.append(piece)
    if current and (not spans or current[-1].end > spans[-1][1]):
        spans.append((current[0].start, current[-1].end, _section(current)))
    return tuple(
        Chunk(n, start, end, section, digest(embedded_text(title, section, text[start:end])))
        for n, (start, end, section) in enumerate(spans)
    )


def embedded_text(title: str, section: str, text: str) -> str:
    """What is embedded and indexed for a chunk: title and heading path give a passage its context."""
    head = f"{title}{_PATH}{section}" if title and section else title or section
    return f"{head}\n{text}" if head else text


def digest(text: str) -> str:
    """Content hash: 32 hex digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _pieces(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[_Piece]:
    for paragraph in paragraphs:
        heading = paragraph.kind is Kind.HEADING
        for start, end in _sentences(text, paragraph.start, paragraph.end):
            yield _Piece(start, end, estimate(text[start:end]), paragraph.section, heading)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of sentences; one that is longer than a chunk is cut at white space, or anywhere if it must be."""
    at = start
    for match in _SENTENCE.finditer(text, start, end):
        if match.start() > at:
            yield from _fit(text, at, match.start())
        at = match.end()
    if at < end:
        yield from _fit(text, at, end)


def _fit(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    limit = MAX_TOKENS - OVERLAP
    while end - start > limit and estimate(text[start:end]) > limit:
        reach = min(end, start + limit * 4)
        while estimate(text[start:reach]) > limit and reach - start > 40:
            reach -= max(1, (reach - start) // 8)
        space = max(text.rfind(" ", start, reach), text.rfind("\n", start, reach))
        stop = space if space > start else reach
        yield start, stop
        start = stop + (1 if space > start else 0)
    if text[start:end].strip():
        yield start, end


def _tail(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The last sentences of a full chunk that the next one repeats."""
    kept: list[_Piece] = []
    size = 0
    for piece in reversed(pieces[1:]):
        if size + piece.size > OVERLAP or piece.heading:
            break
        kept.insert(0, piece)
        size += piece.size
    return kept


def _trailing_headings(pieces: Sequence[_Piece]) -> list[_Piece]:
    held: list[_Piece] = []
    for piece in reversed(pieces):
        if not piece.heading:
            break
        held.insert(0, piece)
    return held


def _section(pieces: Sequence[_Piece]) -> str:
    """The section that most of the chunk lies in (the first of equals)."""
    weight: dict[str, int] = {}
    for piece in pieces:
        weight[piece.section] = weight.get(piece.section, 0) + piece.size
    return max(weight, key=lambda name: weight[name])
