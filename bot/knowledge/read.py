"""Readers: the bytes of one input -> its cleaned blocks, or a refusal that says why.

Every form is taken apart into lines with verdicts (`Draft`): Markdown and Word keep their own structure, HTML goes
through trafilatura (`markup.py`), text that was scraped through `clean.py`. A person's overrules change verdicts, and
the lines that are kept make the article, so what `clean` shows is what is indexed. No reader fetches anything,
follows a link or runs what it reads. Does not know the library or its ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from bot.errors import InputRefused
from bot.knowledge import clean as rules
from bot.knowledge import documents, markdown, markup
from bot.knowledge.chunk import digest
from bot.knowledge.encodings import decode
from bot.knowledge.markdown import ITEM
from bot.knowledge.values import Block, Draft, Kind, Line, Source, Verdicts

VERSION = "2"
MAX_BYTES = 32 * 1024 * 1024
FORMS = {
    ".md": "md", ".markdown": "md", ".mdx": "md",
    ".txt": "txt", ".text": "txt",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}  # fmt: skip


def read(raw: bytes, name: str, overrides: Mapping[str, bool] | None = None) -> Source:
    """Read one input. `name` gives the form (by its ending) and, without a better one, the title.

    `overrides` maps the hash of a line to a person's verdict on it. Raises `InputRefused` for what is empty,
    too large, binary, protected or without text; the message is for people.
    """
    draft = _draft(raw, name)
    lines = _overruled(draft.lines, overrides or {})
    blocks = draft.blocks(lines)
    if not any(block.text.strip() for block in blocks):
        raise InputRefused("No text of an article was found in it.", hint=_how_to_see(name))
    dropped = tuple(line for line in lines if not line.kept)
    title = draft.title or _stem(name)
    return Source(name, title, draft.form, tuple(blocks), dropped, draft.encoding, draft.meta, draft.warnings)


def verdicts(raw: bytes, name: str, overrides: Mapping[str, bool] | None = None) -> tuple[Line, ...]:
    """The verdict on every non-empty line of an input, in order (`Line` says what a line of each form is).

    Raises `InputRefused` for what cannot be read; an input that loses all of its lines can.
    """
    return _overruled(_draft(raw, name).lines, overrides or {})


def line_key(text: str) -> str:
    """The hash that an overrule of a line is kept under: by its words, so that it outlives edits around the line."""
    return digest(" ".join(text.split()))


def too_large(size: int) -> str:
    """Why an input of so many bytes is refused; "" when it is not."""
    if size <= MAX_BYTES:
        return ""
    return f"It has {size / 2**20:.0f} MB; an article may have {MAX_BYTES / 2**20:.0f} MB."


def _draft(raw: bytes, name: str) -> Draft:
    if why := too_large(len(raw)):
        raise InputRefused(why)
    if not raw.strip():
        raise InputRefused("It is empty.")
    form = FORMS.get(PurePosixPath(name).suffix.lower(), "txt")
    if form == "pdf" or raw.startswith(b"%PDF-"):
        return documents.pdf(raw)
    if form == "docx":
        return documents.docx(raw)
    text, encoding = decode(raw)
    if form == "md":
        return markdown.draft(text, encoding)
    if form == "html" or markup.looks_like_html(text):
        return markup.draft(text, encoding)
    return _text(text, encoding)


def _overruled(lines: Verdicts, overrides: Mapping[str, bool]) -> tuple[Line, ...]:
    decided = ((line, overrides.get(line_key(line.text), line.kept)) for line in lines)
    return tuple(
        line if keep == line.kept else Line(line.n, line.text, keep, "overruled by hand")
        for line, keep in decided
    )


def _how_to_see(name: str) -> str:
    return f"`mock-interview clean {name} --dropped` shows what was dropped and why."


def _stem(name: str) -> str:
    return re.sub(r"[-_]+", " ", PurePosixPath(name).stem).strip() or name


# ------------------------------------------------------------------ plain text


def _text(text: str, encoding: str) -> Draft:
    lines = rules.clean(text)

    def blocks(decided: Verdicts) -> list[Block]:
        found = _line_blocks(text, decided)
        if found and _titled(found):
            found[0] = Block(found[0].text, Kind.HEADING, 1)
        return found

    kept = blocks(lines)
    title = " ".join(kept[0].text.split()) if kept and _titled(kept) else ""
    return Draft(title, "txt", lines, blocks, encoding)


def _titled(blocks: list[Block]) -> bool:
    """Whether the first block is short enough to be the title."""
    return len(blocks[0].text.split()) <= 25


def _line_blocks(text: str, lines: Verdicts) -> list[Block]:
    """Kept lines as blocks. Hard-wrapped lines are joined; a short line above prose is a heading."""
    wrapped = rules.is_wrapped(text)
    groups: list[list[Line]] = []
    for line in lines:
        if not line.kept:
            continue
        joins = groups and line.n == groups[-1][-1].n + 1 and (wrapped or ITEM.match(line.text))
        if joins and (wrapped or ITEM.match(groups[-1][-1].text)):
            groups[-1].append(line)
        else:
            groups.append([line])
    blocks = []
    for at, group in enumerate(groups):
        item = bool(ITEM.match(group[0].text))
        joined = ("\n" if item else " ").join(line.text for line in group)
        follows = groups[at + 1][0].text if at + 1 < len(groups) else ""
        if len(group) == 1 and not item and rules.is_heading(joined, follows):
            blocks.append(Block(joined.lstrip("# "), Kind.HEADING, 2))
        else:
            blocks.append(Block(joined, Kind.ITEM if item else Kind.TEXT))
    return blocks
