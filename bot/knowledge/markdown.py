"""Markdown: its lines, its front matter and its blocks, as written. Knows neither files nor cleaning."""

from __future__ import annotations

import re
from typing import Any

from bot.knowledge.values import Block, Draft, Kind, Line, Verdicts

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")


def draft(text: str, encoding: str) -> Draft:
    """A Markdown file taken apart; the title is "" when neither front matter nor a heading tells it."""
    meta, size, warnings = _front_matter(text)
    raw = text.split("\n")
    head = text[:size].count("\n")
    lines = tuple(
        Line(n, line.strip(), n > head, "" if n > head else "front matter")
        for n, line in enumerate(raw, 1)
        if line.strip()
    )

    def blocks(decided: Verdicts) -> list[Block]:
        gone = {line.n for line in decided if not line.kept}
        return markdown_blocks("\n".join(line for n, line in enumerate(raw, 1) if n not in gone))

    title = str(meta.get("title") or "").strip()
    if not title:
        found = (block.text for block in blocks(lines) if block.kind is Kind.HEADING and block.level == 1)
        title = next(found, "")
    return Draft(title, "md", lines, blocks, encoding, meta, tuple(warnings))


def _front_matter(text: str) -> tuple[dict[str, Any], int, list[str]]:
    """YAML between two lines of three hyphens at the very start, and its length; broken YAML is named and skipped."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0, []
    import yaml

    try:
        meta = yaml.safe_load(found.group(1))
    except yaml.YAMLError as problem:
        why = str(problem).splitlines()[0]
        return {}, found.end(), [f"its front matter is not valid YAML ({why})"]
    if not isinstance(meta, dict):
        return {}, 0, []
    return {str(key): value for key, value in meta.items()}, found.end(), []


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of Markdown as written: headings, fenced code, and what blank lines separate."""
    blocks: list[Block] = []
    held: list[str] = []
    fence = ""

    def flush(kind: Kind | None = None) -> None:
        if held:
            block = "\n".join(held).strip("\n")
            blocks.append(Block(block, kind or (Kind.ITEM if ITEM.match(block) else Kind.TEXT)))
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
