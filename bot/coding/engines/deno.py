"""Placeholder until the deno engine lands in the next commit."""

from __future__ import annotations

from bot.coding.engines.base import EngineInfo
from bot.coding.process import Child
from bot.errors import SandboxError


class DenoEngine:
    """Not here yet."""

    @property
    def info(self) -> EngineInfo:
        """Unavailable."""
        return EngineInfo(name="deno", why_not="the `deno` extra is not installed")

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        """Refuses."""
        raise SandboxError("The deno engine is not installed.")
