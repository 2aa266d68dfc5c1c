"""The gate on the search: our own labelled questions against floors, and a retriever with a planted bug.

Measures the shipped articles through the library as the product uses it. Tables, intervals and other collections are
`python -m eval retrieval --data ...` (`eval/retrieval`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.resources import corpus_dir
from eval.retrieval import own
from eval.retrieval.metrics import Judgements, hit, ndcg

FLOORS: Mapping[str, float] = {"ndcg@10": 0.85, "hit@5": 0.9, "answered": 0.95, "silent": 0.9}
"""Least means: ranking quality; share of answerable questions with an answer, and of the others without one."""


@dataclass(frozen=True)
class Asked:
    """A question's ranked articles (without the gate), how many passages pass the gate, and what is relevant."""

    ranked: tuple[str, ...]
    shown: int
    relevant: Judgements


def ask_all() -> list[Asked]:
    """Every labelled question put to a fresh index of the shipped articles."""
    from bot.knowledge import embed
    from bot.knowledge.library import Library

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        library = Library.open(Path(home), embedder=embed.load("wordllama"))
        library.index([corpus_dir() / "articles"])
        found = [
            Asked(
                tuple(h.article for h in library.search(q.text, 10, per_article=1, gate=False).hits),
                len(library.search(q.text).hits),
                q.judged,
            )
            for q in own.questions()
        ]
        library.close()
    return found


def figures(asked: Sequence[Asked]) -> dict[str, float]:
    """The means that `FLOORS` bounds."""
    answerable = [a for a in asked if a.relevant]
    others = [a for a in asked if not a.relevant]
    return {
        "ndcg@10": _mean([ndcg(a.ranked, a.relevant) for a in answerable]),
        "hit@5": _mean([hit(a.ranked, a.relevant) for a in answerable]),
        "answered": _mean([float(a.shown > 0) for a in answerable]),
        "silent": _mean([float(a.shown == 0) for a in others]),
    }


def off_by_one(asked: Sequence[Asked]) -> list[Asked]:
    """The planted bug: every list begins with its second entry, and the gate lets one passage through too many."""
    return [Asked(a.ranked[1:], a.shown + 1, a.relevant) for a in asked]


def below(found: Mapping[str, float]) -> list[str]:
    """The figures that are below their floor."""
    return [name for name, floor in FLOORS.items() if found[name] < floor]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
