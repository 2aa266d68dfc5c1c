"""What growth a candidate claims for their program, read out of what they say: "it is O(n log n)".

Pure functions on text. Knows the classes of `bot.domain.problem` and the transcript. Says nothing rather than guess:
where one utterance names two classes, nobody knows which is meant for the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.problem import Big
from bot.domain.session import SessionState

_N = r"(?:n|len\(\w+\))"
_TIMES = r"\s*(?:\*|·|×|times)?\s*"
#: tried in this order; what one has matched is gone for the next
_WORDS: tuple[tuple[Big, str], ...] = (
    ("2^n", rf"2\s*\^\s*{_N}\b|two to the n\b|\bexponential\b"),
    ("n^3", rf"\b{_N}\s*\^\s*3|\bn cubed\b|\bcubic\b"),
    ("n^2", rf"\b{_N}\s*\^\s*2|\bn squared\b|\bquadratic\b|\bn\s*\*\s*n\b"),
    ("n log n", rf"\b{_N}{_TIMES}log(?:2)?\s*\(?\s*{_N}\b|\blinearithmic\b|\bn{_TIMES}log\b"),
    ("log n", rf"\blog(?:2)?\s*\(?\s*{_N}\b|\blogarithmic\b"),
    ("n", rf"\bo\(\s*{_N}\s*\)|\blinear\b"),
    ("1", r"\bo\(\s*1\s*\)|\bconstant[- ]time\b"),
)
_SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "ⁿ": "^n"})
#: another program than theirs, or something else than time
_BEFORE = re.compile(
    r"\b(?:not|isn't|never|instead of|rather than|avoids?|naive\w*|brute[- ]force|could be|would be|worse than|"
    r"better than|space|memory)\b[^.;,]{0,40}$"
)
_AFTER = re.compile(r"^[)\s]{0,3}(?:\w+ ){0,2}(?:extra )?(?:space|memory)\b")


def said(state: SessionState, question: str) -> list[str]:
    """What the candidate has said to a question, oldest first."""
    return [u.text for u in state.utterances if u.speaker == "candidate" and u.question == question]


def claimed_growth(texts: Iterable[str]) -> Big | None:
    """The class that the newest claiming utterance names, or None when there is none or more than one."""
    for text in reversed(list(texts)):
        found = _named(text)
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _named(text: str) -> set[Big]:
    rest = text.lower().translate(_SUPERSCRIPTS).replace("**", "^")[:4_000]
    found: set[Big] = set()
    for big, pattern in _WORDS:
        for match in re.finditer(pattern, rest):
            if not _BEFORE.search(rest[: match.start()]) and not _AFTER.search(rest[match.end() :]):
                found.add(big)
        rest = re.sub(pattern, lambda m: "\0" * len(m[0]), rest)
    return found
