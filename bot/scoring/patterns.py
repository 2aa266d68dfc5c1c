"""Says in words what a pattern of an author most simply matches: "97 ?(%|per ?cent) (probability|sure)" is
"97 % probability".

Of several alternatives the first is told; what may be missing is left out, and so is what must stand before or behind.
A stretch of any words is told as "...". For people and models to read; knows nothing of matching (bot/scoring/wordings.py).
"""

from __future__ import annotations

import re

GAP = " ... "
SHORT = 15
"""A stretch of any words that is no longer than so many characters is left out: it holds an article or an adverb."""
SHORTEST = 8
"""Characters that a reading must have to say anything."""
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d*)(?:,(\d*))?\})[?+]?")
_LOOK = re.compile(r"\(\?<?[=!]")
_APOSTROPHE = re.compile(r"(?:t|s|d|m|re|ll|ve)\b")
"""What follows one: alone, "." and "\\W" stand for it in any of its forms ("don.t"), else for a space or a hyphen."""
_CLASSES = {"s": " ", "S": GAP, "w": GAP, "d": "N", "D": GAP}


class _Unreadable(Exception):
    """Part of the language that is not told in words (a back reference, a condition)."""


def in_words(pattern: str) -> str:
    """The words; empty when it cannot be told, or says next to nothing."""
    try:
        text, end = _alternatives(pattern, 0)
    except _Unreadable:
        return ""
    if end < len(pattern):
        return ""
    words = " ".join(text.split())
    words = re.sub(r"(?:\.\.\. )+", "... ", f"{words} ").strip().removeprefix("... ").removesuffix(" ...")
    return words if len(words) >= SHORTEST else ""


def _alternatives(pattern: str, at: int) -> tuple[str, int]:
    """The first of the alternatives from here to the end of their group, and where that is."""
    first, at = _sequence(pattern, at)
    while at < len(pattern) and pattern[at] == "|":
        _, at = _sequence(pattern, at + 1)
    return first, at


def _sequence(pattern: str, at: int) -> tuple[str, int]:
    told = ""
    while at < len(pattern) and pattern[at] not in "|)":
        ends_word = pattern.startswith(r"\w", at) and told[-1:].isalnum()
        atom, at = _atom(pattern, at)
        least, most, at = _times(pattern, at)
        if ends_word:
            continue  # some ending: the stem is told
        if atom == "N" and told[-1:].isdigit():
            atom = "0"
        if atom == GAP:
            told += " " if most <= SHORT else GAP
        elif least > 0 or atom == " ":
            told += atom
    return told, at


def _atom(pattern: str, at: int) -> tuple[str, int]:
    """What one element most simply matches, and where the next begins."""
    if pattern[at] == "(":
        return _group(pattern, at)
    if pattern[at] == "[":
        return _set(pattern, at)
    sign = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
    after = at + len(sign)
    if sign in (".", r"\W"):
        if _QUANTIFIER.match(pattern, after) is None:
            return ("'" if _APOSTROPHE.match(pattern, after) else " "), after
        return (GAP if sign == "." else " "), after
    if len(sign) == 2:
        return _escape(sign[1]), after
    return ("" if pattern[at] in "^$" else pattern[at]), at + 1


def _group(pattern: str, at: int) -> tuple[str, int]:
    look = _LOOK.match(pattern, at)
    inside = look.end() if look else at + (3 if pattern.startswith("(?:", at) else 1)
    if pattern.startswith("?", inside):
        raise _Unreadable
    told, end = _alternatives(pattern, inside)
    if end == len(pattern):
        raise _Unreadable
    return ("" if look else told), end + 1


def _set(pattern: str, at: int) -> tuple[str, int]:
    """Any of the characters: none in particular where it says which not, a space where that is one, else the first."""
    start = at + 1 + pattern.startswith("[^", at)
    end = pattern.index("]", start + 1)
    inside = pattern[start:end]
    if start == at + 2:
        return GAP, end + 1
    if " " in inside or "-" in (inside[0], inside[-1]):
        return (" " if " " in inside else "-"), end + 1
    return (_escape(inside[1]) if inside[0] == "\\" else inside[0]), end + 1


def _escape(char: str) -> str:
    if char in "bBAZ":
        return ""
    if char in _CLASSES:
        return _CLASSES[char]
    if char.isalnum():
        raise _Unreadable
    return char


def _times(pattern: str, at: int) -> tuple[int, float, int]:
    """How often the element before is wanted, at least and at most, and where the next begins."""
    found = _QUANTIFIER.match(pattern, at)
    if found is None:
        return 1, 1, at
    sign, least, most = found.groups()
    if sign:
        return (1 if sign == "+" else 0), (1 if sign == "?" else float("inf")), found.end()
    exactly = "," not in found.group()
    low = int(least or 0)
    return low, (low if exactly else int(most) if most else float("inf")), found.end()
