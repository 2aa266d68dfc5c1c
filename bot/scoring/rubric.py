"""Reads a grading rubric as people write it, into points with weights: one text, a list, objects, a mapping.

Marks may stand anywhere usual ("(2 points)", "2 marks:", "[3]", "+5", "5 points for ..."); a heading's marks belong to
the points below it; of a scale ("excellent: ... poor: ...") the best level is what a full answer says. What takes marks
away, or gives some for less, earns nothing here. Knows neither answers nor scores.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.scoring.lexicon import word_set
from bot.scoring.text import read

MAX_POINTS, MAX_TEXT = 200, 40_000
STATEMENTS = (
    "statement", "text", "description", "desc", "criterion", "criteria", "point", "requirement", "expected", "content",
    "answer", "item", "name", "title", "label", "rubric", "checkpoint", "key",
)  # fmt: skip
"""Names under which people keep what a point says, the most telling first."""
WEIGHTS = (
    "weight", "points", "marks", "max_points", "max_score", "max_marks", "max", "score", "mark", "value", "pts",
    "credit", "worth", "weightage", "maximum", "point",
)  # fmt: skip
"""Names under which people keep what it is worth."""
NESTED = (
    "checkpoints",
    "rubric",
    "rubrics",
    "criteria",
    "points",
    "items",
    "subpoints",
    "sub_points",
    "children",
)
"""Names under which an object keeps points of its own."""

_WORDS = {
    w: float(n)
    for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
} | {"half a": 0.5, "a half": 0.5, "½": 0.5, "¼": 0.25, "¾": 0.75}
_NUMBER = rf"(?:\d+[.,]\d+|\d+\s*/\s*\d+|\d+|{'|'.join(_WORDS)})"
_UNIT = r"(?:points?|pts?\b\.?|marks?|mks?\b\.?|credits?|(?<=\d)p\b\.?|p\b\.?(?=\s*(?:each|for|:)))"
_TIMES = r"(?:\s*(?:each|per \w+|max(?:imum)?|in total))?"
_RANGE = rf"(?:{_NUMBER}\s*(?:-|–|to)\s*)?"
_SIGN = r"(?P<sign>[+\-−–])?\s?"
_MARK = re.compile(
    rf"[(\[{{]\s*(?:worth|max(?:imum)?\.?:?|up to|for|/|=|score:?|marks?:?|points?:?)?\s*{_SIGN}{_RANGE}"
    rf"(?P<a>{_NUMBER})\s*(?:{_UNIT}|%|p)?{_TIMES}\s*[)\]}}]"
    rf"|(?<![\w.,/]){_SIGN.replace('sign', 'sign2')}{_RANGE}(?P<b>{_NUMBER})[\s-]*{_UNIT}{_TIMES}(?![\w])"
    rf"|(?<![\w.,/+)\]])(?P<sign3>[+\-−–])(?P<c>\d+(?:[.,]\d+)?)(?![\w%/.]|,\d)",
    re.IGNORECASE,
)
_SAID = re.compile(rf"\d\s*{_UNIT}", re.IGNORECASE)
_AT_END = re.compile(rf"\s*(?:[:=–—-]|\.{{2,}}|\t)\s*(?P<a>{_NUMBER})\s*$")
_MINUS = "-−–"
_TAKES = re.compile(
    r"^\W*(?:deduct\w*|subtract\w*|minus|penalt\w+|penali[sz]e\w*|los\w+|take (?:off|away)|remove)\b"
    r"|\b(?:deduct(?:ed|ion)?s?|subtract(?:ed)?|penalt(?:y|ies)|penali[sz]ed?)\b|\b(?:points?|marks?|pts?) off\b"
    r"|\blos(?:e|es|ing) (?:\w+ ){0,2}(?:points?|marks?|pts?)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"^\W*(?:(?:partial|half|some|reduced|part)(?: of the)? (?:credit|marks?|points?)?\b(?:[^a-z]|\b(?:if|for|when|credit)\b)"
    r"|(?:no|zero|0) (?:credit|marks?|points?)\b|(?:zero|incorrect|otherwise|none)\s*[:(])",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"^\W*(?:full|all|maximum|max|top|complete)\s+(?:credit|marks?|points?|score)\b\s*"
    r"(?:(?:only )?(?:if|for|when)\b|[:,-])?\s*",
    re.IGNORECASE,
)
_SCALE = re.compile(
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
_MARKER = re.compile(
    r"^(?P<indent>\s*)(?:#+\s*)?(?P<marker>[-*•·–▪◦]\s+|\(?\d{1,2}(?:[.)]|\.\d+\.?)\s+(?!(?:points?|pts?|marks?|p)\b)|\(?[a-h][.)]\s*(?=\S)"
    r"|\(?[ivx]{1,4}[.)]\s+|(?:part|point|criterion|step|item|q|p)\s*\.?\s*(?:\d{1,2}|[a-h])\s*[:.)]\s*)?",
    re.IGNORECASE,
)
_ENUMERATED = re.compile(r"(?:(?<=\s)|^)\(?(?P<label>\d{1,2}|[a-h]|[ivx]{1,4})[.)]\s+(?=\S)")
_ORDERS = (
    tuple("abcdefgh"),
    tuple(map(str, range(1, 31))),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
)
_ALSO = re.compile(
    r"^\W*(?:also )?(?:accept(?:able|ed)?|alternatively|or|alternative)\b(?: also)?\W*", re.IGNORECASE
)
_ANY_OF = re.compile(
    rf"\b(?:any|at least|choose|pick|mention(?:s|ing)?|name[sd]?|naming|giv(?:es?|ing)|list(?:s|ing)?|for)?\s*(?:any\s+)?"
    rf"(?P<n>{_NUMBER})\s+(?:\w+\s+)?(?:of|from)(?:\s+(?:the\s+)?(?:following|these|below|list))?\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"^\W*(?:if|when|unless|for (?:each |every |any )?(?:missing|wrong|incorrect|not|mistake|error|omit)|missing|wrong"
    r"|incorrect|not|mistake|error|no\b|fails?|forg[eo]t|omits?|omitt|without|lacks?)",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"^\W*(?:if|when|for|because)?\s*(?:(?:the )?(?:student|answer|response|candidate|solution|it|they)s?\s+)?"
    r"(?:(?:does|do|did|is|are|was)\s*(?:not|n't)\s+(?:mention\w*|explain\w*|stat\w+|includ\w+|giv\w+|discuss\w*|nam\w+)"
    r"|(?:fail\w*|forg[eo]t\w*|omit\w*|neglect\w*)\s*(?:to (?:mention|explain|state|include|give|discuss|name))?"
    r"|(?:it (?:is|was) )?missing(?: that)?|lack\w*|without|no(?: mention of)?)[\s:]+"
    r"|\s+(?:is|are|was|were)?\s*(?:missing|omitted|absent"
    r"|not (?:mentioned|explained|stated|included|given|discussed|named))\W*$"
    r"|\b(?:is|are|was|were) not (?=(?:described|explained|shown|given|identified|named|recogni[sz]ed) )",
    re.IGNORECASE,
)
_GRADED = re.compile(
    r"\b(?:award(?:s|ed)?|give(?:s|n)?|grant(?:s|ed)?|worth|receives?|gets?|earns?|allot(?:ted)?|assign(?:ed)?|add|each|for|is|=)\W*$",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\W*\b(?:(?:and|or|plus|award|give|grant|add|up to|deduct|subtract|minus|lose|take off|worth|another|further)\W*)+$",
    re.IGNORECASE,
)
"""Words before a mark that belong to it."""
_UP_TO = re.compile(r"\b(?:award|give|grant|add|up to|maximum(?: of)?|max\.?|at most|worth)\b", re.IGNORECASE)
_NEXT_TAKES = re.compile(r"\b(?:deduct|subtract|minus|lose|take off|penalty(?: of)?)\W*$", re.IGNORECASE)
_TRIM = " \t\n,;:.-–—=|*_\"'"


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


def read_rubric(value: object) -> tuple[Criterion, ...]:
    """The points of a rubric in any of its usual forms. Raises NotARubric for what is none; nothing that earns is ()."""
    found = _finish(_criteria(value, 0))
    if len(found) > MAX_POINTS:
        raise NotARubric(f"more than {MAX_POINTS} points")
    return found


def _criteria(value: object, depth: int) -> list[Criterion]:
    if depth > 4:
        raise NotARubric("nested too deeply")
    if value is None:
        return []
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise NotARubric(f"a text of more than {MAX_TEXT} characters")
        inside = _written_as_data(value)
        return _of_text(value) if inside is None else _criteria(inside, depth + 1)
    if isinstance(value, Mapping):
        return _of_object(value, depth)
    if isinstance(value, Sequence):
        if len(value) == 1 and isinstance(value[0], str):
            return _criteria(value[0], depth + 1)
        return [c for one in value for c in _of_item(one, depth)]
    raise NotARubric("give a text, a list of texts or of objects, or an object {text: points}")


def _of_item(value: object, depth: int) -> list[Criterion]:
    """An entry of a list: one point, or several where it holds several marks or lines."""
    if isinstance(value, list | tuple) and len(value) == 2:
        number, text = next(
            ((n, t) for t, n in (value, value[::-1]) if isinstance(t, str) and _is_number(n)), (None, "")
        )
        if text:
            return [Criterion(_clean(text), _number(number))]
    if isinstance(value, str):
        found = _criteria(value, depth + 1)
        if len(found) > 1 and not _MARK.search(value) and "\n" not in value.strip():
            return [Criterion(_clean(value))]
        return found
    if isinstance(value, bool | int | float):
        raise NotARubric('give texts or objects such as {"statement": "...", "weight": 2}, no bare numbers')
    return _criteria(value, depth + 1)


def _of_object(value: Mapping[Any, Any], depth: int) -> list[Criterion]:
    named = {str(k).strip().lower().replace(" ", "_"): v for k, v in value.items()}
    inner = next((named[k] for k in NESTED if isinstance(named.get(k), list | dict)), None)
    statement = _statement(named)
    marks = next((n for k in WEIGHTS if k in named and (n := _number(named[k])) is not None), None)
    if inner is not None:
        return _shared(Criterion(statement, marks), _criteria(inner, depth + 1))
    if statement and (set(named) & set(STATEMENTS)) and not _is_mapping(value):
        others = {k: v for k, v in named.items() if k not in STATEMENTS and k not in WEIGHTS}
        if marks is None and not any(named.get(k) for k in ("any_of", "all_of")):
            if any(_is_mark(m, statement) for m in _MARK.finditer(statement)):
                return [replace(c, others=others) for c in _of_text(statement)]
            return [Criterion(_clean(statement), None, others=others)]
        if marks is not None and (marks <= 0 or _TAKES.search(statement)):
            return [Criterion(_clean(_without_marks(statement)), abs(marks), takes=True)]
        return [Criterion(_clean(_without_marks(statement)), marks, others=others)]
    if value and set(named) <= set(WEIGHTS) | {"id", "kind"}:
        raise NotARubric('an object of a point needs its text: {"statement": "...", "weight": 2}')
    return _of_mapping(value, depth)


def _statement(named: Mapping[str, Any]) -> str:
    texts = [
        str(named[k]).strip() for k in STATEMENTS if isinstance(named.get(k), str) and str(named[k]).strip()
    ]
    if not texts:
        return ""
    title = next(
        (str(named[k]).strip() for k in ("criterion", "name", "title") if isinstance(named.get(k), str)), ""
    )
    if title and title != texts[0] and not _is_heading(title) and title.lower() not in texts[0].lower():
        return f"{title}: {texts[0]}"
    return texts[0]


def _is_mapping(value: Mapping[Any, Any]) -> bool:
    """Whether an object is {text: points}: every value is worth something, and no key is a usual name."""
    return (
        bool(value)
        and all(_is_number(v) for v in value.values())
        and not ({str(k).strip().lower() for k in value} <= set(STATEMENTS) | set(WEIGHTS))
    )


def _of_mapping(value: Mapping[Any, Any], depth: int) -> list[Criterion]:
    """{text: points}, {name: text}, {level: text} or {name: object}."""
    if not value:
        return []
    numbers = [_number(k) for k in value]
    texts = all(isinstance(v, str) and not _is_number(v) for v in value.values())
    if texts and len(value) > 1:
        keys = [str(k) for k in value]
        scale = [_SCALE.match(f"{k}:") for k in keys]
        known = [n for n in numbers if n is not None]
        if len(known) == len(numbers) and (
            0 in known or known != sorted(known) or len(set(known)) < len(known)
        ):
            best = max(range(len(known)), key=lambda i: known[i])
            return [replace(c, marks=None) for c in _of_text(str(value[list(value)[best]]))]
        if all(scale):
            return [replace(c, marks=None) for c in _of_text(str(value[list(value)[_best_level(scale)]]))]
    found: list[Criterion] = []
    for key, inside in value.items():
        name = str(key).strip()
        if _is_number(inside):
            marks = _number(inside)
            read_as = _of_text(name)
            takes = (marks or 0) < 0 or _TAKES.search(name) is not None
            one = read_as[0] if len(read_as) == 1 else Criterion(_clean(name))
            found.append(replace(one, marks=abs(marks or 0.0), takes=takes or one.takes))
        elif isinstance(inside, str):
            inner = _of_text(inside)
            found += inner
        elif isinstance(inside, list | dict):
            below = _criteria(inside, depth + 1)
            number = next((_number(m) for m in _marks_in(name)), None)
            if isinstance(inside, dict) and not below and not _is_heading(name):
                worth = next((n for k in WEIGHTS if (n := _number(inside.get(k))) is not None), None)
                below = [Criterion(_clean(_without_marks(name)), worth)] if worth is None or worth > 0 else []
            found += _shared(Criterion("", number), below)
        elif inside is not None:
            raise NotARubric(f"{name!r}: give its points as a number, or a text")
    return found


def _of_text(text: str) -> list[Criterion]:
    """The points of a rubric written as text."""
    entries = [e for line in _lines(text) for e in _entries(line)]
    entries = _of_scale(entries)
    entries = _joined(entries)
    found: list[Criterion] = []
    i = 0
    while i < len(entries):
        head = entries[i]
        j = i + 1
        while j < len(entries) and entries[j].depth > head.depth:
            j += 1
        below = entries[i + 1 : j]
        if below:
            found += _with_below(head, below)
            i = j
            continue
        found += _single(head)
        i += 1
    earning = [c for c in found if c.statement]
    if len(earning) == 1 and earning[0].marks is None and not earning[0].options:
        return _sentences(earning[0])
    return earning


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line or a part of one. `depth`: how far below others it stands."""

    text: str
    marks: float | None
    depth: int
    takes: bool = False
    each: bool = False
    marked: bool = False  # it began with a bullet or a number


