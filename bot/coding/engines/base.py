"""What every engine offers: a description of itself and a way to start one locked-in child.

Knows nothing about problems. An engine either keeps its promise or says that it is not available.
"""

from __future__ import annotations

from typing import Protocol

from pydantic import Field

from bot.coding.process import Child
from bot.domain.base import Value


class EngineInfo(Value):
    """An engine as it is shown to people and stored with every report."""

    name: str
    python: str = Field(default="", description="version of the Python that runs the code")
    walls: tuple[str, ...] = Field(default=(), description="what keeps the code in")
    has: tuple[str, ...] = Field(default=(), description="packages beyond the standard library")
    available: bool = False
    why_not: str = Field(default="", description="for people: why it cannot be used, and what to do")


class Engine(Protocol):
    """One way to run candidate code in a sandbox."""

    @property
    def info(self) -> EngineInfo:
        """Who it is, and whether it can be used here."""

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        """Start one child. Does not wait for it: `Child.wait_ready` does. Raises `SandboxError`."""
