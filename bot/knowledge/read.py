"""Readers: the bytes of one input -> its cleaned blocks, or a refusal that says why.

Markdown and Word keep their own structure; HTML goes through trafilatura (flattened text loses 12 points of
F1); plain text that was scraped goes through `bot/knowledge/clean.py`; a PDF is re-flowed and loses its running
heads. No reader fetches anything, follows a link or runs what it reads. Does not know the library or its ids.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from bot.errors import InputRefused
from bot.knowledge import clean as rules
from bot.knowledge.chunk import digest
from bot.knowledge.phrases import words_of
from bot.knowledge.values import Block, Kind, Line, Source

VERSION = "1"
MAX_BYTES = 32 * 1024 * 1024
FORMS = {
    ".md": "md", ".markdown": "md", ".mdx": "md",
    ".txt": "txt", ".text": "txt",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}  # fmt: skip
_MAX_UNPACKED = 200 * 1024 * 1024

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_BLOCK_TAGS = words_of(
    """
    address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html label legend li main menu nav ol option p pre section select
    summary table tbody td tfoot th thead title tr ul video audio iframe input textarea
    """
)
_SILENT_TAGS = words_of("script style noscript template svg math head iframe object canvas")


def read(raw: bytes, name: str, *, overrides: Mapping[str, bool] | None = None, form: str = "") -> Source:
    """Read one input. `name` gives the form (by its ending) and, without a better one, the title.

    `overrides` maps the hash of a line to a person's verdict on it. Raises `InputRefused` for what is empty,
    too large, binary, protected or without text; the message is for people.
    """
    kind = form or FORMS.get(PurePosixPath(name).suffix.lower(), "txt")
    if len(raw) > MAX_BYTES:
        raise InputRefused(f"It has {len(raw) / 1e6:.0f} MB; an article may have {MAX_BYTES / 1e6:.0f} MB.")
    if not raw.strip():
        raise InputRefused("It is empty.")
    decided = overrides or {}
    if kind == "pdf" or raw.startswith(b"%PDF-"):
        source = _pdf(raw, name)
    elif kind == "docx":
        source = _docx(raw, name)
    else:
        text, encoding = decode(raw)
        if kind == "txt" and _looks_like_html(text):
            kind = "html"
        make = {"md": _markdown, "html": _html}.get(kind, _text)
        source = make(text, name, decided, encoding)
    if not any(block.text.strip() for block in source.blocks):
        raise InputRefused("No text of an article was found in it.", hint=_how_to_see(name))
    return source


def line_key(text: str) -> str:
    """The hash that an overrule of a line is kept under."""
    return digest(" ".join(text.split()))


def verdicts(raw: bytes, name: str, overrides: Mapping[str, bool] | None = None) -> tuple[Line, ...]:
    """The verdict on every non-empty line of an input, in order (of an HTML page: of its flattened text)."""
    if len(raw) > MAX_BYTES:
        raise InputRefused(f"It has {len(raw) / 1e6:.0f} MB; an article may have {MAX_BYTES / 1e6:.0f} MB.")
    form = FORMS.get(PurePosixPath(name).suffix.lower(), "txt")
    if form in ("pdf", "docx"):
        source = read(raw, name)
        kept = [Line(n, block.text, True, "") for n, block in enumerate(source.blocks, 1)]
        return tuple(kept) + source.dropped
    text, _ = decode(raw)
    if form == "md":
        found = tuple(Line(n, t.strip(), True, "") for n, t in enumerate(text.splitlines(), 1) if t.strip())
    elif form == "html" or _looks_like_html(text):
        found = _html_verdicts(text)[0]
    else:
        found = rules.clean(text)
    return _overruled(found, overrides or {})


def decode(raw: bytes) -> tuple[str, str]:
    """Text and the name of its encoding. Raises `InputRefused` for what is no text."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _tidy(raw.decode(name, errors="replace")), name
    if raw[:4096].count(0) > 2 and not _wide(raw):
        raise InputRefused("It is a binary file, not text.")
    try:
        text, name = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = _guess(raw)
    strange = len(_CONTROL.findall(text[:20_000]))
    if strange > 0.02 * min(len(text), 20_000) + 8:
        raise InputRefused("It is a binary file, not text.")
    return _tidy(text), name


def _wide(raw: bytes) -> bool:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    head = raw[:4096]
    return max(head[0::2].count(0), head[1::2].count(0)) > 0.35 * len(head)


def _guess(raw: bytes) -> tuple[str, str]:
    declared = _META_CHARSET.search(raw[:4096])
    if declared:
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return raw.decode(declared.group(1).decode("ascii")), declared.group(1).decode("ascii").lower()
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:200_000]).best()
    if best is None:
        raise InputRefused("It is a binary file, or text in an encoding that cannot be recognised.")
    return raw.decode(best.encoding, errors="replace"), best.encoding


