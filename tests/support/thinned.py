"""Long tables of cases: every n-th stays in the unit suite, the whole table runs with the slow tests."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def thinned(cases: Iterable[object], every: int) -> list[object]:
    """The cases as parameters; all but every n-th are marked slow."""
    return [
        case if number % every == 0 else pytest.param(case, marks=pytest.mark.slow)
        for number, case in enumerate(cases)
    ]
