"""Which engines there are, which one to use, and whether it really holds: the quick self-test at start.

Never falls back to a process without a sandbox: when nothing safe works, `NoSafeEngine` says why, engine by
engine, and coding rounds go on without running code.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from bot.coding.engines.base import Engine, EngineInfo
from bot.coding.engines.bwrap import BwrapEngine
from bot.coding.engines.deno import DenoEngine
from bot.coding.engines.native import NativeEngine
from bot.coding.engines.probe import probe
from bot.errors import NoSafeEngine, SettingsError

POLICIES = ("auto", "native", "bwrap", "deno", "off")
#: `auto` takes the first that is available and passes its self-test
ORDER = ("native", "bwrap", "deno")

_engines: dict[str, Engine] = {}
_findings: dict[str, list[str]] = {}
_lock = threading.Lock()


def engines() -> dict[str, Engine]:
    """All engines by name, in the order of preference."""
    if not _engines:
        found: tuple[Engine, ...] = (NativeEngine(), BwrapEngine(), DenoEngine())
        _engines.update((engine.info.name, engine) for engine in found)
    return _engines


def list_engines() -> list[EngineInfo]:
    """Every engine with what it is made of and why it may not be usable here. Quick; starts nothing."""
    return [engine.info for engine in engines().values()]


def self_test(engine: Engine) -> list[str]:
    """What is wrong with an engine, in sentences; empty when every probe held. Takes 0.2 to 3 s."""
    if not engine.info.available:
        return [engine.info.why_not]
    with tempfile.TemporaryDirectory(prefix="rehearsal-probe-") as folder:
        return probe(engine, Path(folder))


def findings(engine: Engine) -> list[str]:
    """The self-test's findings, made once in this process."""
    name = engine.info.name
    with _lock:
        if name not in _findings:
            _findings[name] = self_test(engine)
        return _findings[name]


def pick_engine(policy: str = "auto", needs: frozenset[str] = frozenset()) -> Engine:
    """The engine to use, tested. Raises `NoSafeEngine` with the reasons, `SettingsError` for an unknown policy."""
    if policy not in POLICIES:
        raise SettingsError(
            f"There is no code engine {policy!r}.",
            hint=f"Set BOT_CODE_ENGINE to one of {', '.join(POLICIES)}.",
        )
    if policy == "off":
        raise NoSafeEngine("Running code is switched off.", hint="Set BOT_CODE_ENGINE=auto to switch it on.")
    reasons = []
    for name in ORDER if policy == "auto" else (policy,):
        engine = engines()[name]
        if missing := needs - set(engine.info.has):
            reasons.append(f"{name}: it has no {', '.join(sorted(missing))}")
        elif found := findings(engine):
            reasons.append(f"{name}: {'; '.join(found)}")
        else:
            return engine
    raise NoSafeEngine(
        "Code cannot be run safely here. " + ". ".join(reason.rstrip(".") for reason in reasons) + ".",
        hint="Coding rounds work without running: you think aloud, and the code is read. See docs/security.md.",
    )
