"""What a sentence waves away: "scaling is not needed", "there is no point in a baseline", "the order does not matter".

Whoever dismisses a thing has named it, not stated it. Works on words and clause numbers; a closed list of phrases, no
grammar. Does not know negations of statements (`negation`) nor what would be right to dismiss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_ADVERBS = "is are was were be being really actually just simply completely totally all quite rather only also even ever"
_SOFTLY = rf"(?: (?:{_ADVERBS.replace(' ', '|')}|at all))*"
_NOT = r"(?:does|do|did|will|would|can|could|need|should)(?: \w+ly| really| even)? not"
_BE = r"(?:is|are|was|were|be|seems?|looks?)"
_SUBJECT = re.compile(
    r"\b(?:"
    + "|".join(
        (
            rf"{_NOT}{_SOFTLY} (?:matter|count|enter|pay off|play (?:a|any) (?:part|role)|buy (?:us |you )?anything)",
            rf"{_NOT}{_SOFTLY} (?:make (?:a |any |much )?(?:difference|sense)|(?:bring|add) (?:anything|much))",
            rf"{_NOT}{_SOFTLY} help(?: (?:anybody|anyone|us|me|you|here|much|with that))?$",
            rf"(?:is|are|was|were) not{_SOFTLY} (?:needed|necessary|required|important|relevant|useful|worth|possible)",
            rf"(?:is|are|was|were) not{_SOFTLY} (?:a (?:concern|problem|worry)|an issue|of (?:any )?(?:use|interest))",
            r"(?:makes?|made|making) (?:absolutely )?no (?:real )?(?:difference|sense)|plays? no (?:part|role)",
            r"(?:has|have|had) no (?:effect|influence|impact|bearing|use|value|meaning|point|say)",
            r"(?:brings?|adds?|gains?|helps?|shows?|buys? (?:us|you)) (?:absolutely )?nothing",
            r"(?:would|will|can) (?:only|just) (?:confuse|distract|cost (?:us )?time|slow (?:us|things) down)",
            r"(?:can|could|will) not (?:occur|happen|arise)|must not do (?:it|that)|of no (?:use|interest|importance|value)",
            rf"{_BE}{_SOFTLY} (?:irrelevant|unnecessary|redundant|pointless|useless|superfluous|needless|unneeded)",
            rf"{_BE}{_SOFTLY} (?:overkill|overrated|for show|nonsense|a waste|wasted|a luxury|a distraction|a formality)",
            r"(?:a )?(?:complete |total |pure )?waste of (?:time|effort|money|compute|work)",
        )
    )
    + r")\b"
)
"""A predicate that dismisses the subject before it. Not "changes nothing" and "means nothing", which are as often what
is to be said of an invariance or of a figure."""
_OBJECT = re.compile(
    "|".join(
        (
            r"\bno (?:real |particular |good )?(?:need|point|sense|reason|use|benefit|value|gain)\b"
            r"(?: (?:to|for|in|of|at all|here|whatsoever))*",
            rf"\b{_NOT}{_SOFTLY} (?:need|have|want|bother|care|worry)\b(?: (?:to|with|about|any|a|an|for|even))*",
            rf"\b(?:not|without|never){_SOFTLY} (?:bother|bothering|worry|worrying|worth|necessary|needed|required|care"
            r"|caring)\b(?: (?:to|with|about|for))*",
            r"\b(?:i|we|you|one|they)(?: (?:would|can|could|should|will|may|might|just|simply|safely|happily|also|then))+"
            r" (?:ignore|skip|forget|drop|leave out|do without|dispense with|spare)\b(?: about)?",
        )
    )
)
"""Words that dismiss what follows them in their clause."""


class Dismissal(NamedTuple):
    """`cue`: the words that dismiss; `covered`: what they dismiss. Token indices."""

    cue: range
    covered: range


def dismissals(words: Sequence[str], clauses: Sequence[int]) -> tuple[Dismissal, ...]:
    """Every dismissal in a sentence, in order. `clauses[i]` is the number of the clause of word i."""
    joined = " ".join(words)
    found = []
    for pattern, backwards in ((_SUBJECT, True), (_OBJECT, False)):
        for match in pattern.finditer(joined):
            first = joined.count(" ", 0, match.start())
            cue = range(first, first + match.group().count(" ") + 1)
            found.append(Dismissal(cue, _subject(cue, clauses) if backwards else _object(cue, clauses)))
    return tuple(sorted((d for d in found if d.covered), key=lambda d: d.cue.start))


def _subject(cue: range, clauses: Sequence[int]) -> range:
    start = cue.start
    while start > 0 and clauses[start - 1] == clauses[cue.start]:
        start -= 1
    return range(start, cue.start)


def _object(cue: range, clauses: Sequence[int]) -> range:
    stop = cue.stop
    while stop < len(clauses) and clauses[stop] == clauses[cue.stop - 1]:
        stop += 1
    return range(cue.stop, stop)
