"""Web pages: trafilatura finds the article in the markup, and every line of the page gets a verdict.

Flattened text loses 12 points of F1, so the markup is used while it is there; where trafilatura finds nothing,
the flattened lines go through the rules for text. Fetches nothing. Knows neither files nor encodings.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from bot.knowledge import clean as rules
from bot.knowledge.markdown import markdown_blocks
from bot.knowledge.phrases import words_of
from bot.knowledge.values import Block, Draft, Kind, Line, Verdicts

_BLOCK_TAGS = words_of(
    """
    address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html label legend li main menu nav ol option p pre section select
    summary table tbody td tfoot th thead title tr ul video audio iframe input textarea
    """
)
_SILENT_TAGS = words_of("script style noscript template svg math head iframe object canvas")
_PAGE_LIMIT = 8 * 1024 * 1024
_TELLING = 5  # words of a line that tell where in the article it stands
_SHINGLE = 3
_WORD = re.compile(r"[^\W_]+")


def looks_like_html(text: str) -> bool:
    """Whether a text without a telling name is a web page."""
    head = text.lstrip()[:2000].lower()
    return head.startswith(("<!doctype html", "<html")) or (head.startswith("<") and "<body" in head)


def draft(text: str, encoding: str) -> Draft:
    """A web page taken apart; the title is "" when the page does not tell it."""
    markdown, title = _extract(text)
    shown = flatten(text)
    by_rules = rules.clean("\n".join(block.text for block in shown))
    lines = _by_article(by_rules, markdown, title) if markdown else by_rules

    def blocks(decided: Verdicts) -> list[Block]:
        if markdown and tuple(decided) == lines:
            found = markdown_blocks(markdown)
            return [block for block in found if block.kind is not Kind.HEADING or block.text != title]
        # nothing was extracted, or a person overruled: the flattened lines decide
        return _joined([shown[line.n - 1] for line in decided if line.kept])

    return Draft(title, "html", lines, blocks, encoding)


def _extract(text: str) -> tuple[str, str]:
    """Main text as Markdown and the title, by trafilatura; ("", "") when it finds no article."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = text[:_PAGE_LIMIT]
    found = trafilatura.extract(
        page, output_format="markdown", include_comments=False, include_tables=True, include_formatting=True
    )
    meta = trafilatura.extract_metadata(page)
    return (found or "").strip(), " ".join(((meta.title if meta else "") or "").split())


def flatten(text: str) -> list[Block]:
    """The visible lines of a page, none of them empty; nothing is dropped but scripts and styles.

    >>> [(block.text, block.kind.value) for block in flatten("<h1>Trees</h1><p>They <b>split</b>.<ul><li>rows</ul>")]
    [('Trees', 'heading'), ('They split.', 'text'), ('rows', 'item')]
    """
    import lxml.html
    from lxml import etree

    try:
        tree = lxml.html.document_fromstring(
            text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):
        return []
    lines = [Block("")]
    verbatim = 0  # how many <pre> are open

    def say(words: str | None) -> None:
        parts = (words or "").split("\n") if verbatim else [words or ""]
        lines[-1] = Block(lines[-1].text + parts[0], lines[-1].kind, lines[-1].level)
        lines.extend(Block(part, Kind.CODE) for part in parts[1:])

    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            verbatim += tag == "pre"
            if tag in _BLOCK_TAGS and tag not in _SILENT_TAGS:
                lines.append(_opened(tag, lines[-1], verbatim > 0))
            if tag and tag not in _SILENT_TAGS:
                say(element.text)
            continue
        verbatim -= tag == "pre"
        if tag in _BLOCK_TAGS:
            lines.append(Block("", Kind.CODE if verbatim else Kind.TEXT))
        say(element.tail)
    return [
        Block(flat, line.kind, line.level)
        for line in lines
        if (flat := line.text.rstrip() if line.kind is Kind.CODE else " ".join(line.text.split())).strip()
    ]


def _opened(tag: str, before: Block, verbatim: bool) -> Block:
    """An empty line of the kind that an element opens; an element right inside an item or a heading changes nothing."""
    if verbatim:
        return Block("", Kind.CODE)
    if re.fullmatch(r"h[1-6]", tag):
        return Block("", Kind.HEADING, int(tag[1]))
    if tag in ("li", "dd"):
        return Block("", Kind.ITEM)
    inside = before.kind in (Kind.ITEM, Kind.HEADING) and not before.text.strip()
    return before if inside else Block("")


def _joined(shown: Sequence[Block]) -> list[Block]:
    """Lines as blocks: the lines of a listing make one block."""
    blocks: list[Block] = []
    for block in shown:
        if blocks and block.kind is Kind.CODE and blocks[-1].kind is Kind.CODE:
            blocks[-1] = Block(f"{blocks[-1].text}\n{block.text}", Kind.CODE)
        else:
            blocks.append(block)
    return blocks


# ------------------------------------------------------------------ which lines the extracted article has


def _by_article(lines: Verdicts, markdown: str, title: str) -> tuple[Line, ...]:
    """The lines with a verdict by what was extracted; the rules name the reason where they have one."""
    words = [_words(line.text) for line in lines]
    heads = _words(title)
    held = _held(words, _words(markdown))
    return tuple(
        Line(line.n, line.text, kept, "" if kept else line.why or "not part of the article")
        for line, found, here in zip(lines, words, held, strict=True)
        for kept in [here or (bool(found) and found == heads)]
    )


def _held(lines: Sequence[Sequence[str]], body: Sequence[str]) -> list[bool]:
    """Which lines come in the body. Short ones must stand there between their longer neighbours.

    >>> _held([["home"], "a queue holds the work back".split(), ["home"]], "home a queue holds the work back".split())
    [True, True, False]
    """
    text = f" {' '.join(body)} "
    grams = {tuple(body[at : at + _SHINGLE]) for at in range(len(body) - _SHINGLE + 1)}
    held = [False] * len(lines)
    anchors: list[tuple[int, int, int]] = []  # line, start and end in the text
    reach = 0
    for n, words in enumerate(lines):
        if len(words) < _TELLING:
            continue
        needle = f" {' '.join(words)} "
        start = text.find(needle, max(0, reach - 1))
        if start >= 0:
            reach = start + len(needle)
            anchors.append((n, start, reach))
        held[n] = start >= 0 or needle in text or _mostly(words, grams)
    after, place = iter([*anchors, (len(lines), len(text), len(text))]), 0
    following = next(after)
    for n, words in enumerate(lines):
        if n == following[0]:
            place, following = following[2] - 1, next(after)
        elif words and len(words) < _TELLING:
            start = text.find(f" {' '.join(words)} ", place, following[1] + 1)
            if start >= 0:
                held[n], place = True, start + sum(len(word) + 1 for word in words)
    return held


def _mostly(words: Sequence[str], grams: set[tuple[str, ...]]) -> bool:
    """Four fifths of a line's shingles are in the body: a footnote mark or an icon was left out of it."""
    own = [tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]
    return sum(gram in grams for gram in own) >= 0.8 * len(own)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
