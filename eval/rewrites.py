"""The same answer in other words or another form: what must not change a score, and truncation, which must not raise it.

Pure and deterministic. Mechanical on purpose: each rule keeps the meaning of English sentences, whatever they are about
(contractions, everyday synonyms, turning "if" clauses round, slips of the fingers, order, filler). Does not know scores.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from eval.values import Rewrite

_SHORT_FORMS = (
    ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("is not", "isn't"), ("are not", "aren't"),
    ("was not", "wasn't"), ("were not", "weren't"), ("cannot", "can't"), ("can not", "can't"), ("will not", "won't"),
    ("would not", "wouldn't"), ("should not", "shouldn't"), ("could not", "couldn't"), ("have not", "haven't"),
    ("has not", "hasn't"), ("it is", "it's"), ("that is", "that's"), ("there is", "there's"), ("i am", "I'm"),
    ("i would", "I'd"), ("i have", "I've"), ("i will", "I'll"), ("we are", "we're"), ("we would", "we'd"),
    ("they are", "they're"), ("you are", "you're"), ("let us", "let's"),
)  # fmt: skip
_EVERYDAY = (
    ("for example", "for instance"), ("in order to", "to"), ("so that", "in such a way that"),
    ("because", "since"), ("however", "but"), ("therefore", "that is why"), ("usually", "normally"), ("often", "many times"),
    ("also", "in addition"), ("about", "roughly"), ("large", "big"), ("larger", "bigger"), ("needs", "requires"),
    ("need", "require"), ("start with", "begin with"), ("quickly", "fast"), ("whole", "entire"), ("enough", "sufficiently"),
    ("as well as", "and also"), ("instead of", "rather than"), ("each", "every"), ("shows", "tells"), ("gives", "yields"),
)  # fmt: skip
_FILLERS = ("Um, so, ", "You know, ", "I mean, ", "Basically, ", "So, well, ", "Like I said, um, ")
_SLIP_EVERY = 8
"""One slip in every eighth word of seven letters or more."""
_WORD = re.compile(r"(?<![\w`.\-])[a-z]{7,}(?![\w`(\-]|\.\w)")


def sentences(text: str) -> list[str]:
    """A text cut into sentences, roughly."""
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+", " ".join(text.split())) if s.strip()]


@lru_cache(maxsize=2048)
def messages(text: str, rewrite: Rewrite | None) -> tuple[str, ...]:
    """The messages in which an answer is given: one, or two when it is split."""
    points = sentences(text)
    if rewrite is Rewrite.SPLIT and len(points) > 1:
        middle = (len(points) + 1) // 2
        return " ".join(points[:middle]), " ".join(points[middle:])
    return (rewritten(text, rewrite),)


@lru_cache(maxsize=4096)
def rewritten(text: str, rewrite: Rewrite | None) -> str:
    """The text in the other form; never empty unless the text is. `SPLIT` leaves it alone (see `messages`)."""
    match rewrite:
        case Rewrite.PARAPHRASE:
            return paraphrase(text)
        case Rewrite.TYPOS:
            return with_typos(text)
        case Rewrite.REORDERED:
            return reordered(text)
        case Rewrite.FILLER:
            return with_filler(text)
        case Rewrite.POLITE:
            return f"Thank you, that is a good question, I like it. {text} I hope that this helps, and thanks for your time."
        case Rewrite.HALF:
            points = sentences(text)
            return " ".join(points[: (len(points) + 1) // 2])
        case _:
            return text


def paraphrase(text: str) -> str:
    """Short forms for long ones and the reverse, everyday synonyms, and "If A, B." as "B if A."."""
    swaps = [*_SHORT_FORMS, *((short, long) for long, short in _SHORT_FORMS if "'" in short), *_EVERYDAY]
    return " ".join(_turned(_swapped(s, swaps)) for s in sentences(text))


def _swapped(sentence: str, swaps: Sequence[tuple[str, str]]) -> str:
    """Every expression replaced at most once at each place, all in one pass, so that no swap undoes another."""
    table: dict[str, str] = {}
    for before, after in swaps:
        table.setdefault(before.lower(), after)
    pattern = (
        r"(?<![\w'`])("
        + "|".join(re.escape(b) for b in sorted(table, key=len, reverse=True))
        + r")(?![\w'`])"
    )

    def swap(found: re.Match[str]) -> str:
        after = table[found.group(0).lower()]
        return after[0].upper() + after[1:] if found.group(0)[0].isupper() else after

    return re.sub(pattern, swap, sentence, flags=re.I)


def _turned(sentence: str) -> str:
    """ "If A, B." -> "B if A."; only where there is exactly one comma, so that the clauses are sure."""
    found = re.fullmatch(r"(If|When|Because|Since) ([^,;:()]+), (?:then )?([^,;:()]+)([.!])", sentence)
    if found is None:
        return sentence
    joint, condition, main, end = found.groups()
    return f"{main[0].upper()}{main[1:]} {joint.lower()} {condition}{end}"


def with_typos(text: str) -> str:
    """Two inner letters swapped in every eighth long word; names, numbers and code stay as they are."""
    count = 0

    def slip(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        word = found.group(0)
        middle = len(word) // 2
        if count % _SLIP_EVERY != 1 or word[middle - 1] == word[middle]:
            return word
        return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]

    return _WORD.sub(slip, text)


_LEANS_BACK = re.compile(
    r"(?i)(and|but|so|then|that|this|these|those|it|they|he|she|which|also|both|neither|either|there|here|instead|otherwise|"
    r"however|because|therefore|again|next|second|third|finally|for (example|instance)|in (addition|that case)|"
    r"the (other|second|same|latter))\b"
)


def reordered(text: str) -> str:
    """The points the other way round. A sentence that leans on the one before it ("so", "it", "the other") stays behind it."""
    groups: list[list[str]] = []
    for sentence in sentences(text):
        if groups and _LEANS_BACK.match(sentence):
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return " ".join(s for group in reversed(groups) for s in group)


def with_filler(text: str) -> str:
    """Filler in front of every sentence."""
    return " ".join(
        f"{_FILLERS[n % len(_FILLERS)]}{_lowered(sentence)}" for n, sentence in enumerate(sentences(text))
    )


def _lowered(sentence: str) -> str:
    """A sentence as it goes on after a comma; acronyms, names with capitals inside and "I" keep their first letter."""
    first = sentence.split(maxsplit=1)[0]
    plain = first[1:].islower() and first not in ("I", "I'm", "I'd", "I've", "I'll")
    return sentence[0].lower() + sentence[1:] if plain else sentence