def _lines(text: str) -> list[tuple[int, str, bool]]:
    """(depth, text, began with a marker) of each line; enumerations inside a line become lines of their own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("**", "").replace("__", " ")
    text = text.replace("\\n", "\n") if "\n" not in text else text
    rows = [r for line in text.split("\n") for r in _enumerated(line) if r.strip(" |-=_*")]
    dashes = _dashes_are_bullets(rows)
    seen: list[tuple[int, str]] = []
    found: list[tuple[int, str, bool]] = []
    for row in rows:
        row = _of_table(row) if row.strip().startswith("|") else row.expandtabs(4) if row[:1] == "\t" else row
        if not row.strip():
            continue
        match = _MARKER.match(row)
        assert match is not None
        marker, body = match.group("marker") or "", row[match.end() :]
        if marker.strip() in ("-", "–") and not dashes and re.match(rf"{_NUMBER}\b", body):
            marker, body = "", f"-{body}"
        place = (len(match.group("indent")), _kind_of(marker))
        if place in seen:
            seen = seen[: seen.index(place) + 1]
        else:
            while seen and (seen[-1][0] > place[0] or (seen[-1][0] == place[0] and not place[1])):
                seen.pop()
            seen.append(place)
        found.append((len(seen) - 1, body.strip(), bool(marker)))
    return found


def _dashes_are_bullets(rows: Sequence[str]) -> bool:
    """Whether "- 5 points for ..." is a bullet and not a penalty: no such line names a fault, and they all begin so."""
    after = [re.match(rf"\s*[-–]\s+{_NUMBER}\s*(?:{_UNIT})?(?P<rest>.*)", r, re.IGNORECASE) for r in rows]
    dashed = [m for m in after if m]
    return bool(dashed) and not any(_FAULT.match(m.group("rest")) for m in dashed)


def _kind_of(marker: str) -> str:
    bare = marker.strip(" ().:\t").lower()
    if not bare:
        return "" if not marker.strip() else "*"
    if bare[0].isdigit():
        return "1" if "." not in bare else "1.1"
    if not bare.isalpha() or len(bare) > 4:
        return "word" if bare[:1].isalpha() else "*"
    return "i" if (bare in _ORDERS[2] and len(bare) > 1) or bare == "i" else "a"


def _enumerated(line: str) -> list[str]:
    """A line cut where it counts ("a) ... b) ...", "1. ... 2. ...")."""
    places = list(_ENUMERATED.finditer(line))
    for order in _ORDERS:
        cuts: list[int] = []
        for place in places:
            if len(cuts) < len(order) and place.group("label").lower() == order[len(cuts)]:
                cuts.append(place.start())
        if len(cuts) >= 2:
            indent = re.match(r"\s*", line).group()  # type: ignore[union-attr]
            deeper = indent + "  " if line[: cuts[0]].strip() else indent
            ends = [*cuts[1:], len(line)]
            head = [line[: cuts[0]]] if line[: cuts[0]].strip() else []
            return head + [deeper + line[a:b].strip() for a, b in zip(cuts, ends, strict=True)]
    return [line]


def _of_table(row: str) -> str:
    """A row of a Markdown table as a line with its marks."""
    cells = [c.strip() for c in row.strip().strip("|").split("|")]
    numbers = [c for c in cells if _is_number(c)]
    words = [c for c in cells if not _is_number(c) and not re.fullmatch(r":?-+:?", c)]
    if not numbers:
        return "" if len(cells) > 1 else row
    return f"{': '.join(words)} ({numbers[-1]})"


def _entries(line: tuple[int, str, bool]) -> list[_Entry]:
    """The parts of a line, each with its marks. Marks open their part ("2 points: ...") or close it ("... (2)")."""
    depth, text, marked = line
    marks = [m for m in _MARK.finditer(text) if _is_mark(m, text)]
    if len(marks) > 1 and text[: marks[0].start()].strip(_TRIM) and re.match(r"\W*:", text[marks[0].end() :]):
        head = _entry(text[: marks[0].start()], *_value_of(marks[0]), depth, marked)
        return [head, *_entries((depth + 1, text[marks[0].end() :].lstrip(_TRIM + ")]"), True))]
    bracketed = [m for m in marks if m.group("a")]
    if (
        marks
        and bracketed
        and marks[0] is not bracketed[0]
        and not _UP_TO.sub("", text[: marks[0].start()]).strip(_TRIM)
    ):
        head = _entry("", *_value_of(marks[0]), depth, marked)
        return [head, *_entries((depth + 1, text[marks[0].end() :].lstrip(_TRIM), True))]
    marks = bracketed or marks  # beside marks in brackets other numbers are content
    if not marks:
        at_end = _AT_END.search(text)
        if at_end and len(text[: at_end.start()].split()) > 1 and not _is_heading(text):
            return [_entry(text[: at_end.start()], at_end.group("a"), "", depth, marked)]
        pieces = [p for p in re.split(r";\s+", text) if p.strip(_TRIM)] if text.count(";") >= 1 else [text]
        return [_entry(p, None, "", depth, marked or k > 0) for k, p in enumerate(pieces)]
    opens = not _UP_TO.sub("", text[: marks[0].start()]).strip(_TRIM) or (
        _GRADED.search(text[: marks[0].start()]) is not None
        and len(text[: marks[0].start()].split()) <= 3
        and text[marks[0].end() :].strip(_TRIM) != ""
    )
    found: list[_Entry] = []
    for k, mark in enumerate(marks):
        before = 0 if k == 0 else marks[k - 1].end()
        after = marks[k + 1].start() if k + 1 < len(marks) else len(text)
        if opens:
            body = _NEXT.sub("", text[mark.end() : after]) if k + 1 < len(marks) else text[mark.end() : after]
        else:
            body = text[before : mark.start()]
            if k + 1 == len(marks):
                rest = text[mark.end() :]
                rest = "" if _MARK.search(rest) else rest
                body += (": " if rest.lstrip(" *").startswith(":") else " ") + rest.lstrip(_TRIM)
        takes = opens and bool(_NEXT_TAKES.search(text[before : mark.start()]))
        value, sign = _value_of(mark)
        entry = _entry(body, value, sign, depth, marked, each="each" in mark.group().lower())
        found.append(replace(entry, takes=entry.takes or takes))
    return found


def _is_mark(match: re.Match[str], text: str) -> bool:
    """Whether a number that looks like marks is: with a unit, or where marks stand; "two points in a plane" are none."""
    before, after = text[: match.start()], text[match.end() :]
    first = not before.strip(_TRIM + "(")
    last = not after.strip(_TRIM + ")]")
    if match.group("c"):
        if match.group("sign3") == "+":
            return first or last
        return (
            last
            or re.match(r"\s*(?:if|for|when|unless|each|per|:)\b", after) is not None
            or bool(_FAULT.match(after))
        )
    if match.group("a"):
        unit = re.search(_UNIT, match.group(), re.IGNORECASE) is not None or any(
            c in match.group() for c in "+-−/%"
        )
        return unit or first or last or re.match(r"\s*(?:[.;,:]|[A-Z])", after) is not None
    if re.match(r"\s*(?:[:=–-]|(?:for|if|when|each)\b)", after) or (first and match.group("b")[0].isdigit()):
        return True
    return _GRADED.search(before) is not None or (last and before.rstrip()[-1:] in tuple(":-–=,;.("))


def _value_of(match: re.Match[str]) -> tuple[str, str]:
    number = match.group("a") or match.group("b") or match.group("c")
    sign = match.group("sign") or match.group("sign2") or match.group("sign3") or ""
    return number, sign


def _entry(body: str, number: str | None, sign: str, depth: int, marked: bool, each: bool = False) -> _Entry:
    takes = (sign in _MINUS and bool(sign)) or bool(_TAKES.search(body))
    return _Entry(_clean(body), _number(number), depth, takes, each, marked)


def _of_scale(entries: list[_Entry]) -> list[_Entry]:
    """Of levels of quality, the best one alone."""
    levels = [
        (i, m)
        for i, e in enumerate(entries)
        if (m := _SCALE.match(f"{e.text}: " if len(e.text) < 25 else e.text))
    ]
    if len(levels) < 2 or len({e.depth for e in entries}) > 2:
        return entries
    best = levels[_best_level([m for _, m in levels])][0]
    inside = {i for i, _ in levels}
    kept = []
    current = -1
    for i, entry in enumerate(entries):
        current = i if i in inside else current
        if current in (-1, best):
            text = _SCALE.sub("", entry.text, count=1)
            kept.append(replace(entry, text=_clean(text)) if i == best else entry)
    return kept


def _best_level(scale: Sequence[re.Match[str] | None]) -> int:
    def rank(i: int) -> tuple[float, int]:
        match = scale[i]
        assert match is not None
        return (float(match.group("n")) if match.group("n") else 0.0, 1 if match.group("best") else 0)

    return max(range(len(scale)), key=lambda i: (rank(i), -i))


def _joined(entries: list[_Entry]) -> list[_Entry]:
    """Lines that go on the one before them become part of it."""
    marks = any(e.marks is not None for e in entries)
    found: list[_Entry] = []
    for entry in entries:
        goes_on = found and not entry.marked and entry.marks is None and not entry.text.endswith(":")
        if goes_on and (
            entry.text[:1].islower()
            or (marks and found[-1].marks is not None and not _ALSO.match(entry.text))
        ):
            last = found[-1]
            if not last.takes:
                found[-1] = replace(last, text=f"{last.text} {entry.text}".strip())
            continue
        found.append(entry)
    return found


def _single(entry: _Entry) -> list[Criterion]:
    if entry.takes or (entry.marks is not None and entry.marks < 0):
        return [Criterion(entry.text, entry.marks, takes=True)]
    if _LESS.match(entry.text) or entry.marks == 0:
        return []
    text = _FULL.sub("", entry.text)
    if not text or _is_heading(text) or not re.search(r"\w", text):
        return []
    number = _ANY_OF.search(text)
    if number and (count := _number(number.group("n"))) and ":" in text:
        options = _listed(text.split(":", 1)[1])
        if len(options) > count:
            worth = None if entry.marks is None else entry.marks * (count if entry.each else 1)
            return [Criterion(text, worth, options, int(count))]
    if entry.each and entry.marks and ":" in text:
        options = _listed(text.split(":", 1)[1])
        if len(options) > 1:
            return [Criterion(o, entry.marks) for o in options]
    either = tuple(o for part in re.split(r"\s+OR\s+", text) if (o := _clean(part)))
    if len(either) > 1:
        return [Criterion(text, entry.marks, either)]
    return [Criterion(text, entry.marks)]


def _listed(text: str) -> tuple[str, ...]:
    pattern = r"[;,]\s*(?:and\b|or\b)?" if re.search("[;,]", text) else r"\b(?:and|or)\b"
    return tuple(o for part in re.split(pattern, text) if (o := _clean(part)))


def _with_below(head: _Entry, below: Sequence[_Entry]) -> list[Criterion]:
    """A line with others below it: alternatives, a choice, or its own points."""
    if head.takes:
        return [Criterion(head.text, head.marks, takes=True)]
    if _LESS.match(head.text):
        return []
    also = [e for e in below if _ALSO.match(e.text)]
    if also and len(also) == len(below):
        options = (head.text, *(_clean(_ALSO.sub("", e.text)) for e in also))
        return [Criterion(head.text, head.marks, tuple(o for o in options if o))]
    inner = [c for c in _nested(below) if c.statement and not c.takes]
    number = _ANY_OF.search(head.text)
    if number and inner and (count := int(_number(number.group("n")) or 0)) and count < len(inner):
        worth = head.marks * (count if head.each else 1) if head.marks is not None else None
        if worth is None and inner[0].marks is not None:
            worth = inner[0].marks * count
        return [Criterion(head.text, worth, tuple(c.statement for c in inner), count)]
    if head.each and head.marks is not None:
        return [replace(c, marks=head.marks if c.marks is None else c.marks) for c in inner]
    return _shared(Criterion(_clean(_FULL.sub("", head.text)), head.marks), inner)


def _nested(below: Sequence[_Entry]) -> list[Criterion]:
    least = min(e.depth for e in below)
    found: list[Criterion] = []
    i = 0
    while i < len(below):
        j = i + 1
        while j < len(below) and below[j].depth > least:
            j += 1
        found += _with_below(below[i], below[i + 1 : j]) if j > i + 1 else _single(below[i])
        i = j
    return found


def _shared(head: Criterion, below: list[Criterion]) -> list[Criterion]:
    """The marks of a heading go to the points below it, in equal shares where these have none of their own."""
    if not below:
        return [head] if head.statement and not _is_heading(head.statement) else []
    given = [c.marks for c in below if c.marks is not None]
    if not given:
        return below if head.marks is None else [replace(c, marks=head.marks / len(below)) for c in below]
    left = (head.marks or 0.0) - sum(given)
    open_ones = sum(c.marks is None for c in below)
    if left > 1e-9 and open_ones:
        return [replace(c, marks=left / open_ones) if c.marks is None else c for c in below]
    if left > 1e-9 and head.statement and not _is_heading(head.statement):
        return [replace(head, marks=left), *below]
    return below


def _wanted_by(penalty: Criterion) -> Criterion | None:
    """What a penalty for something missing wants; None for other penalties."""
    text = _clean(
        re.sub(r"^\W*(?:deduct\w*|minus|subtract\w*|lose\w*)\W*", "", penalty.statement, flags=re.IGNORECASE)
    )
    bare, missing = _MISSING.subn("", text, count=1)
    bare = re.sub(r"^(?:if|when|for)\s+", "", _clean(bare), flags=re.IGNORECASE)
    return Criterion(bare, abs(penalty.marks or 1.0)) if missing and re.search(r"\w{3}", bare) else None


def _sentences(one: Criterion) -> list[Criterion]:
    document = read(one.statement)
    parts = [_clean(one.statement[s.start : s.end]) for s in document.sentences]
    full = [_clean(_FULL.sub("", p)) for p in parts if not _LESS.match(p)]
    if len(parts) < 2 or any(len(read(p).stems) < 2 for p in full):
        return [one]
    return [Criterion(p) for p in full]


def _finish(found: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Points that earn; one without marks among others with marks counts as their mean. A rubric that only takes marks
    away wants what is not to be missing."""
    whole = [c for c in found if c.statement.strip() and (c.marks is None or c.marks != 0)]
    kept = [c for c in whole if not c.takes] or [w for c in whole if c.takes and (w := _wanted_by(c))]
    given = [c.marks for c in kept if c.marks is not None]
    usual = sum(given) / len(given) if given else None
    return tuple(replace(c, marks=usual) if c.marks is None else c for c in kept)


