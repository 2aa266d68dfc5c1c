"""Marks in a rubric as people write them: their notations, the words around them, headings, and what a point is.

"(2 points)", "2 marks:", "[3]", "+5", "-3 if ...", "level 4: ...". Patterns and small readers of one line; knows neither
whole texts nor objects (`rubric_text`, `rubric`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.scoring.lexicon import word_set

_WORDS = {
    w: float(n)
    for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
} | {"half a": 0.5, "a half": 0.5, "½": 0.5, "¼": 0.25, "¾": 0.75}
NUMBER = rf"(?:\d+[.,]\d+|\d+\s*/\s*\d+|\d+|{'|'.join(_WORDS)})"
UNIT = r"(?:points?|pts?\b\.?|marks?|mks?\b\.?|credits?|(?<=\d)p\b\.?|p\b\.?(?=\s*(?:each|for|:)))"
_TIMES = r"(?:\s*(?:each|per \w+|max(?:imum)?|in total))?"
_RANGE = rf"(?:{NUMBER}\s*(?:-|–|to)\s*)?"
_SIGN = r"(?P<sign>[+\-−–])?\s?"
MARK = re.compile(
    rf"[(\[{{]\s*(?:worth|max(?:imum)?\.?:?|up to|for|/|=|score:?|marks?:?|points?:?)?\s*{_SIGN}{_RANGE}"
    rf"(?P<a>{NUMBER})\s*(?:{UNIT}|%|p)?{_TIMES}\s*[)\]}}]"
    rf"|(?<![\w.,/]){_SIGN.replace('sign', 'sign2')}{_RANGE}(?P<b>{NUMBER})[\s-]*{UNIT}{_TIMES}(?![\w])"
    rf"|(?<![\w.,/+)\]])(?P<sign3>[+\-−–])(?P<c>\d+(?:[.,]\d+)?)(?![\w%/.]|,\d)",
    re.IGNORECASE,
)
AT_END = re.compile(rf"\s*(?:[:=–—-]|\.{{2,}}|\t)\s*(?P<a>{NUMBER})\s*$")
MINUS = "-−–"
TAKES = re.compile(
    r"^\W*(?:deduct\w*|subtract\w*|minus|penalt\w+|penali[sz]e\w*|los\w+|take (?:off|away)|remove)\b"
    r"|\b(?:deduct(?:ed|ion)?s?|subtract(?:ed)?|penalt(?:y|ies)|penali[sz]ed?)\b|\b(?:points?|marks?|pts?) off\b"
    r"|\blos(?:e|es|ing) (?:\w+ ){0,2}(?:points?|marks?|pts?)\b",
    re.IGNORECASE,
)
LESS = re.compile(
    r"^\W*(?:(?:partial|half|some|reduced|part)(?: of the)? (?:credit|marks?|points?)?\b(?:[^a-z]|\b(?:if|for|when|credit)\b)"
    r"|(?:no|zero|0) (?:credit|marks?|points?)\b|(?:zero|incorrect|otherwise|none)\s*[:(])",
    re.IGNORECASE,
)
FULL = re.compile(
    r"^\W*(?:full|all|maximum|max|top|complete)\s+(?:credit|marks?|points?|score)\b\s*"
    r"(?:(?:only )?(?:if|for|when)\b|[:,-])?\s*",
    re.IGNORECASE,
)
SCALE = re.compile(
    r"^\W*(?:(?:level|score|band|grade)\s*(?P<n>\d+(?:\.\d+)?)|(?P<best>excellent|outstanding|exemplary|full (?:credit|marks?)"
    r"|fully correct|very good)|(?P<rest>good|satisfactory|proficient|adequate|fair|average|developing|basic|limited|poor"
    r"|weak|inadequate|unsatisfactory|partial(?:ly correct)?(?: credit| marks?)?|no (?:credit|marks?)|incorrect|wrong))"
    r"\s*(?:[(\[][^)\]]*[)\]])?\s*[:–—=-]\s*",
    re.IGNORECASE,
)
_HEADING_WORDS = word_set(
    "grading marking scoring assessment total maximum max overall sum rubric rubrics scheme criteria criterion point points "
    "mark marks score scores part question section checkpoint checkpoints guide guideline guidelines key answer task "
    "subtotal of for the this is and out up to each worth a b c d e f g h i ii iii iv v vi start starting begin from with"
)
_MANNER_WORDS = word_set(
    "clarity clear clearly correct correctly terms terminology structure structured presentation grammar spelling style "
    "completeness complete correctness quality overall answer of and the for in"
)
"""Words of criteria that ask how something is said and not what."""
"""Words of which headings are made ("Total: 20 points", "Part a")."""
MARKER = re.compile(
    r"^(?P<indent>\s*)(?:#+\s*)?(?P<marker>[-*•·–▪◦]\s+|\(?\d{1,2}(?:[.)]|\.\d+\.?)\s+(?!(?:points?|pts?|marks?|p)\b)|\(?[a-h][.)]\s*(?=\S)"
    r"|\(?[ivx]{1,4}[.)]\s+|(?:part|point|criterion|step|item|q|p)\s*\.?\s*(?:\d{1,2}|[a-h])\s*[:.)]\s*)?",
    re.IGNORECASE,
)
ENUMERATED = re.compile(r"(?:(?<=\s)|^)\(?(?P<label>\d{1,2}|[a-h]|[ivx]{1,4})[.)]\s+(?=\S)")
ORDERS = (
    tuple("abcdefgh"),
    tuple(map(str, range(1, 31))),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
)
ALSO = re.compile(
    r"^\W*(?:also )?(?:accept(?:able|ed)?|alternatively|or|alternative)\b(?: also)?\W*", re.IGNORECASE
)
ANY_OF = re.compile(
    rf"\b(?:any|at least|choose|pick|mention(?:s|ing)?|name[sd]?|naming|giv(?:es?|ing)|list(?:s|ing)?|for)?\s*(?:any\s+)?"
    rf"(?P<n>{NUMBER})\s+(?:\w+\s+)?(?:of|from)(?:\s+(?:the\s+)?(?:following|these|below|list))?\b",
    re.IGNORECASE,
)
FAULT = re.compile(
    r"^\W*(?:if|when|unless|for (?:each |every |any )?(?:missing|wrong|incorrect|not|mistake|error|omit)|missing|wrong"
    r"|incorrect|not|mistake|error|no\b|fails?|forg[eo]t|omits?|omitt|without|lacks?)",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"^\W*(?:if|when|for|because)?\s*(?:(?:the )?(?:student|answer|response|candidate|solution|it|they)s?\s+)?"
    r"(?:(?:does|do|did|is|are|was)\s*(?:not|n't)\s+(?:mention\w*|explain\w*|stat\w+|includ\w+|giv\w+|discuss\w*|nam\w+)"
    r"|(?:fail\w*|forg[eo]t\w*|omit\w*|neglect\w*)\s*(?:to (?:mention|explain|state|include|give|discuss|name))?"
    r"|(?:it (?:is|was) )?missing(?: that)?|lack\w*|without|no(?: mention of)?)[\s:]+"
    r"|\s+(?:is|are|was|were)?\s*(?:missing|omitted|absent"
    r"|not (?:mentioned|explained|stated|included|given|discussed|named))\W*$"
    r"|\b(?:is|are|was|were) not (?=(?:described|explained|shown|given|identified|named|recogni[sz]ed) )",
    re.IGNORECASE,
)
GRADED = re.compile(
    r"\b(?:award(?:s|ed)?|give(?:s|n)?|grant(?:s|ed)?|worth|receives?|gets?|earns?|allot(?:ted)?|assign(?:ed)?|add|each|for|is|=)\W*$",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"\W*\b(?:(?:and|or|plus|award|give|grant|add|up to|deduct|subtract|minus|lose|take off|worth|another|further)\W*)+$",
    re.IGNORECASE,
)
"""Words before a mark that belong to it."""
UP_TO = re.compile(r"\b(?:award|give|grant|add|up to|maximum(?: of)?|max\.?|at most|worth)\b", re.IGNORECASE)
NEXT_TAKES = re.compile(r"\b(?:deduct|subtract|minus|lose|take off|penalty(?: of)?)\W*$", re.IGNORECASE)
TRIM = " \t\n,;:.-–—=|*_\"'"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A point of a rubric. `marks`: what it is worth, None when the rubric does not say. With `options`, `choose` of
    them make it full."""

    statement: str
    marks: float | None = None
    options: tuple[str, ...] = ()
    choose: int = 1
    takes: bool = False  # it takes its marks away
    others: Mapping[str, Any] = field(default_factory=dict)  # what else its object held


