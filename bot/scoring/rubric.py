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
from dataclasses import replace
from typing import Any

from bot.scoring.essence import essence
from bot.scoring.rubric_marks import (
    MARK,
    SCALE,
    TAKES,
    UNIT,
    Criterion,
    NotARubric,
    clean,
    is_heading,
    is_mark,
    is_number,
    marks_in,
    number_in,
    without_marks,
)
from bot.scoring.rubric_text import best_level, criteria_of, shared, wanted_by
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
_SAID = re.compile(rf"\d\s*{UNIT}", re.IGNORECASE)


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
        return criteria_of(value) if inside is None else _criteria(inside, depth + 1)
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
            ((n, t) for t, n in (value, value[::-1]) if isinstance(t, str) and is_number(n)), (None, "")
        )
        if text:
            return [Criterion(clean(text), number_in(number))]
    if isinstance(value, str):
        found = _criteria(value, depth + 1)
        if len(found) > 1 and not MARK.search(value) and "\n" not in value.strip():
            return [Criterion(clean(value))]
        return found
    if isinstance(value, bool | int | float):
        raise NotARubric('give texts or objects such as {"statement": "...", "weight": 2}, no bare numbers')
    return _criteria(value, depth + 1)


def _of_object(value: Mapping[Any, Any], depth: int) -> list[Criterion]:
    named = {str(k).strip().lower().replace(" ", "_"): v for k, v in value.items()}
    inner = next((named[k] for k in NESTED if isinstance(named.get(k), list | dict)), None)
    statement = _statement(named)
    marks = next((n for k in WEIGHTS if k in named and (n := number_in(named[k])) is not None), None)
    if inner is not None:
        return shared(Criterion(statement, marks), _criteria(inner, depth + 1))
    if statement and (set(named) & set(STATEMENTS)) and not _is_mapping(value):
        others = {k: v for k, v in named.items() if k not in STATEMENTS and k not in WEIGHTS}
        if marks is None and not any(named.get(k) for k in ("any_of", "all_of")):
            if any(is_mark(m, statement) for m in MARK.finditer(statement)):
                return [replace(c, others=others) for c in criteria_of(statement)]
            return [Criterion(clean(statement), None, others=others)]
        if marks is not None and (marks <= 0 or TAKES.search(statement)):
            return [Criterion(clean(without_marks(statement)), abs(marks), takes=True)]
        return [Criterion(clean(without_marks(statement)), marks, others=others)]
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
    if title and title != texts[0] and not is_heading(title) and title.lower() not in texts[0].lower():
        return f"{title}: {texts[0]}"
    return texts[0]


def _is_mapping(value: Mapping[Any, Any]) -> bool:
    """Whether an object is {text: points}: every value is worth something, and no key is a usual name."""
    return (
        bool(value)
        and all(is_number(v) for v in value.values())
        and not ({str(k).strip().lower() for k in value} <= set(STATEMENTS) | set(WEIGHTS))
    )


def _of_mapping(value: Mapping[Any, Any], depth: int) -> list[Criterion]:
    """{text: points}, {name: text}, {level: text} or {name: object}."""
    if not value:
        return []
    numbers = [number_in(k) for k in value]
    texts = all(isinstance(v, str) and not is_number(v) for v in value.values())
    if texts and len(value) > 1:
        keys = [str(k) for k in value]
        scale = [SCALE.match(f"{k}:") for k in keys]
        known = [n for n in numbers if n is not None]
        if len(known) == len(numbers) and (
            0 in known or known != sorted(known) or len(set(known)) < len(known)
        ):
            best = max(range(len(known)), key=lambda i: known[i])
            return [replace(c, marks=None) for c in criteria_of(str(value[list(value)[best]]))]
        if all(scale):
            return [replace(c, marks=None) for c in criteria_of(str(value[list(value)[best_level(scale)]]))]
    found: list[Criterion] = []
    for key, inside in value.items():
        name = str(key).strip()
        if is_number(inside):
            marks = number_in(inside)
            read_as = criteria_of(name)
            takes = (marks or 0) < 0 or TAKES.search(name) is not None
            one = read_as[0] if len(read_as) == 1 else Criterion(clean(name))
            found.append(replace(one, marks=abs(marks or 0.0), takes=takes or one.takes))
        elif isinstance(inside, str):
            inner = criteria_of(inside)
            found += inner
        elif isinstance(inside, list | dict):
            below = _criteria(inside, depth + 1)
            number = next((number_in(m) for m in marks_in(name)), None)
            if isinstance(inside, dict) and not below and not is_heading(name):
                worth = next((n for k in WEIGHTS if (n := number_in(inside.get(k))) is not None), None)
                below = [Criterion(clean(without_marks(name)), worth)] if worth is None or worth > 0 else []
            found += shared(Criterion("", number), below)
        elif inside is not None:
            raise NotARubric(f"{name!r}: give its points as a number, or a text")
    return found


def _finish(found: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Points that earn; one without marks among others with marks counts as their mean. A rubric that only takes marks
    away wants what is not to be missing."""
    whole = [c for c in found if c.statement.strip() and (c.marks is None or c.marks != 0)]
    kept = [c for c in whole if not c.takes] or [w for c in whole if c.takes and (w := wanted_by(c))]
    given = [c.marks for c in kept if c.marks is not None]
    usual = sum(given) / len(given) if given else None
    return tuple(replace(c, marks=usual) if c.marks is None else c for c in kept)


def is_marked(text: str) -> bool:
    """Whether a text is a rubric by its form: at least two of its points say in words what they are worth, and all of
    them what they want ("1 point for an advantage" leaves that to the text around it)."""
    said = [m for m in MARK.finditer(text) if is_mark(m, text) and _SAID.search(m.group())]
    if len(said) < 2:
        return False
    found = [c for c in criteria_of(text) if not c.takes]
    return len(found) >= 2 and all(
        c.marks is not None and len(read(essence(c.statement)).stems) >= 2 for c in found
    )


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
