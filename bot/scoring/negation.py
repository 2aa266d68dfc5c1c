"""Which words of a sentence are denied: the scope of negations, clause by clause.

Works on words and the punctuation between them; knows no grammar beyond closed word lists. A word is negated when an
odd number of negations covers it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.scoring.lexicon import BE, BREAKS, DENIALS, FINITE, NEGATORS, NOT_NEGATING, RESUMING, SUBJECTS

_SAY = r"(?:say|think|claim|believe|assume|argue|conclude|suggest|state|agree|accept|admit|suppose|pretend|maintain)"
_SAYS = (
    r"(?:says?|thinks?|claims?|believes?|assumes?|argues?|states?|suggests?|shows?|proves?|means?|indicates?)"
)
_VIEW = r"(?:idea|view|claim|notion|belief|opinion|thesis|statement|assumption|suggestion|argument|theory)"
_SENTENCE_WIDE = re.compile(
    r"\b(?:not|never|hardly|wrong|false|incorrect|untrue|mistaken|mistake|myth|misconception|misunderstanding|nonsense"
    r"|rubbish|absurd|ridiculous|unlikely|impossible|improbable|doubtful|questionable|far from|by no means|in no way)\b"
    r"(?: (?:it|is|does|do|be|a|an|very|at all|true|so|right|correct|clear|obvious|certain|sure|convinced|hold|the case"
    rf"|the truth|think|believe|say|agree|mean|claim|follow|to (?:even )?{_SAY}))*"
    r" that\b"
    r"|\b(?<!no )(?<!not )(?:disagree|doubt|deny)(?: (?:very much|strongly|seriously|really))? that\b"
    rf"|\b(?:nobody|no one|nothing|never)\b(?: (?:i|we|you|would|should|could|can|will|ever)){{0,4}}"
    rf" {_SAYS} that\b"
    rf"|\bonly (?:a|an|the|some)(?: \w+){{1,2}} (?:would|could|can|might) (?:ever )?{_SAY} that\b"
    rf"|\bno (?:truth|evidence|proof|reason|basis|sense|way|merit)\b(?: (?:at all|whatsoever|to (?:even )?{_SAY}"
    rf"|(?:in|for|to) (?:the|this|any) {_VIEW}|in saying))* that\b"
    rf"|\b(?:against|reject|dispute|dismiss|deny|refute|oppose|contest) (?:the|this|any) {_VIEW} that\b"
    rf"|\b(?:refuse|decline|hesitate|unwilling|reluctant) to {_SAY} that\b"
    r"|\bfails? to (?:be (?:true|right|so|the case)|hold|follow) that\b"
    r"|^if (?:only )?i (?:only )?(?:knew|remembered|recalled)(?: (?:that|whether|why|how|what))?\b"
    r"|^(?:as if|yeah right|yes sure|sure sure)\b"
    r"|\bi (?:\w+ )?not (?:\w+ )?(?:know|sure|certain|remember|recall)(?: yet)? "
    r"(?:whether|if|which|what|how|why|when|where|who)\b"
)
_TWICE = re.compile(r"^(?:untrue|wrong|false|incorrect|mistaken)\b")
_CONTRASTS = frozenset(("but", "however", "yet", "although"))
_OF_A_SUBJECT = re.compile(
    r"^(?:not|never|hardly) (?:say|mean|claim|follow|think|believe)\b|\b(?:you|question) (?:asked|asks|said|mentioned|want)"
)
_SAID_BY_OTHERS = re.compile(
    r"\b(?:common (?:mistake|misconception|error|trap)|people (?:(?:often|wrongly|mistakenly|falsely|sometimes|usually"
    r"|always) )*(?:think|say|believe|claim|assume)"
    r"|(?:one|you) might think|tempting to|some (?:would )?say|misconception|myth"
    r"|^(?:so |well |ok |okay )?(?:you|the question) (?:asked|asks|said|mentioned|wanted|want)(?: me| for| about| to know)*)\b"
)
_BELIEVE = ("think", "thought", "say", "said", "believ", "assum", "claim", "suppos", "held", "call")
_VALUES = frozenset(("mask", "flag", "where", "return", "returns", "boolean", "bool", "condition", "true"))
_FALSE_TERMS = ("positiv", "negativ", "alarm", "discover", "accept", "reject", "match")
_SHORT_SCOPE = {"no": 5, "not": 14, "without": 4, "instead": 6, "rather": 6, "unlike": 5}
_NO_WAY = frozenset(("means", "way", "circumstances", "case", "event"))
_WRONG = (
    r"(?:wrong|false|incorrect|untrue|nonsense|rubbish|absurd|ridiculous|a lie|a myth|a mistake|a misconception|"
    r"not (?:at all )?(?:true|so|right|correct|the case|what happens|how it works))"
)
_SOFTLY = r"(?: (?:is|was|are|were|s|all|simply|just|completely|totally|plainly|actually|also|of course))*"
_DENIED_AT_END = re.compile(
    rf"\b(?:which|that|this|it|all of (?:which|this|that)){_SOFTLY} {_WRONG}$"
    r"|\b(?:is|are|would be) (?:exactly |just )?(?:what|something|the thing)(?: that)? (?:i|we|you|one) "
    r"(?:would|should|must|will|do) (?:not|never) (?:ever )?(?:do|say|want|recommend|suggest)$"
)
_REJECTED_AS_SUBJECT = re.compile(
    rf"^(?:but |and |so )?(?:(?:whoever|anyone who|anybody who|everyone who|people who|those who) {_SAYS} that"
    rf"|the {_VIEW} that|(?:saying|claiming|thinking|to say|to claim|to think) that)\b.*"
    rf"\b(?P<tail>is|are|would be|was){_SOFTLY} (?:{_WRONG}|mistaken|lying|confused)$"
)
_OR_NOT = re.compile(
    r"^(?:(?:well|so|i think|or) )*(?:maybe|perhaps|possibly|either|(?:it )?(?:could|may|might|can) be(?: that)?)\b.*"
    r"\b(?P<tail>or|maybe|perhaps)(?: (?:it|maybe|perhaps|could|may|might|be|that|is|also|just|exactly|the|rather))* "
    r"(?:not|opposite|reverse|contrary|other way (?:round|around))(?: i (?:can|could|do) not (?:tell|know|say|decide))?$"
)
_DENIES_LAST = re.compile(
    rf"^(?:no |but |and |well |actually )*(?:(?:this|that|it|the last|the statement|the claim){_SOFTLY} {_WRONG}"
    r"|(?:quite |exactly |just )?the opposite(?: is (?:true|the case))?|not(?: (?:true|so|really))?|wrong|false|a lie"
    r"|i (?:strongly |totally )?disagree|i (?:would|will|do) never (?:do|say|claim) (?:that|this|it|so)"
    r"|(?:this|that|it) (?:is|would be) (?:exactly |precisely |just )?what (?:i|we|you|one) (?:would|should|must|do|will) "
    r"(?:not|never) (?:do|say|recommend))$"
)
_DENIES_ALL = re.compile(
    rf"^(?:no |but |and |actually |well |in fact |just |only |kidding |joking )*"
    rf"(?:none of (?:this|that|the above|it|these)(?: \w+)?{_SOFTLY} (?:true|right"
    r"|correct|the case)"
    rf"|(?:all|everything)(?: \w+){{0,4}}{_SOFTLY} {_WRONG}"
    r"|i (?:would |will |do )*(?:do|believe|mean|recommend|say) none of (?:this|that|it|these|the above)"
    r"|(?:do |say )?(?:the )?(?:exact )?(?:opposite|reverse|contrary) of (?:all|everything)(?: (?!is\b)\w+){0,4}"
    r"(?: is (?:true|right))?"
    r"|(?:please )?forget (?:all|everything)(?: (?!is\b)\w+){0,3}(?: the (?:opposite|reverse|contrary) is (?:true|right))?)$"
)
_FOLLOWING = r"the following(?: (?:statements?|sentences?|claims?|things?|points?|answers?|text))?"
_DENIES_NEXT = re.compile(
    rf"^(?:so |well |ok )*(?:none of {_FOLLOWING} (?:is|are|was|holds)(?: really)?(?: (?:true|right|correct|so|the case))?"
    rf"|(?:all(?: of)? )?{_FOLLOWING}{_SOFTLY} {_WRONG}|(?:\w+ ){{0,5}}{_FOLLOWING} which{_SOFTLY} {_WRONG}"
    rf"|the (?:opposite|reverse|contrary) of (?:all )?(?:of )?{_FOLLOWING} (?:is|are|holds)(?: (?:true|right|correct|so))?)\b"
)
_INTRODUCES_WRONG = re.compile(
    r"^(?:so |well |ok )*(?:here is |this is )?(?:what (?:i|we|you|one) (?:would|should|must) (?:not|never) (?:do|say)"
    r"|(?:a|the|one) (?:common |typical |popular |usual )*(?:wrong|false|mistaken) (?:answer|belief|idea|view)"
    r"(?: (?:is|goes|would be|like|this|that|here))*)\b"
)
_TURNS = frozenset(("instead", "actually", "rather", "but", "however", "correct", "really"))
_TURN = re.compile(r"^(?:in (?:fact|truth|reality)|what is (?:right|true)|the truth|i would)\b")


def denies_next(words: Sequence[str]) -> bool:
    """Whether a sentence denies those that follow it ("none of the following is true"), until one turns round."""
    return _DENIES_NEXT.search(" ".join(words)) is not None


def turns_round(words: Sequence[str]) -> bool:
    """Whether a sentence begins with what ends such a denial ("in fact", "instead")."""
    return words[0] in _TURNS or _TURN.search(" ".join(words)) is not None


def negated(words: Sequence[str], breaks: Sequence[str]) -> tuple[bool, ...]:
    """For each word, whether it is denied. `breaks[i]` is the punctuation before word i: `""`, `","` or `";"`."""
    counts = [0] * len(words)
    skip: set[int] = set()
    for scope in _rejections(words, breaks):
        skip.update(scope.cue)
        for i in scope.covered:
            counts[i] += 1
    return _parity(counts, words, breaks, skip)


def rejected(words: Sequence[str], breaks: Sequence[str]) -> tuple[bool, ...]:
    """For each word, whether it belongs to a statement that is rejected as a whole: "it is not true that ...",
    "..., which is wrong". Whoever rejects a statement has stated nothing else instead of it."""
    inside = {i for scope in _rejections(words, breaks) for i in scope.covered}
    return tuple(i in inside for i in range(len(words)))


def _rejections(words: Sequence[str], breaks: Sequence[str]) -> list[_Scope]:
    joined = " ".join(words)
    if denied := _DENIED_AT_END.search(joined):
        first = joined.count(" ", 0, denied.start())
        return [_Scope(range(first, len(words)), range(first))]
    if denied := _REJECTED_AS_SUBJECT.search(joined) or _OR_NOT.search(joined):
        first = joined.count(" ", 0, denied.start("tail"))
        return [_Scope(range(first, len(words)), range(first))]
    return _wide_scopes(joined, breaks)


class _Scope(NamedTuple):
    cue: range  # the words that deny
    covered: range  # what they deny: up to the next such words or the end


def _wide_scopes(joined: str, breaks: Sequence[str]) -> list[_Scope]:
    """The scopes of "it is not true that", "people think" and the like."""
    found = sorted(
        (m.start(), m.end())
        for p in (_SENTENCE_WIDE, _SAID_BY_OTHERS, _DENIES_NEXT, _INTRODUCES_WRONG)
        for m in p.finditer(joined)
        if not (_TWICE.match(m.group()) and joined[: m.start()].endswith(("not ", "never ")))
    )
    cues = [range(joined.count(" ", 0, start), joined.count(" ", 0, end) + 1) for start, end in found]
    total = joined.count(" ") + 1
    scopes: list[_Scope] = []
    words = joined.split(" ")
    for i, cue in enumerate(cues):
        stop = max(cue.stop, cues[i + 1].start if i + 1 < len(cues) else total)
        if _OF_A_SUBJECT.match(" ".join(words[cue.start : cue.stop])):
            ends = (j for j in range(cue.stop + 1, stop) if breaks[j] or words[j] in _CONTRASTS)
            stop = next((j for j in ends if _ends_clause(j, words, breaks)), stop)
        scopes.append(_Scope(cue, range(cue.stop, stop)))
    return scopes


def clauses(words: Sequence[str], breaks: Sequence[str]) -> tuple[int, ...]:
    """For each word, the number of the clause it stands in."""
    numbers, number = [], 0
    for i in range(len(words)):
        number += i > 0 and _ends_clause(i, words, breaks)
        numbers.append(number)
    return tuple(numbers)


def denies_before(words: Sequence[str]) -> str:
    """`last` or `all` when the sentence only denies what was said before it, else empty."""
    joined = " ".join(words)
    if _DENIES_LAST.search(joined):
        return "last"
    return "all" if _DENIES_ALL.search(joined) else ""


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
        return any(w.startswith(_BELIEVE) for w in (*before, *after))
    if words[i] == "false" and _VALUES & set(words):
        return False
    return (
        not after
        or not words[i + 1].isalpha()
        or (any(w in BE for w in before) and not after[0].startswith(_FALSE_TERMS))
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
    limit = _SHORT_SCOPE.get(words[i], len(words))
    if words[i] == "no" and words[i + 1 : i + 2] and words[i + 1] in _NO_WAY:  # "by no means"
        limit = _SHORT_SCOPE["not"]
    end = i + 1
    while end < len(words) and end - i <= limit and not (end > i + 1 and _ends_clause(end, words, breaks)):
        end += 1
    return range(i + 1, end)


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
