"""Loads `boilerplate.yaml`: what lines say that are not part of an article. Knows the file's shape, not its wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("boilerplate.yaml")
_MACRO = re.compile(r"<([a-z]+)>")
_TRAIL = r"[ :.!?>»→-]*"
_COUNT = re.compile(r"\d+[km+]?")
_WORD = re.compile(r"[^\s|,/·•:;!?.()\[\]»›>→\"“”]+")


class Rule(NamedTuple):
    """`why` is shown to people; a line of more than `words` words is not judged by it."""

    why: str
    words: int
    where: str  # whole, start or part
    pattern: re.Pattern[str]

    def matches(self, low: str) -> bool:
        """Whether a lower-cased line with single spaces is of this kind."""
        if self.where == "whole":
            return self.pattern.fullmatch(low) is not None
        if self.where == "start":
            return self.pattern.match(low) is not None
        return self.pattern.search(low) is not None


class Vocabulary(NamedTuple):
    """A line of at most `words` words, all in `known` and one in `telling`, is boilerplate in any order."""

    why: str
    words: int
    known: frozenset[str]
    telling: frozenset[str]

    def matches(self, low: str) -> bool:
        """Whether a lower-cased line is made of nothing but this vocabulary."""
        found = [word for word in _WORD.findall(low) if not _COUNT.fullmatch(word)]
        return bool(found) and self.known.issuperset(found) and not self.telling.isdisjoint(found)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything that wording tells."""

    rules: tuple[Rule, ...]
    vocabularies: tuple[Vocabulary, ...]
    end: re.Pattern[str]
    comments: re.Pattern[str]
    label: re.Pattern[str]

    def why(self, low: str, words: int) -> str:
        """Why a lower-cased line of so many words is boilerplate; "" when its wording does not tell."""
        for rule in self.rules:
            if words <= rule.words and rule.matches(low):
                return rule.why
        for vocabulary in self.vocabularies:
            if words <= vocabulary.words and vocabulary.matches(low):
                return vocabulary.why
        return ""


def words_of(text: str) -> frozenset[str]:
    """The set of the words of a list written with white space."""
    return frozenset(text.split())


@cache
def phrases() -> Phrases:
    """The patterns, compiled once."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    macros = data["macros"]
    rules = tuple(
        Rule(entry["why"], entry["words"], entry["where"], _compile(entry["patterns"], macros))
        for entry in data["rules"]
    )
    vocabularies = tuple(
        Vocabulary(
            entry["why"],
            entry["words"],
            words_of(entry["telling"]) | words_of(entry["joints"]),
            words_of(entry["telling"]),
        )
        for entry in data["vocabularies"]
    )
    heads = (_compile(data[name], macros, _TRAIL) for name in ("end", "comments", "label"))
    return Phrases(rules, vocabularies, *heads)


def _compile(patterns: Iterable[str], macros: Mapping[str, str], trail: str = "") -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    while _MACRO.search(joined):
        joined = _MACRO.sub(lambda found: macros[found.group(1)], joined)
    return re.compile(f"(?:{joined}){trail}")