def _tidy(text: str) -> str:
    """One kind of line end; no control characters, lone surrogates or byte-order marks."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))


def _looks_like_html(text: str) -> bool:
    head = text.lstrip()[:2000].lower()
    return head.startswith(("<!doctype html", "<html")) or (head.startswith("<") and "<body" in head)


def _how_to_see(name: str) -> str:
    return f"`mock-interview clean {name}` shows what was dropped and why."


def _stem(name: str) -> str:
    return re.sub(r"[-_]+", " ", PurePosixPath(name).stem).strip() or name


# ------------------------------------------------------------------ Markdown


def _markdown(text: str, name: str, _overrides: Mapping[str, bool], encoding: str) -> Source:
    meta, body, warnings = _front_matter(text)
    blocks = list(markdown_blocks(body))
    title = str(meta.get("title") or "").strip()
    if not title:
        title = next((b.text for b in blocks if b.kind is Kind.HEADING and b.level == 1), "") or _stem(name)
    return Source(name, title, "md", tuple(blocks), (), encoding, meta, tuple(warnings))


def _front_matter(text: str) -> tuple[dict[str, Any], str, list[str]]:
    """YAML between two lines of three hyphens at the very start; broken YAML is named and skipped."""
    found = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    if not found:
        return {}, text, []
    import yaml

    try:
        meta = yaml.safe_load(found.group(1))
    except yaml.YAMLError as problem:
        return (
            {},
            text[found.end() :],
            [f"its front matter is not valid YAML ({str(problem).splitlines()[0]})"],
        )
    if not isinstance(meta, dict):
        return {}, text, []
    return {str(key): value for key, value in meta.items()}, text[found.end() :], []


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of Markdown as written: headings, fenced code, and what blank lines separate."""
    blocks: list[Block] = []
    held: list[str] = []
    fence = ""

    def flush(kind: Kind | None = None) -> None:
        if held:
            block = "\n".join(held).strip("\n")
            blocks.append(Block(block, kind or (Kind.ITEM if _ITEM.match(block) else Kind.TEXT)))
            held.clear()

    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if fence:
            held.append(line)
            if opened and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
                flush(Kind.CODE)
        elif opened:
            flush()
            fence = opened.group(1)
            held.append(line)
        elif heading := _HEADING.match(line):
            flush()
            blocks.append(Block(heading.group(2), Kind.HEADING, len(heading.group(1))))
        elif line.strip():
            held.append(line.rstrip())
        else:
            flush()
    flush(Kind.CODE if fence else None)
    return blocks


# ------------------------------------------------------------------ plain text


def _text(text: str, name: str, overrides: Mapping[str, bool], encoding: str) -> Source:
    lines = _overruled(rules.clean(text), overrides)
    blocks = _line_blocks(text, lines)
    first = next((block.text for block in blocks if block.kind is not Kind.CODE), "")
    title = first if len(first.split()) <= 25 else _stem(name)
    if blocks and title == first:
        blocks[0] = Block(first, Kind.HEADING, 1)
    dropped = tuple(line for line in lines if not line.kept)
    return Source(name, " ".join(title.split()), "txt", tuple(blocks), dropped, encoding)


def _line_blocks(text: str, lines: Sequence[Line]) -> list[Block]:
    """Kept lines as blocks. Hard-wrapped lines are joined; a short line above prose is a heading."""
    wrapped = rules.is_wrapped(text)
    groups: list[list[Line]] = []
    for line in lines:
        if not line.kept:
            continue
        joins = groups and line.n == groups[-1][-1].n + 1 and (wrapped or _ITEM.match(line.text))
        if joins and (wrapped or _ITEM.match(groups[-1][-1].text)):
            groups[-1].append(line)
        else:
            groups.append([line])
    blocks = []
    for at, group in enumerate(groups):
        item = bool(_ITEM.match(group[0].text))
        joined = ("\n" if item else " ").join(line.text for line in group)
        follows = groups[at + 1][0].text if at + 1 < len(groups) else ""
        if len(group) == 1 and not item and rules.is_heading(joined, follows):
            blocks.append(Block(joined.lstrip("# "), Kind.HEADING, 2))
        else:
            blocks.append(Block(joined, Kind.ITEM if item else Kind.TEXT))
    return blocks


def _overruled(lines: Sequence[Line], overrides: Mapping[str, bool]) -> tuple[Line, ...]:
    if not overrides:
        return tuple(lines)
    out = []
    for line in lines:
        keep = overrides.get(line_key(line.text), line.kept)
        out.append(line if keep == line.kept else Line(line.n, line.text, keep, "overruled by hand"))
    return tuple(out)


# ------------------------------------------------------------------ HTML


