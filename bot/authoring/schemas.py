"""JSON Schemas of everything people write or exchange, for editors. A test holds that the files are current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.authoring.articles import FrontMatter
from bot.domain.content import Competency, Loop, Question, Rubric
from bot.domain.scorecard import Scorecard
from bot.review import export

SHORT_FORMS = frozenset({"Hint", "Check"})
"""Models that may be written as a plain text."""


def schemas() -> dict[str, str]:
    """File name -> text of the schema."""
    kinds: dict[str, TypeAdapter[Any]] = {
        "question": TypeAdapter(Question),
        "rubric": TypeAdapter(Rubric),
        "loop": TypeAdapter(Loop),
        "competencies": TypeAdapter(list[Competency]),
        "article": TypeAdapter(FrontMatter),
        "scorecard": TypeAdapter(Scorecard),
    }
    texts = {f"{name}.schema.json": _text(_as_written(kind.json_schema())) for name, kind in kinds.items()}
    return {**texts, "session-report.schema.json": export.schema()}


def _as_written(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what people write, which is a little shorter than what the models hold: a text for a hint or a
    checker, and a loop that says only what is different from its base."""
    kinds = schema.get("$defs", {})
    for name in SHORT_FORMS & kinds.keys():
        kinds[name] = {"anyOf": [{"type": "string", "minLength": 1}, kinds[name]]}
    return _loop_on_a_base(schema) if schema.get("title") == "Loop" else schema


def _loop_on_a_base(schema: dict[str, Any]) -> dict[str, Any]:
    """A whole loop, or one with `based_on`, in which every entry may be missing (see `bot/bank/load.py`)."""
    kinds = schema.pop("$defs")
    some = {**kinds["RoundSpec"], "title": "RoundChanges", "required": ["round"]}
    changes = {
        **schema,
        "title": "LoopChanges",
        "properties": {
            **schema["properties"],
            "based_on": {"type": "string", "description": "file name of the loop that this one changes"},
            "rounds": {"type": "array", "items": {"$ref": "#/$defs/RoundChanges"}},
        },
        "required": ["based_on", "id", "version"],
    }
    return {"anyOf": [schema, changes], "$defs": {**kinds, "RoundChanges": some}}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write all schema files; the ones that changed."""
    changed = []
    for name, text in schemas().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
