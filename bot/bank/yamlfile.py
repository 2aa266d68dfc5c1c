"""One YAML file into one pydantic value, with errors that name file, line and field.

Knows YAML and pydantic; does not know what the values mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

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
    try:
        data = prepare(parse_yaml(text, path))
        adapter: TypeAdapter[T] = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
        return adapter.validate_python(data)
    except ValidationError as problem:
        raise _explain(problem, text, path, first_line) from problem
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


def _explain(problem: ValidationError, text: str, path: Path, first_line: int) -> ContentError:
    errors = problem.errors(include_url=False, include_input=False)
    first = errors[0]
    where = [part for part in first["loc"] if not isinstance(part, str) or not part.startswith("function-")]
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "is not a known field; look at the spelling"
    elif first["type"] == "missing":
        message = "is missing"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return ContentError(
        message + more, file=path, line=line_of(text, where) + first_line - 1, field=".".join(map(str, where))
    )


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
