"""How many tokens a text has: exactly when tiktoken's tables are on this machine, else by an estimate.

tiktoken downloads a missing table without a time limit, so the cache is looked at before tiktoken is touched:
this module never causes a download. The estimate knows shapes of text (words, numbers, punctuation, white
space of code, wide scripts), not a particular table; how far it is off is in docs/benchmarks.md.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
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
    little more the longer and the rarer its shape is. The slopes are least squares over Python code of packages that are
    in none of the measured sets, and over prose (docs/benchmarks.md).
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
    word = piece if piece[0].isalpha() else piece[1:]
    if not word or not word[0].isalpha():
        return 1.0 if piece.isspace() or piece[-1].isdigit() else _punctuation(piece)
    return _word(piece, word) if piece.isascii() else _foreign(piece)


# (the piece itself, each letter beyond 3, beyond 7, each consonant beyond 3 in a row, each rare letter, no vowel at all)
_SLOPES = {
    " lower": (1.0, 0.0, 0.06, 0.3, 0.0, 0.12),
    " Title": (1.0, 0.03, 0.1, 0.3, 0.04, 0.6),
    " UPPER": (1.13, 0.14, 0.29, 0.05, 0.2, 0.13),
    "lower": (1.0, 0.09, 0.11, 0.25, 0.1, 0.23),
    "Title": (1.0, 0.03, 0.07, 0.45, 0.08, 0.36),
    "UPPER": (1.05, 0.25, 0.0, 0.0, 0.05, 0.47),
    ".lower": (1.05, 0.08, 0.1, 0.22, 0.1, 0.2),
    ".Title": (1.3, 0.05, 0.07, 0.23, 0.17, 0.8),
    ".UPPER": (1.4, 0.17, 0.14, 0.29, 0.13, 0.53),
}
_CLUSTER = re.compile(r"[^aeiouy]{4,}", re.IGNORECASE)
_RARE = re.compile(r"[qxzjkwv]", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)


def _word(piece: str, word: str) -> float:
    """Words cost more the longer they are and the less they look like English; after a space most are one token."""
    case = "UPPER" if len(word) > 1 and word.isupper() else "lower" if word[0].islower() else "Title"
    lead = "" if piece[0].isalpha() else " " if piece[0] == " " else "."
    base, beyond_3, beyond_7, cluster, rare, no_vowel = _SLOPES[lead + case]
    n = len(word)
    cost = base + beyond_3 * max(0, n - 3) + beyond_7 * max(0, n - 7)
    cost += cluster * sum(len(run) - 3 for run in _CLUSTER.findall(word)) + rare * len(_RARE.findall(word))
    return max(1.0, cost + (no_vowel if n > 2 and not _VOWEL.search(word) else 0.0))


def _punctuation(piece: str) -> float:
    """A run of one sign is one token; what changes within it costs, signs beyond ASCII and emoji more."""
    body = piece.rstrip("\r\n")
    changes = sum(x != y for x, y in pairwise(body))
    beyond = sum(1 for x, y in zip(f" {body}", body, strict=False) if x != y and ord(y) > 127)
    emoji = sum(ord(c) > 0xFFFF for c in body)
    cost = 1.0 + 0.37 * max(0, changes - 1) + 0.3 * max(0, changes - 3)
    return cost + 0.8 * beyond + 0.2 * emoji + 0.06 * max(0, len(body) - 16)


_SCRIPTS = ((0x250, 0.24), (0x530, 0.2), (0x2E80, 0.42), (0x110000, 0.72))
"""Tokens a letter: Latin with accents, Greek and Cyrillic, other alphabets, Chinese and its neighbours."""


def _foreign(piece: str) -> float:
    return max(1.0, sum(next(slope for end, slope in _SCRIPTS if ord(c) < end) for c in piece))
