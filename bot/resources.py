"""Finds the authored files (prompts, rubrics, bank, articles) in a checkout and in an installed wheel.

Knows the two places; does not know what the files mean.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_root() -> Path:
    """The folder that holds `prompts/` and `corpus/`.

    In a checkout (also an editable install) that is the top of the tree; in a wheel it is
    `bot/_data`, where the build put copies.
    """
    checkout = _PACKAGE.parent
    if (checkout / "prompts").is_dir() and (checkout / "corpus").is_dir():
        return checkout
    return _PACKAGE / "_data"


def prompts_dir() -> Path:
    """Folder of everything the interviewer says or is told."""
    return data_root() / "prompts"


def corpus_dir() -> Path:
    """Folder of the articles and the competency map."""
    return data_root() / "corpus"
