"""Bytes -> text: which encoding, or that it is no text at all. Knows no forms of files."""

from __future__ import annotations

import contextlib
import re

from bot.errors import InputRefused

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_USUAL = ("cp1252", "cp1250", "iso8859_2")
_NEAR = 0.1
"""Encodings of Latin script look alike to the detector: of those this near to the best, the most usual is taken."""

_CENTRAL = ({0xEC, 0xF8}, {0xF5, 0xFB})
"""ě and ř of Czech, ő and ű of Hungarian: no language has both of the letters that Western Europe reads there."""

_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)


def decode(raw: bytes) -> tuple[str, str]:
    """Text and the name of its encoding. Raises `InputRefused` for what is no text."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return tidy(raw.decode(name, errors="replace")), name
    if raw[:4096].count(0) > 2 and not _wide(raw):
        raise InputRefused("It is a binary file, not text.")
    try:
        text, name = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = _guess(raw)
    strange = len(_CONTROL.findall(text[:20_000]))
    if strange > 0.02 * min(len(text), 20_000) + 8:
        raise InputRefused("It is a binary file, not text.")
    return tidy(text), name


def _wide(raw: bytes) -> bool:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    head = raw[:4096]
    return max(head[0::2].count(0), head[1::2].count(0)) > 0.35 * len(head)


def _guess(raw: bytes) -> tuple[str, str]:
    declared = _META_CHARSET.search(raw[:4096])
    if declared:
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return raw.decode(declared.group(1).decode("ascii")), declared.group(1).decode("ascii").lower()
    from charset_normalizer import from_bytes

    found = from_bytes(raw[:200_000])
    best = found.best()
    if best is None:
        raise InputRefused("It is a binary file, or text in an encoding that cannot be recognised.")
    close = {
        match.encoding
        for match in found
        if match.chaos <= best.chaos + _NEAR and match.coherence >= best.coherence - _NEAR
    }
    if any(pair <= set(raw) for pair in _CENTRAL):
        close.discard("cp1252")
    name = next((name for name in _USUAL if name in close), best.encoding)
    return raw.decode(name, errors="replace"), name


def tidy(text: str) -> str:
    """One kind of line end; no control characters, lone surrogates or byte-order marks."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))
