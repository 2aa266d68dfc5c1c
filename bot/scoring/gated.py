"""Patterns that are tried only on texts that hold letters without which they cannot match.

Most patterns of authors and of the guards want some word; to look whether it is there costs a tenth of trying the pattern,
and a pattern that is never tried is never compiled. What a pattern wants is read off its own source, so that nobody has
to say it twice. Knows regular expressions and nothing of what they are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

MANY = 10
"""A stretch of a pattern that can be more texts than these is not spelled out."""
LETTERS = 20.0
"""About how many letters a text is made of, to tell which words of a pattern are the rarest."""

_WORDS = r"[\w '\",:;=/<>#%&!~-]"  # letters and signs that mean themselves
_LETTERS = re.compile(rf"(?:{_WORDS}(?![*+?{{]))+")
_LETTER = re.compile(r"\\[^a-zA-Z0-9]|[^\\()\[{*+?]", re.DOTALL)
_LIST = re.compile(rf"\((?:\?:)?({_WORDS}*(?:\|{_WORDS}*)*)\)")
_NO_WIDTH = re.compile(r"\\[bBAZ]")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?!\?))")
_ASIDE = re.compile(r"\(\?<?[=!]")
_PARENTHESES = re.compile(r"(?:[^\\()\[]|\\.|\[\^?\]?(?:\\.|[^\]\\])*\])*([()])", re.DOTALL)
_ANY = re.compile(r"\\[wWdDsS]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[0-9]{1,2}")
_FEW = re.compile(r"\[([^\W_]{1,4}|[ -]{1,2})\]")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEAT = re.compile(r"(?:(\?)|\*|(\+)|\{(\d*)(?:,\d*)?\})[?+]?")


class Gated:
    """A regular expression for folded text, compiled when it is first needed."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression itself. Raises re.error when it is none."""
        return re.compile(self.source)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Texts of which every match holds at least one; none when that cannot be told."""
        return needs(self.source)

    def may_match(self, text: str) -> bool:
        """False when the expression matches nowhere in the text."""
        for needed in self.needs:  # a plain loop, as this is asked a thousand times for an answer
            if needed in text:
                return True
        return not self.needs

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self.compiled.search(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.compiled.finditer(text) if self.may_match(text) else iter(())


def needs(source: str) -> tuple[str, ...]:
    """Texts of which every match of an expression (without flags) holds at least one; none when that cannot be told."""
    reader = _Reader(source)
    try:
        found = reader.choices()
    except _Unread:
        return ()
    return _shortest(found.needs) if reader.at == len(source) else ()


class _Unread(Exception):
    """Something in an expression that is not read here."""


class _Part(NamedTuple):
    """A stretch of an expression. `spelled`: all texts that it can be, none when they are many; `needs`: texts of which it
    holds at least one, none when that cannot be told."""

    spelled: Sequence[str]
    needs: Sequence[str] = ()


_NOTHING, _ANYTHING = _Part(("",)), _Part(())


class _Reader:
    """Reads an expression from left to right; `at` is the place."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def choices(self) -> _Part:
        """Alternatives, up to the end or to a closing parenthesis."""
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        spelled = [text for p in parts for text in p.spelled] if all(p.spelled for p in parts) else []
        wanted = [text for p in parts for text in p.needs] if all(p.needs for p in parts) else []
        return _Part(spelled if len(spelled) <= MANY else (), wanted)

    def _sequence(self) -> _Part:
        best: Sequence[str] = ()
        run, whole = _NOTHING.spelled, True
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            part = self._piece()
            if part.spelled and len(run) * len(part.spelled) <= MANY:
                run = [a + b for a in run for b in part.spelled]
            else:
                best, whole = _better(best, run, part.needs), False
                run = part.spelled or _NOTHING.spelled
        return _Part(run if whole else (), _better(best, run))

    def _piece(self) -> _Part:
        """An atom as often as the sign behind it says."""
        part = self._atom()
        repeat = self._match(_REPEAT)
        if repeat is None:
            return part
        optional, once_or_more, least = repeat.groups()
        if optional and part.spelled:
            return _Part(("", *part.spelled))
        return _Part((), _better(part.needs, part.spelled)) if once_or_more or int(least or 0) else _ANYTHING

    def _atom(self) -> _Part:
        if letters := self._match(_LETTERS) or self._match(_LETTER):
            text = letters.group()
            if len(text) == 1 and text in ".^$":
                return _ANYTHING if text == "." else _NOTHING
            return _Part((text.removeprefix("\\"),))
        if listed := self._match(_LIST):
            texts = listed[1].split("|")
            return _Part(texts if len(texts) <= MANY else (), texts)
        if self._match(_GROUP):
            part = self.choices()
            if not self._take(")"):
                raise _Unread
            return part
        if self._match(_NO_WIDTH):
            return _NOTHING
        if self._match(_ASIDE):
            self._pass_over()
            return _NOTHING
        if few := self._match(_FEW):
            return _Part(tuple(few[1]))
        if self._match(_ANY) or self._match(_CLASS):
            return _ANYTHING
        raise _Unread

    def _pass_over(self) -> None:
        """To the end of the group that was just opened."""
        depth = 1
        while depth and (found := self._match(_PARENTHESES)):
            depth += 1 if found[1] == "(" else -1

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def _take(self, sign: str) -> bool:
        taken = self.source.startswith(sign, self.at)
        self.at += taken
        return taken


def _better(*several: Sequence[str]) -> Sequence[str]:
    """Of several lists the one that is least likely to be found."""
    return min(several, key=_likelihood)


def _likelihood(texts: Sequence[str]) -> float:
    """How often one of the texts may stand in some place, if letters were thrown; 1 and more for no text and for blanks."""
    return sum(LETTERS ** -len(t.strip()) for t in texts) if texts else 1.0


def _shortest(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts without those that hold another one; none when one is empty."""
    kept: list[str] = []
    for text in sorted(set(texts), key=lambda t: (len(t), t)):
        if not any(short in text for short in kept):
            kept.append(text)
    return () if kept == [""] else tuple(kept)
