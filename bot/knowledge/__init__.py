"""Articles in, cited passages out.

    read -> clean -> chunk -> embed -> our database (the truth) -> Chroma (derived) -> search

`Library` (bot/knowledge/library.py) is the door; the other modules are its steps. This package does
not know what an interview is, and nothing it reads is ever an instruction: articles are data.

    Library.open(settings_like) -> .index([folder]) -> .search("what is data leakage?") -> Answer(hits)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.knowledge.library import Library
    from bot.knowledge.values import Answer, Hit, IndexReport

__all__ = ["Answer", "Hit", "IndexReport", "Library"]


def __getattr__(name: str) -> Any:
    """Load on first use: `import bot.knowledge` must not pull in numpy, chromadb or a database."""
    if name == "Library":
        from bot.knowledge.library import Library

        return Library
    if name in ("Answer", "Hit", "IndexReport"):
        from bot.knowledge import values

        return getattr(values, name)
    raise AttributeError(name)