class NotARubric(ValueError):
    """A value that cannot be read as a rubric; the message says what to write instead."""


def is_mark(match: re.Match[str], text: str) -> bool:
    """Whether a number that looks like marks is: with a unit, or where marks stand; "two points in a plane" are none."""
    before, after = text[: match.start()], text[match.end() :]
    first = not before.strip(TRIM + "(")
    last = not after.strip(TRIM + ")]")
    if match.group("c"):
        if match.group("sign3") == "+":
            return first or last
        return (
            last
            or re.match(r"\s*(?:if|for|when|unless|each|per|:)\b", after) is not None
            or bool(FAULT.match(after))
        )
    if match.group("a"):
        unit = re.search(UNIT, match.group(), re.IGNORECASE) is not None or any(
            c in match.group() for c in "+-−/%"
        )
        return unit or first or last or re.match(r"\s*(?:[.;,:]|[A-Z])", after) is not None
    if re.match(r"\s*(?:[:=–-]|(?:for|if|when|each)\b)", after) or (first and match.group("b")[0].isdigit()):
        return True
    return GRADED.search(before) is not None or (last and before.rstrip()[-1:] in tuple(":-–=,;.("))


def value_of(match: re.Match[str]) -> tuple[str, str]:
    """The number and the sign of a match of `MARK`, as they were written; the sign may be empty."""
    number = match.group("a") or match.group("b") or match.group("c")
    sign = match.group("sign") or match.group("sign2") or match.group("sign3") or ""
    return number, sign


