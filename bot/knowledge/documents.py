"""PDF and Word: the lines of their text, and the blocks that these make. Runs nothing, asks for no password.

A PDF is re-flowed and loses its running heads; a Word document keeps its headings, lists and tables. Knows no files.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bot.errors import InputRefused
from bot.knowledge.encodings import tidy
from bot.knowledge.values import Block, Draft, Kind, Line, Verdicts

_MAX_UNPACKED = 200 * 1024 * 1024

# ------------------------------------------------------------------ PDF


def pdf(raw: bytes) -> Draft:
    """A PDF taken apart. Raises `InputRefused` for one that is protected, damaged or without text."""
    pages, title = _pages(raw)
    if not any(page.strip() for page in pages):
        raise InputRefused(
            "It is a PDF without text, probably scanned.", hint="Run text recognition (OCR) on it first."
        )
    heads = _running_heads(pages)
    lines: list[Line] = []
    page_of: list[int] = []  # of every line, empty ones too
    for number, page in enumerate(pages):
        for line in page.split("\n"):
            page_of.append(number)
            if line.strip():
                why = "running head" if _pageless(line) in heads else ""
                lines.append(Line(len(page_of), line.strip(), not why, why))

    def blocks(decided: Verdicts) -> list[Block]:
        kept = {line.n: line.text for line in decided if line.kept}
        gone = {line.n for line in decided if not line.kept}
        rows = [(page, kept.get(n, "")) for n, page in enumerate(page_of, 1) if n not in gone]
        return [
            block for _, page in groupby(rows, lambda row: row[0]) for block in _reflow([t for _, t in page])
        ]

    return Draft(" ".join(title.split()), "pdf", tuple(lines), blocks, "pdf")


def _pages(raw: bytes) -> tuple[list[str], str]:
    """The text of every page, and the title that the file says it has."""
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputRefused("It is protected by a password.", hint="Save a copy without one.")
        pages = [tidy(page.extract_text() or "") for page in reader.pages]
        return pages, str((reader.metadata.title if reader.metadata else "") or "")
    except DependencyError as problem:
        raise InputRefused(
            "It is protected by a password, or by an encryption that is not read here.",
            hint="Save a copy without it.",
        ) from problem
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        RecursionError,
    ) as problem:
        raise InputRefused(f"It is a damaged PDF ({type(problem).__name__}).") from problem


def _pageless(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()).lower())


def _running_heads(pages: Sequence[str]) -> set[str]:
    """First and last lines that come back (but for the page number) on at least three pages and a third of all."""
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.split("\n") if line.strip()]
        seen.update({_pageless(line) for line in (*lines[:2], *lines[-2:])})
    return {line for line, count in seen.items() if count >= 3 and count * 3 >= len(pages)}


def _reflow(lines: Sequence[str]) -> list[Block]:
    """Paragraphs of a page: lines are joined, words cut at a line end are made whole."""
    longest = max((len(line) for line in lines), default=0)
    blocks: list[Block] = []
    held = ""
    for line in [*lines, ""]:
        text = line.strip()
        if text:
            held = held[:-1] + text if held.endswith("-") and text[:1].islower() else f"{held} {text}".strip()
        ends = not text or (len(text) < 0.6 * longest and text.endswith((".", "!", "?", ":")))
        if held and ends:
            blocks.append(Block(held))
            held = ""
    return blocks


# ------------------------------------------------------------------ Word


def docx(raw: bytes) -> Draft:
    """A Word document taken apart: a paragraph or a table row is a line. Raises `InputRefused` for what is none."""
    import docx as word

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise InputRefused("It unpacks to more than 200 MB.")
        document = word.Document(io.BytesIO(raw))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError, SyntaxError) as problem:
        # AttributeError and SyntaxError: python-docx on parts that are not what they are named
        protected = raw.startswith(b"\xd0\xcf\x11\xe0")  # an OLE container: old Word, or encrypted
        why = "It is an old or password-protected Word file." if protected else "It is not a Word document."
        raise InputRefused(why, hint="Save it as .docx without a password.") from problem
    whole = [block for item in document.iter_inner_content() if (block := _docx_block(item))]
    rows = [(at, row) for at, block in enumerate(whole) for row in block.text.split("\n")]
    lines = tuple(Line(n, row.strip(), True, "") for n, (_, row) in enumerate(rows, 1) if row.strip())

    def blocks(decided: Verdicts) -> list[Block]:
        gone = {line.n for line in decided if not line.kept}
        kept = [(at, row) for n, (at, row) in enumerate(rows, 1) if n not in gone]
        return [
            Block("\n".join(row for _, row in part), whole[at].kind, whole[at].level)
            for at, part in groupby(kept, lambda row: row[0])
        ]

    title = str(document.core_properties.title or "").strip()
    if not title:
        title = next((block.text for block in whole if block.kind is Kind.HEADING), "")
    return Draft(title, "docx", lines, blocks, "docx")


def _docx_block(item: Any) -> Block | None:
    """A paragraph or a table of a Word document, in the order of the document."""
    if hasattr(item, "rows"):
        rows = [" | ".join(cell.text.strip() for cell in row.cells) for row in item.rows]
        return Block(tidy("\n".join(rows)))
    text = tidy(item.text).strip()
    if not text:
        return None
    style = (item.style.name if item.style is not None else "") or ""
    if style == "Title":
        return Block(text, Kind.HEADING, 1)
    if style.startswith("Heading"):
        return Block(text, Kind.HEADING, int(re.sub(r"\D", "", style) or 1) + 1)
    return Block(text, Kind.ITEM if style.startswith("List") else Kind.TEXT)
