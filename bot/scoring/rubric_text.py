"""Reads a rubric that is one text: lines, sub-points, tables, scales, choices, and marks that belong to a heading.

Gives points with weights, signs and penalties; what becomes of penalties is `rubric`'s to say. Knows no objects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.scoring.rubric_marks import (
    ALSO,
    ANY_OF,
    AT_END,
    ENUMERATED,
    FAULT,
    FULL,
    GRADED,
    LESS,
    MARK,
    MARKER,
    MINUS,
    MISSING,
    NEXT,
    NEXT_TAKES,
    NUMBER,
    ORDERS,
    SCALE,
    TAKES,
    TRIM,
    UNIT,
    UP_TO,
    Criterion,
    clean,
    is_heading,
    is_mark,
    is_number,
    number_in,
    value_of,
)
from bot.scoring.text import read


def criteria_of(text: str) -> list[Criterion]:
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
        match = MARKER.match(row)
        assert match is not None
        marker, body = match.group("marker") or "", row[match.end() :]
        if marker.strip() in ("-", "–") and not dashes and re.match(rf"{NUMBER}\b", body):
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
    after = [re.match(rf"\s*[-–]\s+{NUMBER}\s*(?:{UNIT})?(?P<rest>.*)", r, re.IGNORECASE) for r in rows]
    dashed = [m for m in after if m]
    return bool(dashed) and not any(FAULT.match(m.group("rest")) for m in dashed)


def _kind_of(marker: str) -> str:
    bare = marker.strip(" ().:\t").lower()
    if not bare:
        return "" if not marker.strip() else "*"
    if bare[0].isdigit():
        return "1" if "." not in bare else "1.1"
    if not bare.isalpha() or len(bare) > 4:
        return "word" if bare[:1].isalpha() else "*"
    return "i" if (bare in ORDERS[2] and len(bare) > 1) or bare == "i" else "a"


def _enumerated(line: str) -> list[str]:
    """A line cut where it counts ("a) ... b) ...", "1. ... 2. ...")."""
    places = list(ENUMERATED.finditer(line))
    for order in ORDERS:
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
    numbers = [c for c in cells if is_number(c)]
    words = [c for c in cells if not is_number(c) and not re.fullmatch(r":?-+:?", c)]
    if not numbers:
        return "" if len(cells) > 1 else row
    return f"{': '.join(words)} ({numbers[-1]})"


def _entries(line: tuple[int, str, bool]) -> list[_Entry]:
    """The parts of a line, each with its marks. Marks open their part ("2 points: ...") or close it ("... (2)")."""
    depth, text, marked = line
    marks = [m for m in MARK.finditer(text) if is_mark(m, text)]
    if len(marks) > 1 and text[: marks[0].start()].strip(TRIM) and re.match(r"\W*:", text[marks[0].end() :]):
        head = _entry(text[: marks[0].start()], *value_of(marks[0]), depth, marked)
        return [head, *_entries((depth + 1, text[marks[0].end() :].lstrip(TRIM + ")]"), True))]
    bracketed = [m for m in marks if m.group("a")]
    if (
        marks
        and bracketed
        and marks[0] is not bracketed[0]
        and not UP_TO.sub("", text[: marks[0].start()]).strip(TRIM)
    ):
        head = _entry("", *value_of(marks[0]), depth, marked)
        return [head, *_entries((depth + 1, text[marks[0].end() :].lstrip(TRIM), True))]
    marks = bracketed or marks  # beside marks in brackets other numbers are content
    if not marks:
        at_end = AT_END.search(text)
        if at_end and len(text[: at_end.start()].split()) > 1 and not is_heading(text):
            return [_entry(text[: at_end.start()], at_end.group("a"), "", depth, marked)]
        pieces = [p for p in re.split(r";\s+", text) if p.strip(TRIM)] if text.count(";") >= 1 else [text]
        return [_entry(p, None, "", depth, marked or k > 0) for k, p in enumerate(pieces)]
    opens = not UP_TO.sub("", text[: marks[0].start()]).strip(TRIM) or (
        GRADED.search(text[: marks[0].start()]) is not None
        and len(text[: marks[0].start()].split()) <= 3
        and text[marks[0].end() :].strip(TRIM) != ""
    )
    found: list[_Entry] = []
    for k, mark in enumerate(marks):
        before = 0 if k == 0 else marks[k - 1].end()
        after = marks[k + 1].start() if k + 1 < len(marks) else len(text)
        if opens:
            body = NEXT.sub("", text[mark.end() : after]) if k + 1 < len(marks) else text[mark.end() : after]
        else:
            body = text[before : mark.start()]
            if k + 1 == len(marks):
                rest = text[mark.end() :]
                rest = "" if MARK.search(rest) else rest
                body += (": " if rest.lstrip(" *").startswith(":") else " ") + rest.lstrip(TRIM)
        takes = opens and bool(NEXT_TAKES.search(text[before : mark.start()]))
        value, sign = value_of(mark)
        entry = _entry(body, value, sign, depth, marked, each="each" in mark.group().lower())
        found.append(replace(entry, takes=entry.takes or takes))
    return found


def _entry(body: str, number: str | None, sign: str, depth: int, marked: bool, each: bool = False) -> _Entry:
    takes = (sign in MINUS and bool(sign)) or bool(TAKES.search(body))
    return _Entry(clean(body), number_in(number), depth, takes, each, marked)


def _of_scale(entries: list[_Entry]) -> list[_Entry]:
    """Of levels of quality, the best one alone."""
    levels = [
        (i, m)
        for i, e in enumerate(entries)
        if (m := SCALE.match(f"{e.text}: " if len(e.text) < 25 else e.text))
    ]
    if len(levels) < 2 or len({e.depth for e in entries}) > 2:
        return entries
    best = levels[best_level([m for _, m in levels])][0]
    inside = {i for i, _ in levels}
    kept = []
    current = -1
    for i, entry in enumerate(entries):
        current = i if i in inside else current
        if current in (-1, best):
            text = SCALE.sub("", entry.text, count=1)
            kept.append(replace(entry, text=clean(text)) if i == best else entry)
    return kept


def best_level(scale: Sequence[re.Match[str] | None]) -> int:
    """Index of the best level of a scale (matches of `SCALE`): the highest number, else the best word; the first of equals."""

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
            entry.text[:1].islower() or (marks and found[-1].marks is not None and not ALSO.match(entry.text))
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
    if LESS.match(entry.text) or entry.marks == 0:
        return []
    text = FULL.sub("", entry.text)
    if not text or is_heading(text) or not re.search(r"\w", text):
        return []
    number = ANY_OF.search(text)
    if number and (count := number_in(number.group("n"))) and ":" in text:
        options = _listed(text.split(":", 1)[1])
        if len(options) > count:
            worth = None if entry.marks is None else entry.marks * (count if entry.each else 1)
            return [Criterion(text, worth, options, int(count))]
    if entry.each and entry.marks and ":" in text:
        options = _listed(text.split(":", 1)[1])
        if len(options) > 1:
            return [Criterion(o, entry.marks) for o in options]
    either = tuple(o for part in re.split(r"\s+OR\s+", text) if (o := clean(part)))
    if len(either) > 1:
        return [Criterion(text, entry.marks, either)]
    return [Criterion(text, entry.marks)]


def _listed(text: str) -> tuple[str, ...]:
    pattern = r"[;,]\s*(?:and\b|or\b)?" if re.search("[;,]", text) else r"\b(?:and|or)\b"
    return tuple(o for part in re.split(pattern, text) if (o := clean(part)))


def _with_below(head: _Entry, below: Sequence[_Entry]) -> list[Criterion]:
    """A line with others below it: alternatives, a choice, or its own points."""
    if head.takes:
        return [Criterion(head.text, head.marks, takes=True)]
    if LESS.match(head.text):
        return []
    also = [e for e in below if ALSO.match(e.text)]
    if also and len(also) == len(below):
        options = (head.text, *(clean(ALSO.sub("", e.text)) for e in also))
        return [Criterion(head.text, head.marks, tuple(o for o in options if o))]
    inner = [c for c in _nested(below) if c.statement and not c.takes]
    number = ANY_OF.search(head.text)
    if number and inner and (count := int(number_in(number.group("n")) or 0)) and count < len(inner):
        worth = head.marks * (count if head.each else 1) if head.marks is not None else None
        if worth is None and inner[0].marks is not None:
            worth = inner[0].marks * count
        return [Criterion(head.text, worth, tuple(c.statement for c in inner), count)]
    if head.each and head.marks is not None:
        return [replace(c, marks=head.marks if c.marks is None else c.marks) for c in inner]
    return shared(Criterion(clean(FULL.sub("", head.text)), head.marks), inner)


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


def shared(head: Criterion, below: list[Criterion]) -> list[Criterion]:
    """The marks of a heading go to the points below it, in equal shares where these have none of their own."""
    if not below:
        return [head] if head.statement and not is_heading(head.statement) else []
    given = [c.marks for c in below if c.marks is not None]
    if not given:
        return below if head.marks is None else [replace(c, marks=head.marks / len(below)) for c in below]
    left = (head.marks or 0.0) - sum(given)
    open_ones = sum(c.marks is None for c in below)
    if left > 1e-9 and open_ones:
        return [replace(c, marks=left / open_ones) if c.marks is None else c for c in below]
    if left > 1e-9 and head.statement and not is_heading(head.statement):
        return [replace(head, marks=left), *below]
    return below


def wanted_by(penalty: Criterion) -> Criterion | None:
    """What a penalty for something missing wants; None for other penalties."""
    text = clean(
        re.sub(r"^\W*(?:deduct\w*|minus|subtract\w*|lose\w*)\W*", "", penalty.statement, flags=re.IGNORECASE)
    )
    bare, missing = MISSING.subn("", text, count=1)
    bare = re.sub(r"^(?:if|when|for)\s+", "", clean(bare), flags=re.IGNORECASE)
    return Criterion(bare, abs(penalty.marks or 1.0)) if missing and re.search(r"\w{3}", bare) else None


def _sentences(one: Criterion) -> list[Criterion]:
    document = read(one.statement)
    parts = [clean(one.statement[s.start : s.end]) for s in document.sentences]
    full = [clean(FULL.sub("", p)) for p in parts if not LESS.match(p)]
    if len(parts) < 2 or any(len(read(p).stems) < 2 for p in full):
        return [one]
    return [Criterion(p) for p in full]
