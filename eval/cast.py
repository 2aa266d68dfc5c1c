"""The cast of the simulated interviews: personas by id, from `eval/personas`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from bot.bank.yamlfile import load_value
from bot.errors import ContentError
from eval.values import InvalidSuite, Persona

PERSONAS = Path(__file__).resolve().parent / "personas"


@lru_cache(maxsize=4)
def load_personas(folder: Path = PERSONAS) -> dict[str, Persona]:
    """All personas by id. Raises `InvalidSuite`."""
    found: dict[str, Persona] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            found |= {p.id: p for p in load_value(path, TypeAdapter(list[Persona]))}
        except ContentError as problem:
            raise InvalidSuite(str(problem)) from problem
    for persona in found.values():
        if bool(persona.rewrite) != bool(persona.like) or (persona.like and persona.like not in found):
            raise InvalidSuite(
                f"the persona {persona.id!r} needs both `rewrite` and `like`, the id of the persona it must equal"
            )
    return found
