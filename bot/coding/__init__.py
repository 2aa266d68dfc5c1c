"""Coding rounds: run candidate code in a sandbox, judge it, measure how it grows, and say what happened.

The small public face; everything is imported on first use, so that `import bot` stays fast. What is and is not
promised stands in docs/security.md. Does not know sessions, pages, scoring or storage.

    engine = pick_engine("auto")                 # tested; NoSafeEngine says why none works
    runner = Runner(engine)
    report = await runner.run(source, problem, "all", user=session_id)
    facts = code_facts(source, problem, report)  # for interviewer and scorer
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.coding.engines.base import Engine, EngineInfo
    from bot.coding.engines.choose import list_engines, pick_engine, self_test
    from bot.coding.engines.fetch import fetch_sandbox
    from bot.coding.facts import CodeFacts, code_facts, forbidden
    from bot.coding.report import CaseReport, Growth, HiddenReport, OwnCase, OwnReport, Report
    from bot.coding.runner import Runner, TooManyRuns

_HOMES = {
    "Engine": "engines.base",
    "EngineInfo": "engines.base",
    "list_engines": "engines.choose",
    "pick_engine": "engines.choose",
    "self_test": "engines.choose",
    "fetch_sandbox": "engines.fetch",
    "CodeFacts": "facts",
    "code_facts": "facts",
    "forbidden": "facts",
    "CaseReport": "report",
    "Growth": "report",
    "HiddenReport": "report",
    "OwnCase": "report",
    "OwnReport": "report",
    "Report": "report",
    "Runner": "runner",
    "TooManyRuns": "runner",
}

__all__ = [
    "CaseReport",
    "CodeFacts",
    "Engine",
    "EngineInfo",
    "Growth",
    "HiddenReport",
    "OwnCase",
    "OwnReport",
    "Report",
    "Runner",
    "TooManyRuns",
    "code_facts",
    "fetch_sandbox",
    "forbidden",
    "list_engines",
    "pick_engine",
    "self_test",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
