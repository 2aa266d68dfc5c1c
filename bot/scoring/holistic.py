"""The value that a judge gives who reads a whole round against the anchors of one dimension."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.judgement import Quote


@dataclass(frozen=True, slots=True)
class Reading:
    """Which anchor of a dimension fits what was said; `level` None when there was too little to tell."""

    dimension: str
    level: int | None
    why: str = ""
    quotes: tuple[Quote, ...] = ()
