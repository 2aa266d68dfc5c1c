"""Turns "question ps-pca, hints.2" into the file and line where an author finds it.

Knows files of YAML; the other checks speak of ids and fields only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from bot.authoring.findings import Finding
from bot.bank.yamlfile import compose_yaml, read_text


def placed(found: list[Finding], files: Mapping[str, Path]) -> list[Finding]:
    """The findings, those about a question that came from a file naming that file and line."""
    roots: dict[Path, yaml.Node | None] = {}
    return [_placed(one, files[one.item], roots) if one.item in files else one for one in found]


def _placed(one: Finding, path: Path, roots: dict[Path, yaml.Node | None]) -> Finding:
    if path not in roots:
        roots[path] = compose_yaml(read_text(path), path)
    return replace(one, item=f"{path.name}:{line_of_field(roots[path], one.field)}")


def line_of_field(root: yaml.Node | None, field: str) -> int:
    """The 1-based line of `checkpoints.some-id.probe` or `hints.2` (counted from one); of the nearest parent there is."""
    node, line = root, 1
    for name in field.split(".") if field else ():
        found = _child(node, name)
        if found is None:
            break
        node, line = found
    return line


def _child(node: yaml.Node | None, name: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value, 1):
            if name == str(number) or name == _id_of(value):
                return value, value.start_mark.line + 1
    return None


def _id_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id":
                return str(value.value)
    return ""
