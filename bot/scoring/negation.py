"""Which words of a sentence are denied: the scope of negations, clause by clause.

Works on words and the punctuation between them; knows no grammar beyond closed word lists. A word is negated when an
odd number of negations covers it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.scoring.denials import (
    BELIEVE,
    BELIEVED,
    CLAIMED,
    CONTRASTS,
    DENIED_AT_END,
    FALSE_TERMS,
    MISSTEP,
    NO_WAY,
    OF_A_SUBJECT,
    OR_NOT,
    REJECTED_AS_SUBJECT,
    SAID_BY_OTHERS,
    SENTENCE_WIDE,
    SHORT_SCOPE,
    STANCE_WORDS,
    TAIL,
    TAKES_A_CLAUSE,
    TWICE,
    VALUES,
)
from bot.scoring.lexicon import BE, BREAKS, DENIALS, FINITE, NEGATORS, NOT_NEGATING, RESUMING, SUBJECTS
from bot.scoring.stance import LONGEST, rejects


def negated(words: Sequence[str], breaks: Sequence[str]) -> tuple[bool, ...]:
    """For each word, whether it is denied. `breaks[i]` is the punctuation before word i: `""`, `","` or `";"`."""
    counts = [0] * len(words)
    skip: set[int] = set()
    for scope in _rejections(tuple(words), tuple(breaks)):
        skip.update(scope.cue)
        for i in scope.covered:
            counts[i] += 1
    return _parity(counts, words, breaks, skip)


def rejected(words: Sequence[str], breaks: Sequence[str]) -> tuple[bool, ...]:
    """For each word, whether it belongs to a statement that is rejected as a whole: "it is not true that ...",
    "..., which is wrong". Whoever rejects a statement has stated nothing else instead of it."""
    inside = {i for scope in _rejections(tuple(words), tuple(breaks)) for i in scope.covered}
    return tuple(i in inside for i in range(len(words)))


@lru_cache(maxsize=1_024)  # asked for what is negated and for what is rejected
def _rejections(words: tuple[str, ...], breaks: tuple[str, ...]) -> list[_Scope]:
    joined = " ".join(words)
    if denied := DENIED_AT_END.search(joined):
        first = joined.count(" ", 0, denied.start())
        return [_Scope(range(first, len(words)), range(first))]
    if denied := REJECTED_AS_SUBJECT.search(joined) or OR_NOT.search(joined):
        first = joined.count(" ", 0, denied.start("tail"))
        return [_Scope(range(first, len(words)), range(first))]
    if tail := _tail(joined, words, breaks):
        return [_Scope(range(tail, len(words)), range(tail))]
    return _wide_scopes(joined, breaks)


def _tail(joined: str, words: Sequence[str], breaks: Sequence[str]) -> int:
    """Where the last clause begins, when it takes back the sentence: "..., but I don't believe it". 0: it does not."""
    found = TAIL.search(joined)
    if found is None or not found.start():
        return 0
    first, before = joined.count(" ", 0, found.start()), joined[: found.start()]
    if not found["irony"] and not breaks[first] and words[first] not in CONTRASTS:
        return 0
    if found["bare"]:
        return first if breaks[first] == ";" else 0
    wanted = CLAIMED if found["theirs"] else BELIEVED if found["mine"] else None
    return first if wanted is None or wanted.search(before) else 0


class _Scope(NamedTuple):
    cue: range  # the words that deny
    covered: range  # what they deny: up to the next such words or the end


def _wide_scopes(joined: str, breaks: Sequence[str]) -> list[_Scope]:
    """The scopes of "it is not true that", "people think" and the like."""
    words = joined.split(" ")
    matrix = _matrix(words, breaks)
    found = sorted(
        (m.start(), m.end(), p)
        for p in (SENTENCE_WIDE, SAID_BY_OTHERS, MISSTEP)
        for m in p.finditer(joined)
        if not (TWICE.match(m.group()) and joined[: m.start()].endswith(("not ", "never ")))
    )
    cues = [(range(joined.count(" ", 0, start), joined.count(" ", 0, end) + 1), p) for start, end, p in found]
    if matrix is not None:
        kept = [(cue, p) for cue, p in cues if cue.start >= matrix.cue.stop]
        own = [(matrix.cue, SENTENCE_WIDE)] if matrix.covered else []
        cues = [*own, *kept]
    scopes: list[_Scope] = [] if matrix is None or matrix.covered else [matrix]
    for i, (cue, pattern) in enumerate(cues):
        stop = max(cue.stop, cues[i + 1][0].start if i + 1 < len(cues) else len(words))
        if pattern is MISSTEP or OF_A_SUBJECT.match(" ".join(words[cue.start : cue.stop])):
            ends = (j for j in range(cue.stop + 1, stop) if breaks[j] or words[j] in CONTRASTS)
            stop = next((j for j in ends if _ends_clause(j, words, breaks)), stop)
        elif pattern is SAID_BY_OTHERS:
            stop = next((j for j in range(cue.stop, stop) if words[j] in CONTRASTS), stop)
        scopes.append(_Scope(cue, range(cue.stop, stop)))
    return scopes


def _matrix(words: Sequence[str], breaks: Sequence[str]) -> _Scope | None:
    """A main clause that is nothing but a judgement of its that-clause: "you would have to be naive to believe that ...".
    It covers nothing where its negations cancel out: "nobody doubts that ..."."""
    for i, word in enumerate(words[: LONGEST - 1]):
        if word not in STANCE_WORDS:
            return None
        if (
            word != "that"
            or i < 2
            or words[i - 1] not in TAKES_A_CLAUSE
            or i + 1 >= len(words)
            or breaks[i + 1]
        ):
            continue
        if words[i + 1] in BREAKS:
            continue
        turned = rejects(words[:i], breaks[:i], others=True)
        if turned is not None:
            return _Scope(range(i + 1), range(i + 1, len(words) if turned else i + 1))
    return None


def clauses(words: Sequence[str], breaks: Sequence[str]) -> tuple[int, ...]:
    """For each word, the number of the clause it stands in."""
    numbers, number = [], 0
    for i in range(len(words)):
        number += i > 0 and _ends_clause(i, words, breaks)
        numbers.append(number)
    return tuple(numbers)


def _parity(
    counts: list[int], words: Sequence[str], breaks: Sequence[str], skip: Collection[int]
) -> tuple[bool, ...]:
    for i, word in enumerate(words):
        if i in skip:
            continue
        if word in DENIALS and _denies(i, words):
            for j in _clause(i, words, breaks):
                counts[j] += 1
        elif _negates(i, words):
            for j in _forward(i, words, breaks):
                counts[j] += 1
    return tuple(c % 2 == 1 for c in counts)


def _denies(i: int, words: Sequence[str]) -> bool:
    """Whether "wrong" and the like are said of a statement: "that is wrong", "wrongly believed". Things may be wrong
    ("a wrong label", "false positive", "where the mask is false") without a statement being denied."""
    before, after = words[max(0, i - 4) : i], words[i + 1 : i + 3]
    if words[i].endswith("ly"):
        return any(w.startswith(BELIEVE) for w in (*before, *after))
    if words[i] == "false" and VALUES & set(words):
        return False
    return (
        not after
        or not words[i + 1].isalpha()
        or (any(w in BE for w in before) and not after[0].startswith(FALSE_TERMS))
    )


def _negates(i: int, words: Sequence[str]) -> bool:
    word, after = words[i], words[i + 1] if i + 1 < len(words) else ""
    if word in ("instead", "rather"):
        return after in ("of", "than")
    if word == "unlike":
        return True
    if word not in NEGATORS:
        return False
    return after not in NOT_NEGATING and not (word == "no" and i == 0 and after in SUBJECTS | {"not"})


def _forward(i: int, words: Sequence[str], breaks: Sequence[str]) -> range:
    limit = SHORT_SCOPE.get(words[i], len(words))
    if words[i] == "no" and words[i + 1 : i + 2] and words[i + 1] in NO_WAY:  # "by no means"
        limit = SHORT_SCOPE["not"]
    end = i + 1
    while end < len(words) and end - i <= limit and not (end > i + 1 and _ends_clause(end, words, breaks)):
        if breaks[end] == "," and end > i + 1 and not _lists(end, words, breaks):
            break
        end += 1
    return range(i + 1, end)


def _lists(i: int, words: Sequence[str], breaks: Sequence[str]) -> bool:
    """Whether what follows a comma goes on with a list that was denied: "not the bias, the variance or the noise"."""
    for j in range(i, len(words)):
        if j > i and (breaks[j] == ";" or words[j] in BREAKS):
            return False
        if words[j] in ("or", "nor"):
            return True
    return False


def _clause(i: int, words: Sequence[str], breaks: Sequence[str]) -> range:
    start, end = i, i + 1
    while start > 0 and not _ends_clause(start, words, breaks):
        start -= 1
    while end < len(words) and not _ends_clause(end, words, breaks):
        end += 1
    return range(start, end)


def _ends_clause(i: int, words: Sequence[str], breaks: Sequence[str]) -> bool:
    """Whether a new clause begins at token i: strong punctuation, a contrasting conjunction, a new subject, or a
    comma before a stretch with its own verb."""
    word, gap = words[i], breaks[i]
    if gap == ";" or word in BREAKS:
        return True
    if word == "and" and i + 1 < len(words) and words[i + 1] in SUBJECTS:
        return True
    if gap != ",":
        return False
    if word in SUBJECTS or word in RESUMING:
        return True
    stretch = []
    for j in range(i, min(i + 8, len(words))):
        if j > i and breaks[j]:
            break
        stretch.append(words[j])
    return any(w in FINITE for w in stretch)
