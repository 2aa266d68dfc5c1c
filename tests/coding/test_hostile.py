"""The hostile suite: every program in `hostile/`, on each engine of this machine, as this user and as nobody.

Contract: never accepted, nothing leaked, nothing damaged, nobody left behind, in bounded time. The engine under
test is always a sandboxed one; a naive harness (inside an outer lock) shows that the programs bite.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.coding.engines import deno, fetch, native
from bot.coding.engines.choose import engines, findings

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "hostile").glob("*.py"))
QUICK = [
    "always_equal_object", "answer_for_harness", "clone_flood", "code_swap", "colliding_keys", "desync_protocol",
    "dgram_socketpair", "equal_subclasses", "exec_replace", "fork_bomb", "gc_scan", "hostile_text", "inherited_fds",
    "leak_by_names", "leak_hidden_inputs", "loopback_sockets", "privileged_sockets", "protocol_garbage",
    "raise_limits", "raw_syscalls", "read_application", "read_parent_memory", "read_passwd", "segfault",
    "sigio_parent", "spawn_shell", "weird_numbers", "write_outside",
]  # fmt: skip
NOBODY = 65534


def expectation(program: str) -> set[str]:
    """The verdicts that a program's header allows."""
    text = (HERE / "hostile" / f"{program}.py").read_text(encoding="utf-8")
    found = re.search(r"^# expect: (.*)$", text, re.MULTILINE)
    assert found, f"{program} says nothing about what must happen"
    return set(found[1].split())


def attack(
    engine: str,
    programs: list[Path],
    *,
    python: str = sys.executable,
    user: int | None = None,
    cache: str = "",
) -> list[str]:
    """Run the stand-in application with these programs; the broken promises, in words."""
    import yaml

    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), _packages(yaml)]),
        "XDG_CACHE_HOME": cache or str(fetch.default_folder().parents[1]),
        "TEST_DENO": deno.program(),
    }
    done = subprocess.run(
        [python, str(HERE / "hostile_app.py"), engine, "-", *map(str, programs)],
        capture_output=True, text=True, env=environment, cwd="/", user=user, group=user,
        extra_groups=[] if user is not None else None, timeout=120 + 20 * len(programs),
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = [path.stem for path in programs]
    assert [line["program"] for line in lines] == names, f"the application itself died: {done.stderr[-2000:]}"
    return [problem for line in lines for problem in broken(line)]


def _packages(module: object) -> str:
    return str(Path(str(module.__file__)).parent.parent)  # type: ignore[attr-defined]


def broken(line: dict[str, object]) -> list[str]:
    """The promises that one result breaks."""
    name = line["program"]
    found = [f"{name}: {key} {line[key]} {line['text']}" for key in ("leaks", "damage", "left") if line[key]]
    if line["verdict"] not in expectation(str(name)):
        found.append(f"{name}: verdict {line['verdict']}")
    if float(str(line["seconds"])) > 40:
        found.append(f"{name}: took {line['seconds']} s")
    if int(str(line["size"])) > 400_000 or line["controls"]:
        found.append(f"{name}: what would be shown is too long or holds control characters")
    return found


def usable(engine: str) -> None:
    """Skip, with the reason, when this machine does not have the engine."""
    if found := findings(engines()[engine]):
        pytest.skip(f"{engine}: {'; '.join(found)}")


def programs_for(engine: str) -> list[Path]:
    """All programs; of the slow deno engine (seconds each) the JavaScript ones and every eighth, unless HOSTILE=all."""
    if engine != "deno" or os.environ.get("HOSTILE") == "all":
        return PROGRAMS
    chosen = {path for path in PROGRAMS if path.stem.startswith(("js_", "pyodide_"))}
    return sorted(chosen | set(PROGRAMS[::8]))


def test_every_program_says_what_must_happen() -> None:
    assert len(PROGRAMS) >= 100
    assert set(QUICK) <= {path.stem for path in PROGRAMS}
    for path in PROGRAMS:
        assert "accepted" not in expectation(path.stem)


def test_quick_programs_are_contained_by_the_native_engine() -> None:
    usable("native")
    assert attack("native", [HERE / "hostile" / f"{name}.py" for name in QUICK]) == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", "bwrap", "deno"])
def test_all_programs_are_contained(engine: str) -> None:
    usable(engine)
    assert attack(engine, programs_for(engine)) == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", "bwrap", "deno"])
def test_all_programs_are_contained_when_the_application_is_nobody(engine: str) -> None:
    usable(engine)
    if os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    python = _python_for_nobody()
    if python is None:
        pytest.skip("nobody can execute no Python with our packages here")
    with tempfile.TemporaryDirectory() as cache:  # pytest's own folders are closed to others
        os.chmod(cache, 0o755)
        if engine == "deno":
            home = Path(cache) / "rehearsal"
            shutil.copytree(fetch.default_folder(), home / fetch.default_folder().name)
        assert attack(engine, programs_for(engine), python=python, user=NOBODY, cache=cache) == []


def _python_for_nobody() -> str | None:
    """An interpreter of our version that nobody may execute and that finds our packages."""
    import yaml

    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), _packages(yaml)]),
    }
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            code = subprocess.run(
                [python, "-c", "import bot.coding.judge, yaml"],
                env=environment, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, timeout=60,
            ).returncode  # fmt: skip
        except OSError:
            continue
        if code == 0:
            return python
    return None


def naive(program: str) -> str:
    """The output of the naive harness for one program, inside the outer lock."""
    config = native.lock_config(256, frozenset())
    source = (HERE / "hostile" / f"{program}.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [native.interpreter(), "-I", "-S", str(HERE / "naive_app.py"), str(native.CHILD), json.dumps(config)],
        input=source, capture_output=True, text=True, env={}, cwd="/", timeout=60, check=False,
    )  # fmt: skip
    return done.stdout


def test_the_programs_bite_a_naive_harness() -> None:
    usable("native")
    forged = [
        name
        for name in (
            "always_equal_object",
            "equal_subclasses",
            "gc_scan",
            "patch_main_harness",
            "code_swap",
            "lazy_result",
            "atexit_forge",
        )
        if "VERDICT accepted" in naive(name) or "ALL TESTS PASSED" in naive(name)
    ]
    assert len(forged) >= 4, forged
    assert "987654321" in naive("leak_hidden_inputs")