def is_marked(text: str) -> bool:
    """Whether a text is a rubric by its form: at least two of its points say in words what they are worth, and all of
    them what they want ("1 point for an advantage" leaves that to the text around it)."""
    said = [m for m in _MARK.finditer(text) if _is_mark(m, text) and _SAID.search(m.group())]
    if len(said) < 2:
        return False
    found = [c for c in _of_text(text) if not c.takes]
    return len(found) >= 2 and all(
        c.marks is not None and len(read(essence(c.statement)).stems) >= 2 for c in found
    )


def _is_heading(text: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    return bool(words) and (
        all(w in _HEADING_WORDS or w.isdigit() for w in words) or all(w in _MANNER_WORDS for w in words)
    )


def _marks_in(text: str) -> list[str]:
    return [_value_of(m)[0] for m in _MARK.finditer(text) if _is_mark(m, text)]


def _without_marks(text: str) -> str:
    for match in reversed(list(_MARK.finditer(text))):
        if _is_mark(match, text):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _clean(text: str) -> str:
    text = " ".join(text.split()).strip(_TRIM)
    text = re.sub(r"^for\s+(?=\w)|\s+(?:and|or)$", "", text, flags=re.IGNORECASE)
    return re.sub(r"\s+([,.;:])", r"\1", text)


def _is_number(value: object) -> bool:
    return _number(value) is not None


def _number(value: object) -> float | None:
    """What a value is worth, if it says so: 2, "2", "2 points", "1/2", "50 %", "one"; of a range its upper end."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e6 else None
    text = str(value).strip().lower()
    match = re.fullmatch(
        rf"([+\-−–])?\s*(?:{_NUMBER}\s*(?:-|–|to)\s*)?({_NUMBER})\s*(?:{_UNIT}|%|p)?{_TIMES}", text
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
    return -number if match.group(1) and match.group(1) in _MINUS else number


def _written_as_data(text: str) -> object | None:
    """A list or an object that was written into a text, as JSON or as Python prints it."""
    bare = text.strip()
    if (
        not (bare.startswith(("[{", '["', "['", '{"', "{'", "[[")) and bare.endswith(("]", "}")))
        or len(bare) > 50_000
    ):
        return None
    for reader in (json.loads, ast.literal_eval):
        try:
            value = reader(bare)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, list | dict):
            return value
    return None


_SUBJECT = (
    r"(?:the |a |an |your |their )?(?:students?|answers?|responses?|candidates?|solutions?|explanations?|submissions?|it"
    r"|they)"
)
_SHOULD = r"(?:should|must|needs? to|has to|have to|can|could|may|is expected to|is able to|will|correctly)"
_HOW = r"(?:also|clearly|correctly|explicitly|briefly|properly|accurately|at least|either|both|only|fully|successfully|shortly)"
_DOES = (
    r"(?:mention|explain|stat|describ|identif|discuss|recogni[sz]|indicat|not|point|show|demonstrat|understand|realiz|realis|clarif"
    r"|defin|list|nam|provid|giv|includ|contain|specif|outlin|argu|justif|acknowledg|illustrat|address|refer|observ|conclud|say"
    r"|know|tell|cover|answer|express|not)(?:y|e|s|es|ies|ed|ied|ing|ying)?"
)
_NOUN = (
    r"(?:correct |clear |proper |brief |full |complete |good |accurate |right )?"
    r"(?:explanation|definition|description|mention|statement|identification|discussion|understanding|example|reference|indication"
    r"|recognition|justification|answer)s?"
)
_THAT = r"(?:that|how|why|what|whether|the fact that|about|to|of|for|out|as|the following|where|when)"
_FRAME = re.compile(
    rf"(?:^(?:(?:award |give )?{_NUMBER} ?{_UNIT} (?:for|if|when) )?|(?<=[.;:,(] )|(?<=\band )|(?<=\bor )"
    rf"|(?<=\bif )|(?<=\bwhen )|(?<=\bfor ))"
    rf"(?:(?:full|half|all|partial|some|extra|bonus) (?:marks?|credits?|points?) (?:(?:is|are) (?:given|awarded) )?(?:only )?"
    rf"(?:if|for|when)\b\s*|(?:award(?:s|ed)?|give|grant|credit|points?|marks?)\b (?:for |if |when )+)?"
    rf"(?:if |when |for |by )*(?:{_SUBJECT} )?(?:{_SHOULD} )*(?:{_HOW} )*"
    rf"(?:{_DOES}\b(?: {_HOW})*(?: {_THAT}\b)*|(?:a |an |the )?{_NOUN}(?: {_THAT}\b)+)(?: both\b)?(?=\s|$)",
    re.IGNORECASE,
)
_FRAME_ONLY = re.compile(
    rf"^(?:(?:full|all|half|partial) (?:marks?|credits?|points?) (?:only )?(?:if|for|when) |if |when )?"
    rf"(?:{_SUBJECT} )?(?:{_SHOULD} )*"
    rf"(?:both |{_HOW} )",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def essence(statement: str) -> str:
    """What a point wants to hear, without the words in which rubrics put it ("the student should explain that ...")."""
    bare = _FRAME.sub(" ", statement)
    bare = _FRAME_ONLY.sub(" ", " ".join(bare.split()))
    bare = " ".join(bare.split()).strip(_TRIM)
    return bare if read(bare).stems else statement
