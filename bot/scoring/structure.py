"""Structure of an answer that can be told without understanding it: parts of a story, own role, numbers, reasons.

These are facts about form. They feed the structure report of a behavioural round and say nothing about whether what
was said is good or true.
"""

from __future__ import annotations

import re

from bot.scoring.telling import tell
from bot.scoring.text import Document

_TASK = re.compile(
    r"\b(?:my (?:task|job|role|responsibility|goal|part|assignment)|i was (?:asked|responsible|in charge"
    r"|supposed|tasked|"
    r"given|the one)|i had to|i needed to|i owned|the goal was|we needed to|we had to|it was (?:up to|on) me)\b"
)
_REASON = re.compile(
    r"\b(?:because|since|so that|therefore|in order to|the reason|which is why|due to|that is why)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:i would|i'd|you should|one should|in general|generally|usually|i think you|i always)\b"
)
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?")
_UNSURE = re.compile(
    r"\b(?:i am not sure|i'm not sure|not certain|i don't know|i do not know|i would have to check|if i remember)\b"
)


def signals(document: Document) -> dict[str, float]:
    """Counts by name; every value is a plain number, equal texts give equal values."""
    sentences = document.sentences
    told = tell(document)
    words = [t.word for t in document.tokens]
    return {
        "sentences": float(len(sentences)),
        "words": float(len(words)),
        "questions": float(sum(s.is_question for s in sentences)),
        "first_person": float(sum(w in ("i", "my", "me", "mine", "myself") for w in words)),
        "team_person": float(sum(w in ("we", "our", "us") for w in words)),
        "numbers": float(sum(len(_NUMBER.findall(s.folded)) for s in sentences)),
        "reasons": _count(_REASON, document),
        "unsure": _count(_UNSURE, document),
        "situation": float(len(told.situation)),
        "task": _count(_TASK, document),
        "action": float(len(told.action)),
        "result": float(len(told.result)),
        "figures": float(len(told.figures)),
        "lesson": float(len(told.lesson)),
        "hypothetical": _count(_HYPOTHETICAL, document),
    }


def _count(pattern: re.Pattern[str], document: Document) -> float:
    return float(sum(bool(pattern.search(s.folded)) for s in document.sentences))
