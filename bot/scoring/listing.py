"""What a question wants, as far as its form tells: how many things, or whether something holds.

And which things a reference lists. A question that asks for two of the five things that its reference lists is fully
answered by any two. Knows no scores.
"""

from __future__ import annotations

import re

from bot.scoring.lexicon import BE, FINITE
from bot.scoring.text import read

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ASKED = re.compile(
    r"\b(?:name|list|state|give|mention|provide|describe|identify|enumerate|discuss|at least|any)\s+"
    rf"(?:(?:me|the|any|up|at least|out|down)\s+)*(10|\d|{'|'.join(_NUMBERS)})\b"
    r"(?!\s*(?:-|–|to|or|sentence|word|line|paragraph))"
)
_LINES = re.compile(
    r"\n+\s*(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-z][.)])?|(?:^|\s)(?:[-*•]|\(?\d{1,2}[.)])\s*(?=[A-Za-z])"
)
_COMMAS = re.compile(r",|\band\b|\bor\b")
LONGEST_ITEM = 4
"""Words an item of a list between commas may have on average; commas in longer stretches part clauses."""
_FEWEST = 3


def number_asked(question: str) -> int:
    """How many things a question asks for ("name two", "at least 4"); 0 when it does not say."""
    found = _ASKED.search(question.lower())
    if found is None:
        return 0
    word = found.group(1)
    return int(word) if word.isdigit() else _NUMBERS.index(word) + 1


def asks_whether(question: str) -> bool:
    """Whether a question asks if something is so: one that begins with its verb."""
    return any(s.is_question and s.tokens[0].word in BE | FINITE for s in read(question).sentences)


def listed(reference: str) -> tuple[str, ...]:
    """The things that a reference lists in lines, bullets, numbers, between semicolons or, in one sentence, commas."""
    document = read(reference)
    for pattern in (_LINES, re.compile(";"), _COMMAS):
        items = [i.strip() for i in pattern.split(reference)]
        items = [i for i in items if not i.endswith(":") and read(i).stems]
        loose = pattern is _COMMAS and (
            len(document.sentences) > 1 or len(document.tokens) > LONGEST_ITEM * len(items)
        )
        if len(items) >= _FEWEST and not loose:
            return tuple(items)
    return ()
