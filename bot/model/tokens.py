"""How many tokens a text has: exactly when tiktoken's tables are on this machine, else by an estimate.

tiktoken downloads a missing table without a time limit, so the cache is looked at before tiktoken is touched:
this module never causes a download. The estimate knows shapes of text (words, numbers, punctuation, white
space of code, wide scripts), not a particular table; how far it is off is in docs/benchmarks.md.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_TABLES = {
    # encoding: (URL that names the cache file, sha256 of the right content)
    "o200k_base": (
        "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}
PER_MESSAGE = 4
"""Tokens that a chat format adds for each message (role and separators)."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of tokens; `estimated` when no table was at hand."""

    tokens: int
    estimated: bool


class TokenCounter:
    """Counts with tiktoken's o200k table when it lies in `cache`, else estimates. Never downloads."""

    def __init__(self, cache: Path | None = None) -> None:
        self._encoding: Any = _load_table("o200k_base", cache)

    @property
    def exact(self) -> bool:
        """Whether a real table is used."""
        return self._encoding is not None

    def count(self, *texts: str) -> Count:
        """Tokens of all `texts` together, each as a message of its own when there are several."""
        extra = PER_MESSAGE * len(texts) if len(texts) > 1 else 0
        if self._encoding is None:
            return Count(sum(map(estimate, texts)) + extra, estimated=True)
        total = sum(len(self._encoding.encode_ordinary(text)) for text in texts)
        return Count(total + extra, estimated=False)


@lru_cache(maxsize=1)
def default_counter() -> TokenCounter:
    """The counter of this process."""
    return TokenCounter()


def _load_table(name: str, cache: Path | None) -> Any:
    url, sha256 = _TABLES[name]
    folder = cache or Path(tempfile.gettempdir()) / "data-gym-cache"
    file = folder / hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()
    if not file.is_file():
        return None
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return None  # tiktoken would delete it and download it again
    import base64

    import tiktoken

    ranks = {
        base64.b64decode(token): int(rank)
        for token, rank in (line.split() for line in content.splitlines() if line)
    }
    return tiktoken.Encoding(
        name=name,
        pat_str=_O200K_PATTERN,
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018},
    )


_O200K_PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)


# ---------------------------------------------------------------------------------------------- estimate


@lru_cache(maxsize=256)
def estimate(text: str) -> int:
    """Estimated tokens of `text` in the o200k table; at least 1 for a text that is not empty.

    The text is cut where that tokenizer cuts it before it looks anything up; a piece costs one token and a
    little more the longer and the rarer its shape is. The slopes are means over English prose and Python code.
    """
    if not text:
        return 0
    return max(1, round(sum(_cost(piece) for piece in _pattern().findall(text))))


@lru_cache(maxsize=1)
def _pattern() -> Any:
    import regex  # type: ignore[import-untyped]  # tiktoken needs it anyway; `re` has no Unicode classes

    return regex.compile(_O200K_PATTERN)


@lru_cache(maxsize=32_768)
def _cost(piece: str) -> float:
    word = piece[1:] if not piece[0].isalpha() else piece
    if not word or not word[0].isalpha():
        return 1.0 + 0.4 * max(0, len(piece) - 4) if not piece.isspace() and not piece[-1].isdigit() else 1.0
    if not piece.isascii():
        wide = sum(1 for c in piece if ord(c) > 0x2E7F)
        return max(1.0, 0.72 * wide + (len(piece) - wide) / 3.5)
    length = len(piece)
    if word.isupper() and len(word) > 1:
        return 1.0 + 0.17 * max(0, length - 4)
    if piece[0] == " ":
        return 1.0 + (0.06 * max(0, length - 8) if word[0].islower() else 0.09 * max(0, length - 5))
    if piece[0].isalpha():
        return 1.0 + 0.08 * max(0, length - 5)
    return 1.1 + 0.09 * max(0, length - 3)
