"""Leaves out what a reasoning model thinks aloud before its reply, while the reply arrives.

Local servers print the thought into the text: between tags of several spellings, or with nothing but the closing
tag when the opening one belongs to the server's template. Knows those shapes; does not know what is being said.
"""

from __future__ import annotations

import re

_OPENINGS = (
    "<think>",
    "<thinking>",
    "<thought>",
    "<reasoning>",
    "[THINK]",
    "<|channel|>analysis<|message|>",
)
_END = re.compile(
    r"</(?:think|thinking|thought|reasoning)>\s*|\[/THINK\]\s*|<\|channel\|>final<\|message\|>\s*"
)
_LONGEST_END = 32
"""Characters that are looked back for an end that arrives in two pieces."""


class WithoutThoughts:
    """One reply, fed piece by piece.

    `unmarked`: it is known to begin inside a thought, so that nothing is shown before the thought's end. Where that
    was not known, `stray_end` tells at the end that thoughts have been shown, and the reply has to be asked for anew.
    """

    def __init__(self, *, unmarked: bool = False) -> None:
        self.text = ""
        self.stray_end = False
        self._unmarked = unmarked
        self._held: str | None = ""  # None once the reply proper has begun

    def feed(self, words: str) -> str:
        """Words that may be shown now."""
        if self._held is None:
            return self._show(words)
        self._held += words
        start = self._held.lstrip()
        if (end := _END.search(self._held)) is not None:
            return self._begin(self._held[end.end() :])
        if self._unmarked or start.startswith(_OPENINGS) or any(o.startswith(start) for o in _OPENINGS):
            return ""  # nothing yet, a thought, or what may still become its tag
        return self._begin(self._held)

    def rest(self) -> str:
        """What is left when the stream ends; an unfinished thought is no reply."""
        held, self._held = self._held or "", None
        return "" if held.lstrip().startswith(_OPENINGS) else self._show(held)

    def _begin(self, words: str) -> str:
        self._held = None
        return self._show(words)

    def _show(self, words: str) -> str:
        words = words if self.text else words.lstrip()
        self.text += words
        if words and _END.search(self.text[-len(words) - _LONGEST_END :]):
            self.stray_end = True
        return words