def _html(text: str, name: str, overrides: Mapping[str, bool], encoding: str) -> Source:
    lines, markdown, title = _html_verdicts(text)
    decided = _overruled(lines, overrides)
    dropped = tuple(line for line in decided if not line.kept)
    if markdown and decided == tuple(lines):
        blocks = [b for b in markdown_blocks(markdown) if b.kind is not Kind.HEADING or b.text != title]
    else:  # nothing extracted, or a person overruled: the flattened lines decide
        blocks = [Block(line.text) for line in decided if line.kept]
    return Source(name, title or _stem(name), "html", tuple(blocks), dropped, encoding)


def _html_verdicts(text: str) -> tuple[tuple[Line, ...], str, str]:
    """Lines of the flattened page with verdicts, the extracted Markdown ("" when there is none), the title."""
    markdown, title = _extract(text)
    flat = flatten(text)
    lines = rules.clean("\n".join(flat))
    if markdown:
        body = " ".join(_letters(markdown))
        heads = " ".join(_letters(title))
        lines = tuple(
            Line(line.n, line.text, kept, "" if kept else line.why or "not part of the article")
            for line in lines
            for kept in [_within(line.text, body) or _letters(line.text) == heads.split()]
        )
    return lines, markdown, title


def _within(line: str, body: str) -> bool:
    words = " ".join(_letters(line))
    return bool(words) and words in body


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _extract(text: str) -> tuple[str, str]:
    """Main text as Markdown and the title, by trafilatura; ("", "") when it finds no article."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = text[: 8 * 1024 * 1024]
    found = trafilatura.extract(
        page, output_format="markdown", include_comments=False, include_tables=True, include_formatting=True
    )
    meta = trafilatura.extract_metadata(page)
    return (found or "").strip(), " ".join(((meta.title if meta else "") or "").split())


def flatten(text: str) -> list[str]:
    """The visible text of a page, one line a block; nothing is dropped but scripts and styles."""
    import lxml.html
    from lxml import etree

    try:
        tree = lxml.html.document_fromstring(
            text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):
        return []
    lines: list[str] = [""]
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        silent = not tag or tag in _SILENT_TAGS
        if event == "start" and not silent:
            if tag in _BLOCK_TAGS:
                lines.append("")
            lines[-1] += element.text or ""
        if event in ("end", "comment", "pi"):
            if tag in _BLOCK_TAGS:
                lines.append("")
            lines[-1] += element.tail or ""
    return [flat for line in lines if (flat := " ".join(line.split()))]


# ------------------------------------------------------------------ PDF and Word


def _pdf(raw: bytes, name: str) -> Source:
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputRefused("It is protected by a password.", hint="Save a copy without one.")
        pages = [_tidy(page.extract_text() or "") for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except DependencyError as problem:
        raise InputRefused("It is protected by a password.", hint="Save a copy without one.") from problem
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
    if not any(page.strip() for page in pages):
        raise InputRefused(
            "It is a PDF without text, probably scanned.", hint="Run text recognition (OCR) on it first."
        )
    heads = _running_heads(pages)
    blocks: list[Block] = []
    dropped: list[Line] = []
    n = 0
    for page in pages:
        kept: list[str] = []
        for line in page.split("\n"):
            n += 1
            if line.strip() and _pageless(line) in heads:
                dropped.append(Line(n, line.strip(), False, "running head"))
            else:
                kept.append(line)
        blocks.extend(_reflow(kept))
    return Source(name, " ".join(title.split()) or _stem(name), "pdf", tuple(blocks), tuple(dropped), "pdf")


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


def _docx(raw: bytes, name: str) -> Source:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise InputRefused("It unpacks to more than 200 MB.")
        document = docx.Document(io.BytesIO(raw))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as problem:
        protected = raw.startswith(b"\xd0\xcf\x11\xe0")  # an OLE container: old Word, or encrypted
        why = "It is an old or password-protected Word file." if protected else "It is not a Word document."
        raise InputRefused(why, hint="Save it as .docx without a password.") from problem
    blocks = [block for item in document.iter_inner_content() if (block := _docx_block(item))]
    title = str(document.core_properties.title or "").strip()
    if not title:
        title = next((b.text for b in blocks if b.kind is Kind.HEADING), "") or _stem(name)
    return Source(name, title, "docx", tuple(blocks), (), "docx")


def _docx_block(item: Any) -> Block | None:
    """A paragraph or a table of a Word document, in the order of the document."""
    if hasattr(item, "rows"):
        rows = [" | ".join(cell.text.strip() for cell in row.cells) for row in item.rows]
        return Block(_tidy("\n".join(rows)))
    text = _tidy(item.text).strip()
    if not text:
        return None
    style = (item.style.name if item.style is not None else "") or ""
    if style == "Title":
        return Block(text, Kind.HEADING, 1)
    if style.startswith("Heading"):
        return Block(text, Kind.HEADING, int(re.sub(r"\D", "", style) or 1) + 1)
    return Block(text, Kind.ITEM if style.startswith("List") else Kind.TEXT)
