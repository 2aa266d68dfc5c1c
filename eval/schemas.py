"""JSON Schemas of suites and personas, for editors. A test holds that the files are current."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter

from eval.values import Persona, Suite

HERE = Path(__file__).resolve().parent


def schemas() -> dict[Path, str]:
    """File -> text of the schema."""
    kinds = {
        HERE / "suites" / "suite.schema.json": TypeAdapter(Suite).json_schema(),
        HERE / "personas" / "personas.schema.json": TypeAdapter(list[Persona]).json_schema(),
    }
    return {
        path: json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        for path, schema in kinds.items()
    }


def write_schemas() -> list[Path]:
    """Write the schemas beside the files that they describe; the ones that changed."""
    changed = []
    for path, text in schemas().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
