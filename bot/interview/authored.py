"""The interviewer without a model: speaks the authored words of each move, in a stream like any other.

Knows nothing but the material.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

from bot.domain.ports import Delta, Material, Restart, Scene, Spoken


class AuthoredInterviewer:
    """Implements `bot.domain.ports.Interviewer` from authored text only."""

    async def phrase(
        self, material: Material, scene: Scene
    ) -> AsyncGenerator[Delta | Restart | Spoken, None]:
        """The authored utterance, sentence by sentence."""
        for piece in re.findall(r"\S.*?(?:[.!?]\s+|\n+|$)", material.authored, re.S):
            yield Delta(piece)
        citations = (material.passage,) if material.passage is not None else ()
        yield Spoken(text=material.authored, source="authored", citations=citations)
