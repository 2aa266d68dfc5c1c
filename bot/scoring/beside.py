"""Several assessments of one session side by side: who judged, score, levels, and the points that they see differently.

Rows of plain text, for the terminal and the Markdown export. Does not know how an assessment was made.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.scorecard import Scorecard


def beside(cards: Sequence[tuple[str, Scorecard]]) -> list[tuple[str, ...]]:
    """A header and rows, a column for each assessment (name, card). Points on which all agree are left out."""
    names = {d.dimension: d.name for _, card in cards for d in card.dimensions}
    rows = [
        ("", *(name for name, _ in cards)),
        ("Judge", *(f"{c.judge.name} {c.judge.version}".strip() for _, c in cards)),
        ("Rubric", *(f"{c.rubric} {c.rubric_version}" for _, c in cards)),
        ("Score", *(_score(c) for _, c in cards)),
        ("Verdict", *(c.label.value for _, c in cards)),
    ]
    rows += [(name, *(_level(card, key) for _, card in cards)) for key, name in names.items()]
    points = {(c.question, c.checkpoint): c.statement for _, card in cards for c in card.checkpoints}
    for key, statement in points.items():
        found = tuple(_verdict(card, key) for _, card in cards)
        if len(set(found)) > 1:
            rows.append((statement, *found))
    return rows


def _score(card: Scorecard) -> str:
    return "none" if card.score is None else f"{card.score:.2f} ({card.low:.1f} to {card.high:.1f})"


def _level(card: Scorecard, dimension: str) -> str:
    level = next((d.level for d in card.dimensions if d.dimension == dimension), None)
    return "not assessed" if level is None else f"{level:g}"


def _verdict(card: Scorecard, key: tuple[str, str]) -> str:
    found = next((c for c in card.checkpoints if (c.question, c.checkpoint) == key), None)
    return "-" if found is None else f"{found.status.value}, {found.credit:g}"
