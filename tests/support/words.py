"""An embedder for tests of search: small, deterministic, and it counts what it embeds."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.knowledge.embed import Mix, unit


class WordHashEmbedder:
    """A bag of words in 64 hashed dimensions: alike words give alike vectors, and nothing is loaded."""

    def __init__(self, name: str = "hash-64", gate: float = 0.25) -> None:
        self.id = name
        self.mix = Mix(dense=0.5, coverage=0.0, gate=gate)
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.embedded.extend(texts)
        out = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                out[row, zlib.crc32(word.strip(".,?!:").encode("utf-8", "replace")) % 64] += 1.0
        return unit(out)
