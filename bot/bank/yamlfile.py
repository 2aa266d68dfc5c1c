"""One YAML file into one pydantic value, with errors that name file, line and field.

Knows YAML and pydantic; does not know what the values mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import ContentError

T = TypeVar("T")
MAX_BYTES = 1_000_000

_Base: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the C parser is ten times faster where it is built


class _Loader(_Base):  # type: ignore[misc]
    """Safe loader that refuses a key written twice instead of keeping the last one."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str | int | float | bool) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is written twice", key_node.start_mark
                )
            if isinstance(key, str | int | float | bool):
                seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_text(path: Path) -> str:
    """The text of an authored file. Raises `ContentError` when it cannot be read, is binary or too large."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise ContentError(
            f"cannot be read ({problem.strerror})", file=path, hint="Check its permissions."
        ) from problem
    if len(data) > MAX_BYTES:
        raise ContentError(f"is {len(data)} bytes long", file=path, hint=f"At most {MAX_BYTES} are read.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ContentError("is not UTF-8 text", file=path, hint="Save it as UTF-8.") from problem


def parse_yaml(text: str, path: Path) -> Any:
    """YAML text to plain values. Raises `ContentError` with the line."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 0
        raise ContentError(
            f"is not valid YAML: {problem.problem}",
            file=path,
            line=line,
            hint="Look at the indentation and the quotes of that line.",
        ) from problem
    except yaml.YAMLError as problem:
        raise ContentError(f"is not valid YAML: {problem}", file=path) from problem


def compose_yaml(text: str, path: Path) -> yaml.Node | None:
    """YAML text to nodes, which know their lines. Raises `ContentError` with the line."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        parse_yaml(text, path)  # the same trouble, told in full
        raise
    return node


def load_value(
    path: Path, kind: type[T] | TypeAdapter[T], *, prepare: Callable[[Any], Any] = lambda data: data
) -> T:
    """The value that a YAML file holds; `prepare` may change the plain data before they are validated.

    Raises `ContentError` naming file, line and field of the first mistake (and how many more there are).
    """
    return value_of(read_text(path), path, kind, prepare=prepare)


def value_of(
    text: str,
    path: Path,
    kind: type[T] | TypeAdapter[T],
    *,
    prepare: Callable[[Any], Any] = lambda data: data,
    first_line: int = 1,
) -> T:
    """The value that a YAML text holds which begins at `first_line` of a file. Raises as `load_value` does."""
    adapter: TypeAdapter[T] = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        data = prepare(parse_yaml(text, path))
        return adapter.validate_python(data)
    except ValidationError as problem:
        raise _explain(problem, text, path, first_line, adapter) from problem
    except ContentError as problem:
        if first_line == 1 or not problem.line:
            raise
        raise ContentError(
            problem.problem,
            file=path,
            line=problem.line + first_line - 1,
            field=problem.field,
            hint=problem.hint,
        ) from problem


def _explain(
    problem: ValidationError, text: str, path: Path, first_line: int, adapter: TypeAdapter[Any]
) -> ContentError:
    errors = _of_its_own(problem.errors(include_url=False))
    first = errors[0]
    where = [part for part in first["loc"] if not isinstance(part, str) or not part.startswith("function-")]
    context = first.get("ctx", {})
    if first["type"] == "misplaced":
        where += context["where"]
    message, hint = _in_words(first["type"], first["msg"], context, first.get("input"))
    if first["type"] == "extra_forbidden":
        hint = _known_fields(adapter, where)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    line = line_of(text, where) + first_line - 1
    return ContentError(message + more, file=path, line=line, field=".".join(map(str, where)), hint=hint)


def _of_its_own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without "too short" for a list one of whose entries is wrong: pydantic does not count that entry."""
    places = [one["loc"] for one in errors]
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(len(p) > len(one["loc"]) and p[: len(one["loc"])] == one["loc"] for p in places)
    ]


def _in_words(kind: str, message: str, context: dict[str, Any], value: object) -> tuple[str, str]:
    """What is wrong and what to write, for the mistakes that people make most."""
    match kind:
        case "extra_forbidden":
            return "is not a known field", ""
        case "missing":
            return "is missing", "Write it; what `mock-interview new` begins has every field."
        case "too_short":
            return f"has {context['actual_length']} entries", f"Write at least {context['min_length']}."
        case "too_long":
            return f"has {context['actual_length']} entries", f"Write at most {context['max_length']}."
        case "string_pattern_mismatch" if "C(0[1-9]" in context["pattern"]:
            return f"{value!r} is no competency", "Write one of C01 to C25 (corpus/competencies.yaml)."
        case "string_pattern_mismatch":
            return (
                f"{value!r} cannot stand here",
                f"Write lower-case words joined by hyphens ({context['pattern']}).",
            )
        case "string_too_short":
            return "is empty", "Write a text."
        case "literal_error" | "enum":
            return f"{value!r} cannot stand here", f"Write {context['expected']}."
        case "model_type" | "model_attributes_type" | "dict_type":
            return "is empty" if value is None else "is no mapping", "Write fields, one `name: value` a line."
    return message.removeprefix("Value error, "), ""


def _known_fields(adapter: TypeAdapter[Any], where: Sequence[str | int]) -> str:
    """What the author of an unknown field may have meant: the nearest known name, or all there are."""
    whole = adapter.json_schema()
    node = _resolved(whole, whole)
    for part in where[:-1]:
        below = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
        node = _resolved(below, whole)
    known = sorted(node.get("properties", {}))
    if near := get_close_matches(str(where[-1]), known, n=1):
        return f"Did you mean {near[0]!r}?"
    return f"Known here: {', '.join(known)}." if known else ""


def _resolved(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    for option in [node, *node.get("anyOf", [])]:
        if "$ref" in option:
            found: dict[str, Any] = whole["$defs"][option["$ref"].rsplit("/", 1)[-1]]
            return found
    return node


def line_of(text: str, where: Sequence[str | int]) -> int:
    """The 1-based line of a field in YAML text; of its nearest parent when it is missing there."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for part in where:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return line


def _child(node: Any, part: str | int) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
