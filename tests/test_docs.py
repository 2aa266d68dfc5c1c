"""The documents tell the truth where a machine can check it: links exist, commands exist, nothing private slipped in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer.main

from bot.cli import app

ROOT = Path(__file__).resolve().parent.parent
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
# Put together from parts, so that this file does not hold what it looks for.
PRIVATE = re.compile(
    "|".join(
        [
            *(rf"{name}\.{end}" for name, end in (("pypi", "org"), ("registry", "npmjs"), ("deb", "debian"))),
            "python" + "hosted",
            *(f"/{folder}/" for folder in ("work", "root", "farm")),
        ]
    )
)


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    missing = [link for link in local if not (path.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_to_a_heading_find_it(path: Path) -> None:
    for page, part in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", path.read_text(encoding="utf-8")):
        text = (path.parent / page if page else path).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert part in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}, page


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_commands_exist(path: Path) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"mock-interview ([a-z][a-z-]+)", path.read_text(encoding="utf-8")))
    assert named <= known


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    names = {re.split(r"[\[<>=!~ ]", entry)[0].lower() for entry in wanted} - {project["name"]}
    rows = [
        line.split("|")[1].lower()
        for line in (ROOT / "docs" / "dependencies.md").read_text().splitlines()
        if line[:1] == "|"
    ]
    told = {word.strip("`") for row in rows for word in re.split(r"[\s,()\[]+", row)}
    assert sorted(names - told) == []


def test_no_file_names_an_index_or_a_path_of_one_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    found = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".svg", ".woff2") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{name}: {line.strip()[:90]}" for line in text.splitlines() if PRIVATE.search(line)]
    assert found == []


FILES = re.compile(r"`((?:bot|eval|tests|prompts|corpus|docs)/[\w./<>*-]*)(?:::\w+)?`")


@pytest.mark.parametrize("path", [path for path in DOCS if path.name != "CHANGELOG.md"], ids=lambda p: p.name)
def test_files_that_are_named_exist(path: Path) -> None:
    """`a/b.py`, `a/*.yaml`, `a/<any>/b.md`: what a document names in backticks is there. Changes may tell of what is gone."""
    named = set(FILES.findall(path.read_text(encoding="utf-8")))
    missing = [
        name for name in sorted(named) if not any(ROOT.glob(re.sub(r"<[^>]*>", "*", name).rstrip("/")))
    ]
    assert missing == []


def test_the_architecture_names_every_module_and_no_other() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told: set[str] = set()
    for section in text.split("\n### ")[1:]:
        title, body = section.split("\n", 1)
        rows = [row.split("|")[1] for row in body.split("\n## ")[0].splitlines() if row.startswith("| `")]
        told |= {f"{title.strip('`')}/{name}.py" for row in rows for name in re.findall(r"`(\w+)`", row)}
    there = {
        source.relative_to(ROOT).as_posix()
        for source in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "eval").rglob("*.py")]
        if not source.name.startswith("__") and "migrations" not in source.parts
    }
    assert (sorted(there - told), sorted(told - there)) == ([], []), "give it a row in docs/architecture.md"


def test_lines_to_score_that_are_shown_can_be_read() -> None:
    from bot.scoring.batch import Item

    shown = re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in shown for line in block.splitlines()]
    assert [Item.model_validate_json(line).id for line in lines] == ["1", "2", "3"]
