"""Our own articles as a test collection: labelled questions, and questions that must return nothing.

Documents are articles; a question counts as answered when an article that was named for it is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError

FILE = Path(__file__).with_name("queries.yaml")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the articles that answer it, with grades: 2 = best, 1 = also; none for `nothing`."""

    text: str
    judged: Mapping[str, int]


def questions(file: Path = FILE) -> list[Question]:
    """All labelled questions. Raises `ContentError` for one that is there twice."""
    data: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    found = [_question(article, entry) for article, entries in data["articles"].items() for entry in entries]
    found += [Question(text, {}) for text in data["nothing"]]
    seen: set[str] = set()
    for question in found:
        if question.text in seen:
            raise ContentError(f"the question {question.text!r} is there twice", file=file)
        seen.add(question.text)
    return found


def _question(article: str, entry: str | Mapping[str, Any]) -> Question:
    if isinstance(entry, str):
        return Question(entry, {article: 2})
    return Question(entry["ask"], {article: 2} | dict.fromkeys(entry["also"], 1))
