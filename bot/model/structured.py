"""Structured output by our own hand: the schema that is asked for, and the parser of what comes back.

Providers differ in what they enforce, so nothing is believed: the text is read leniently (code fences, prose
around it), the value is validated strictly, and what is wrong is said in words that a model can act on. Does
not call anybody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)
Check = Callable[[T], Sequence[str]]
"""Says what is wrong with a value beyond its shape (an unknown id, a quote that is not there); empty if nothing."""

MAX_PROBLEMS = 8


class Outcome(NamedTuple, Generic[T]):
    """A value, or the problems that kept it from being one."""

    value: T | None
    problems: tuple[str, ...]


def parse(text: str, shape: type[T], check: Check[T] | None = None) -> Outcome[T]:
    """The one JSON object of `text` as a `shape`.

    Two different objects that both fit are a problem, not a choice: picking one is how a quoted verdict would
    get in. Numbers are never searched for in prose.
    """
    objects = list(_objects(text))
    if not objects:
        return Outcome(None, ("there is no JSON object in the reply",))
    values: list[T] = []
    problems: list[str] = []
    for found in objects:
        try:
            value = shape.model_validate(found)
        except ValidationError as exc:
            problems = problems or [_problem(dict(e)) for e in exc.errors(include_url=False)[:MAX_PROBLEMS]]
            continue
        if value not in values:
            values.append(value)
    if len(values) > 1:
        return Outcome(None, ("there is more than one JSON object in the reply",))
    if not values:
        return Outcome(None, tuple(problems))
    wrong = tuple(check(values[0]))[:MAX_PROBLEMS] if check else ()
    return Outcome(None, wrong) if wrong else Outcome(values[0], ())


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder(object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    at = 0
    while (at := text.find("{", at)) != -1:
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if isinstance(found, dict):
            yield found


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _problem(error: dict[str, Any]) -> str:
    """One error as `path: what is wrong`, without the wrong value (it may be anything)."""
    where = ".".join(str(part) for part in error["loc"]) or "the object"
    return f"{where}: {error['msg']}"


# ------------------------------------------------------------------------------------------------ schema

_DROPPED = frozenset(
    {"title", "default", "examples", "description", "pattern", "format", "minLength", "maxLength", "minItems"}
    | {"maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems"}
)


def schema_for(shape: type[BaseModel]) -> dict[str, Any]:
    """`json_schema` of OpenAI's `response_format`: strict unless the shape has a map with free keys.

    Strict mode wants every property required and no others allowed, and knows few keywords; limits on values
    are left out here because `parse` checks them anyway.
    """
    schema = shape.model_json_schema()
    free: list[bool] = []
    return {"name": shape.__name__, "schema": _strict(schema, free), "strict": not free}


def _strict(node: Any, free: list[bool], properties: bool = False) -> Any:
    if isinstance(node, list):
        return [_strict(item, free) for item in node]
    if not isinstance(node, dict):
        return node
    if properties:
        return {name: _strict(value, free) for name, value in node.items()}
    out = {
        key: _strict(value, free, properties=key in ("properties", "$defs"))
        for key, value in node.items()
        if key not in _DROPPED
    }
    if "const" in out:
        out["enum"] = [out.pop("const")]
    if "properties" in out:
        out["additionalProperties"] = False
        out["required"] = list(out["properties"])
    elif out.get("type") == "object":
        free.append(True)
    return out
