"""What the text of a submission says about it, read from its syntax tree without running it.

Forbidden imports and calls, tests that the candidate wrote, and what changed since somebody last looked.
Pure functions on hostile text: nothing raises, everything is bounded. Dynamic tricks (`__import__`, getattr)
are beyond a syntax tree and are reported as such where they are seen.
"""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterator

from pydantic import Field

from bot.domain.base import Value
from bot.domain.problem import MAX_SOURCE_BYTES, Forbidden


def parse(source: str) -> ast.Module | None:
    """The syntax tree, or None for a source that has none (or that is too large or too deep to look at)."""
    if len(source) > MAX_SOURCE_BYTES or "\x00" in source:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    return ast.walk(tree)  # iterative: depth does not matter


# ------------------------------------------------------------------------------------------------ forbidden


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local name -> full dotted name, from every import anywhere in the source."""
    names: dict[str, str] = {}
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                local = item.asname or item.name.split(".")[0]
                names[local] = item.name if item.asname else local
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for item in node.names:
                names[item.asname or item.name] = f"{node.module}.{item.name}"
    # plain assignments such as `svd = np.linalg.svd` are followed too, one step
    for node in _nodes(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            dotted = _dotted(node.value)
            if dotted and dotted.split(".")[0] in names:
                names.setdefault(node.targets[0].id, _resolve(dotted, names))
    return names


def _dotted(node: ast.AST) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < 20:
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def _resolve(dotted: str, aliases: dict[str, str]) -> str:
    head, _, rest = dotted.partition(".")
    full = aliases.get(head, head)
    return f"{full}.{rest}" if rest else full


def _within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def imported_modules(tree: ast.Module) -> set[str]:
    """Dotted names of everything imported, also through `__import__("x")` and `import_module("x")`."""
    found: set[str] = set()
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{item.name}" for item in node.names}
        elif isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in (
            "__import__",
            "import_module",
        ):
            first = node.args[0] if node.args else None
            found.add(
                first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?"
            )
    return found


def forbidden_names(source: str, forbid: Forbidden) -> tuple[str, ...]:
    """The forbidden names that a source uses, as the problem's author wrote them, sorted."""
    if not forbid.imports and not forbid.calls:
        return ()
    tree = parse(source)
    if tree is None:
        return ()
    found = set()
    modules = imported_modules(tree)
    for module in forbid.imports:
        if any(_within(name, module) for name in modules):
            found.add(module)
    aliases = _aliases(tree)
    own = {n.name for n in _nodes(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in _nodes(tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            full = _resolve(_dotted(node), aliases)
            for call in forbid.calls:
                method = call.startswith(".") and isinstance(node, ast.Attribute) and node.attr == call[1:]
                # a function of one's own with a forbidden builtin's name is not that builtin
                named = full == call and not (call in own and "." not in call)
                if method or named:
                    found.add(call)
    return tuple(sorted(found))


# ------------------------------------------------------------------------------------------------ own tests


class OwnTests(Value):
    """Verification that the candidate wrote into the source."""

    asserts: int = Field(
        default=0, description="assert statements outside of the solution's own functions count too"
    )
    test_functions: int = 0
    calls: int = Field(default=0, description="calls of the entry at the top level or under __main__")

    @property
    def any(self) -> bool:
        """True when there is any of it."""
        return bool(self.asserts or self.test_functions or self.calls)


def own_tests(source: str, entry: str) -> OwnTests:
    """Count asserts, test functions and calls of the entry that are not part of the solution itself."""
    tree = parse(source)
    if tree is None:
        return OwnTests()
    asserts = tests = calls = 0
    for node in _nodes(tree):
        asserts += isinstance(node, ast.Assert)
        tests += isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower().startswith("test")
    for statement in tree.body:
        name = statement.name if isinstance(statement, ast.FunctionDef | ast.ClassDef) else ""
        if name and not name.lower().startswith("test"):
            continue
        for node in _nodes(statement):
            calls += isinstance(node, ast.Call) and _dotted(node.func) == entry
    return OwnTests(asserts=min(asserts, 999), test_functions=min(tests, 999), calls=min(calls, 999))


# ------------------------------------------------------------------------------------------------ changes


class Changes(Value):
    """What changed between two versions of a source."""

    added: int = 0
    removed: int = 0
    functions: tuple[str, ...] = Field(default=(), description="functions and classes that are new or differ")
    diff: str = Field(default="", description="unified diff, capped; candidate text")


def changes(before: str, after: str, *, limit: int = 3_000) -> Changes:
    """The difference, by lines and by function. Sources too large to compare count whole."""
    if before == after:
        return Changes()
    old, new = before[:MAX_SOURCE_BYTES].splitlines(), after[:MAX_SOURCE_BYTES].splitlines()
    if len(old) > 3_000 or len(new) > 3_000:
        return Changes(added=len(new), removed=len(old))
    lines = list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))[2:]
    text = "\n".join(line[:300] for line in lines)
    was, now = _functions(before), _functions(after)
    return Changes(
        added=sum(line.startswith("+") for line in lines),
        removed=sum(line.startswith("-") for line in lines),
        functions=tuple(sorted(name for name in now if was.get(name) != now[name]))[:20],
        diff=text if len(text) <= limit else text[: limit - 4] + "\n...",
    )


def _functions(source: str) -> dict[str, str]:
    tree = parse(source)
    if tree is None:
        return {}
    found = {}
    for node in _nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            try:
                found[node.name[:80]] = ast.dump(node)
            except RecursionError:
                found[node.name[:80]] = "too deep"
    return found
