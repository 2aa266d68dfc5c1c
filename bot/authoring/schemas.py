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
    texts = {f"{name}.schema.json": _text(kind.json_schema()) for name, kind in kinds.items()}
    return {**texts, "session-report.schema.json": export.schema()}


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
