"""A cited passage of an article, as the interview and the review see it.

Does not know how passages are found (`bot/knowledge`).
"""

from __future__ import annotations

from bot.domain.base import Value


class Citation(Value):
    """Exact text of an article at a character span: `article_text[start:end] == text`."""

    article: str  # id (slug) of the article
    title: str
    section: str
    start: int
    end: int
    text: str
    score: float
