"""Takes secrets out of text that goes to a log, a page or a cassette.

Knows the shapes of keys and the exact secrets it is told; does not know where the text goes.
"""

from __future__ import annotations

import re

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|hf|ghp|glpat)[-_][A-Za-z0-9_\-]{8,}(?:\*+[A-Za-z0-9]+)?"),
        "[key]",
    ),
    (re.compile(r"\bAIza[A-Za-z0-9_\-]{20,}"), "[key]"),
    (re.compile(r"\b[Bb]earer\s+[A-Za-z0-9._~+/\-]{6,}=*"), "Bearer [key]"),
    (
        re.compile(
            r"(?i)\b(api[-_ ]?key|authorization|token|secret|password)(\W{1,4})([A-Za-z0-9._\-*]{8,})"
        ),
        r"\1\2[key]",
    ),
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), "[user]"),
    (re.compile(r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*"), "[token]"),
)
_EMAIL = re.compile(r"\b[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+\b")


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without the given secrets and without anything that has the shape of a key."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "[key]")
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def scrub(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`redact`, and e-mail addresses as well: for what is written to a file that others will read."""
    return _EMAIL.sub("[email]", redact(text, secrets))
