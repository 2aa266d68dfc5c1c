"""Finds the prose in the files that people write: what is spoken or read, with its line and field, and nothing else.

Knows YAML questions, rubrics and loops, and Markdown articles with a YAML head. Code, formulas, links and the judge's
wordings are not prose. Does not know what good prose is (see `bot/authoring/spelling.py`, `bot/authoring/reading.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.bank.yamlfile import compose_yaml, read_text

SPOKEN = frozenset(
    {"opening", "probe", "challenge", "challenges", "hints", "text", "greeting", "closing", "announce"}
)
"""Fields that the interviewer says aloud, or nearly so."""
WRITTEN = frozenset(
    {"title", "name", "good", "summary", "notice", "statement", "why", "contract", "given", "worked", "unit"}
)
_NAMED = frozenset({"answer", "listens_for", "junior", "mid", "senior", "staff"})
_LEVELS = frozenset({"level_1", "level_2", "level_3", "level_4"})
PROSE = SPOKEN | WRITTEN | _NAMED | _LEVELS

_CODE_KEYS = frozenset({"drivers", "properties"})
"""Mappings whose keys are the author's and whose values are code."""

BLANK = "\0"
"""Stands for every character of a code span or formula, so that places stay what they are."""
HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.S | re.M)
_TABLE = re.compile(r"^\|.*$", re.M)
_CODE = re.compile(
    r"`[^`\n]*(?:\n[^`\n]+)*`"
    r"|\$\$.*?\$\$"
    r"|(?<![\w$])\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\w)"
    r"|https?://[^\s)>\]]+"
    r"|<[a-z/][^>\n]*>",
    re.S,
)
_HEADING = re.compile(r"^#{1,6} +(.*)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)]) +")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose. `line` is that of its first character; `text` keeps the line breaks of the file,
    not its columns.

    `leaf` is the last name of the field (`opening`, `probe`), or `head`, `item`, `paragraph` or `table` in an article.
    """

    file: str
    line: int
    field: str
    leaf: str
    text: str

    def line_at(self, offset: int) -> int:
        """The line in the file of a place in `text`."""
        return self.line + self.text.count("\n", 0, offset)

    @property
    def flat(self) -> str:
        """The text in one line, a formula or a code span standing as one blank character."""
        return re.sub(r"\s+", " ", re.sub(f"{BLANK}+", BLANK, self.text)).strip()


def passages(path: Path) -> list[Passage]:
    """The prose of one file. A file that cannot be read has none here: loading it says what is wrong.

    Raises `ContentError` when the file is no text or no YAML.
    """
    text = read_text(path)
    return list(_of_article(text, path) if path.suffix == ".md" else _of_yaml(text, path, 1))


def blanked(text: str) -> str:
    """The text with every code span, formula, link and tag blanked, place for place."""
    return _CODE.sub(lambda m: re.sub(r"[^\n]", BLANK, m.group()), text)


def _of_yaml(text: str, path: Path, first_line: int) -> Iterator[Passage]:
    root = compose_yaml(text, path)
    if root is not None:
        yield from _walk(root, "", "", text, path.name, first_line)


def _walk(node: yaml.Node, place: str, leaf: str, text: str, file: str, first: int) -> Iterator[Passage]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in _CODE_KEYS:
                continue
            yield from _walk(value, f"{place}.{key.value}".lstrip("."), key.value, text, file, first)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value, 1):
            yield from _walk(value, f"{place}.{_name(value, number)}".lstrip("."), leaf, text, file, first)
    elif leaf in PROSE and isinstance(node, yaml.ScalarNode) and node.tag.endswith(":str"):
        raw = text[node.start_mark.index : node.end_mark.index]
        raw = re.sub(r"\A[>|][+-]?\d?", lambda m: " " * len(m.group()), raw)
        if node.style == "'":
            raw = raw[1:-1].replace("''", "'")
        elif node.style == '"':
            raw = re.sub(r"\\n|\\t", " ", raw[1:-1]).replace('\\"', '"')
        yield Passage(file, node.start_mark.line + first, place, leaf, blanked(raw))


def _name(node: yaml.Node, number: int) -> str:
    """What an author calls an entry of a list: its id where it has one, else its number."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return str(number)


def _of_article(text: str, path: Path) -> Iterator[Passage]:
    match = HEAD.match(text)
    start = match.end() if match else 0
    if match is not None:
        yield from _of_yaml(match.group(1), path, 2)
    body = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text[start:])
    body = blanked(body)
    section, line = "", text.count("\n", 0, start) + 1
    held: list[str] = []
    leaf, first = "paragraph", line
    for row in [*body.split("\n"), ""]:
        heading = _HEADING.match(row)
        table = _TABLE.match(row)
        if held and (not row.strip() or heading or table or _ITEM.match(row)):
            yield Passage(path.name, first, section, leaf, "\n".join(held))
            held = []
        if heading:
            section = heading.group(1).strip()
            yield Passage(path.name, line, section, "head", heading.group(1))
        elif table:
            yield Passage(path.name, line, section, "table", row)
        elif row.strip():
            if not held:
                leaf, first = ("item" if _ITEM.match(row) else "paragraph"), line
            held.append(_ITEM.sub(lambda m: " " * len(m.group()), row) if not held else row)
        line += 1
