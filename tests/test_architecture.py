"""Arrows run one way; heavy packages are touched only where they belong; importing is quick and quiet."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS: dict[str, set[str]] = {
    "domain": set(),
    "bank": {"domain"},
    "model": {"domain", "bank"},
    "store": {"domain", "bank", "model"},
    "coding": {"domain", "bank", "model"},
    "knowledge": {"domain", "bank", "model", "store"},
    "scoring": {"domain", "bank", "model"},
}
for upper in ("interview", "review", "authoring", "web"):  # each may use everything below it
    LAYERS[upper] = set(LAYERS)
"""What each package of `bot` may import of ours (besides errors, settings and resources)."""
ALWAYS = {"errors", "settings", "resources", ""}
OWNERS = {
    "chromadb": "knowledge",
    "gradio": "web",
    "sqlalchemy": "store",
    "alembic": "store",
    "langchain": "model",
}
FREE = {
    "cli",
    "cli_authoring",
    "cli_knowledge",
    "cli_score",
    "services",
    "serving",
    "terminal",
    "__main__",
}
"""Top-level modules that put things together may import every package of ours."""


def modules() -> list[Path]:
    return sorted(p for p in (ROOT / "bot").rglob("*.py") if "child" not in p.parts)


@cache
def imports(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Dotted names that a module imports: when it runs, and those under `if TYPE_CHECKING`."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    typing_only = {
        id(node)
        for block in nodes
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    found: tuple[set[str], set[str]] = (set(), set())
    for node in nodes:
        names = found[id(node) in typing_only]
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found[0]), frozenset(found[1])


def package_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "bot").with_suffix("").parts
    return parts[0]


PACKAGES = sorted({package_of(path) for path in modules()})


@pytest.mark.parametrize("package", PACKAGES)
def test_arrows_run_one_way(package: str) -> None:
    for path in [p for p in modules() if package_of(p) == package]:
        at_run_time, for_types = imports(path)
        where = str(path.relative_to(ROOT))
        ours = {n.split(".")[1] for n in at_run_time | for_types if n.startswith("bot.")}
        packages = {name for name in ours if name in LAYERS}
        assert "eval" not in {n.split(".")[0] for n in at_run_time}, f"{where}: bot never imports eval"
        if package in LAYERS:
            assert packages <= LAYERS[package] | {package}, where
            assert not ours & FREE, f"{where}: a package does not know who puts it together"
        if package in ("domain", "errors"):
            assert ours <= {"domain"}, where


@pytest.mark.parametrize("package", PACKAGES)
def test_heavy_packages_have_one_owner_and_only_settings_reads_the_environment(package: str) -> None:
    for path in [p for p in modules() if package_of(p) == package]:
        where = str(path.relative_to(ROOT))
        for name in imports(path)[0]:
            owner = next((o for heavy, o in OWNERS.items() if name.split(".")[0].startswith(heavy)), package)
            assert owner == package, f"{where}: {name} belongs to bot/{owner}"
        if path.name != "settings.py":
            assert "os.getenv" not in path.read_text(), where


def test_importing_is_quiet_and_brings_nothing_heavy() -> None:
    heavy = [
        "chromadb",
        "gradio",
        "langchain",
        "langchain_core",
        "sqlalchemy",
        "numpy",
        "tiktoken",
        "trafilatura",
    ]
    code = f"import sys, bot, bot.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