def is_heading(text: str) -> bool:
    """Whether a line only names a part ("Total: 20 points") or a manner of speaking, and nothing to say."""
    words = re.findall(r"\w+", text.lower())
    return bool(words) and (
        all(w in _HEADING_WORDS or w.isdigit() for w in words) or all(w in _MANNER_WORDS for w in words)
    )


def marks_in(text: str) -> list[str]:
    """The numbers of all marks in a text, as they were written."""
    return [value_of(m)[0] for m in MARK.finditer(text) if is_mark(m, text)]


def without_marks(text: str) -> str:
    """The text with its marks cut out."""
    for match in reversed(list(MARK.finditer(text))):
        if is_mark(match, text):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def clean(text: str) -> str:
    """One line without the punctuation and the joining words that marks leave behind."""
    text = " ".join(text.split()).strip(TRIM)
    text = re.sub(r"^for\s+(?=\w)|\s+(?:and|or)$", "", text, flags=re.IGNORECASE)
    return re.sub(r"\s+([,.;:])", r"\1", text)


def is_number(value: object) -> bool:
    """Whether a value says what something is worth."""
    return number_in(value) is not None


def number_in(value: object) -> float | None:
    """What a value is worth, if it says so: 2, "2", "2 points", "1/2", "50 %", "one"; of a range its upper end."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e6 else None
    text = str(value).strip().lower()
    match = re.fullmatch(
        rf"([+\-−–])?\s*(?:{NUMBER}\s*(?:-|–|to)\s*)?({NUMBER})\s*(?:{UNIT}|%|p)?{_TIMES}", text
    )
    if match is None:
        return None
    word = match.group(2)
    if word in _WORDS:
        number = _WORDS[word]
    elif "/" in word:
        top, bottom = (float(x) for x in word.split("/"))
        number = top / bottom if bottom and top < bottom and top == 1 else top
    else:
        number = float(word.replace(",", "."))
    return -number if match.group(1) and match.group(1) in MINUS else number
