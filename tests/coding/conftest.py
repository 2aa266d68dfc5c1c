"""Problems and judges for the tests of coding rounds."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.coding.engines.choose import engines, findings
from bot.coding.judge import Judge
from bot.domain.problem import Problem

PROBLEMS = Path(__file__).parent / "problems"


def load(name: str) -> Problem:
    """One of the test problems."""
    return Problem.model_validate(yaml.safe_load((PROBLEMS / f"{name}.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def judge() -> Judge:
    """A judge on the native engine; its preparations are shared."""
    found = findings(engines()["native"])
    if found:
        pytest.skip(f"native: {'; '.join(found)}")
    return Judge(engines()["native"])


@pytest.fixture
def two_sum() -> Problem:
    """function, property checker"""
    return load("two-sum")


@pytest.fixture
def counter() -> Problem:
    """class_ops"""
    return load("counter")


@pytest.fixture
def script() -> Problem:
    """script"""
    return load("sum-lines")


@pytest.fixture
def sql() -> Problem:
    """sql"""
    return load("top-buyers")


@pytest.fixture
def softmax() -> Problem:
    """numpy, close"""
    return load("softmax")
