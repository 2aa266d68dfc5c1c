"""Choosing an engine, its self-test, the tables of system calls, and the explicit fetch of the deno engine."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest

from bot.coding.engines import choose, fetch, native
from bot.coding.engines.base import Engine, EngineInfo
from bot.coding.engines.native import CHILD, NativeEngine
from bot.coding.engines.probe import probe
from bot.coding.process import Child, ProcessLimits
from bot.domain.problem import Verdict
from bot.errors import NoSafeEngine, SandboxError, SettingsError

sys.path.insert(0, str(CHILD))
import lockdown  # type: ignore[import-not-found]

sys.path.remove(str(CHILD))


class Unlocked(NativeEngine):
    """The native engine without its lock: what the self-test must recognise."""

    def spawn(self, *, memory_mb: int, needs: frozenset[str]) -> Child:
        child = Child(native.python_argv(native.interpreter()), native.ENVIRONMENT, "/", ProcessLimits())
        child.send(native.lock_config(memory_mb, needs, lock=False))
        return child


def test_the_self_test_passes_here_and_recognises_an_open_engine(tmp_path: Path) -> None:
    if native.unsupported():
        pytest.skip(native.unsupported())
    assert choose.self_test(NativeEngine()) == []
    found = probe(Unlocked(), tmp_path)
    for what in (
        "read the application's files",
        "write files",
        "start processes",
        "start programs",
        "network",
        "signal",
    ):
        assert any(what in line for line in found), (what, found)


def test_a_child_that_cannot_lock_itself_in_refuses_to_start() -> None:
    if native.unsupported():
        pytest.skip(native.unsupported())
    child = Child(native.python_argv(native.interpreter()), native.ENVIRONMENT, "/", ProcessLimits())
    with child:
        child.send(native.lock_config(64, frozenset()) | {"read": ["/\0"]})
        hello = child.wait_ready()
    assert hello.fields is not None
    assert "failed" in hello.fields


def test_engines_are_listed_with_reasons() -> None:
    found = {info.name: info for info in choose.list_engines()}
    assert list(found) == ["native", "bwrap", "deno"]
    assert all(info.available or info.why_not for info in found.values())


def test_unknown_and_switched_off() -> None:
    with pytest.raises(SettingsError, match="docker"):
        choose.pick_engine("docker")
    with pytest.raises(NoSafeEngine, match="switched off"):
        choose.pick_engine("off")


def test_no_safe_engine_gives_every_reason_and_no_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        choose,
        "_findings",
        {"native": ["it lets code write files"], "bwrap": ["not installed"], "deno": ["not here"]},
    )
    with pytest.raises(NoSafeEngine) as caught:
        choose.pick_engine("auto")
    for word in ("native: it lets code write files", "bwrap: not installed", "deno: not here", "think aloud"):
        assert word in str(caught.value)


def test_needs_are_part_of_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = SimpleNamespace(info=EngineInfo(name="native", available=True), spawn=None)
    engines: dict[str, Engine] = dict.fromkeys(choose.ORDER, bare)
    monkeypatch.setattr(choose, "_engines", engines)
    monkeypatch.setattr(choose, "_findings", {name: [] for name in choose.ORDER})
    assert choose.pick_engine("auto").info.name == "native"
    with pytest.raises(NoSafeEngine, match="no numpy"):
        choose.pick_engine("auto", frozenset({"numpy"}))


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, bot.coding; print([m for m in sys.modules if m.startswith('bot.coding.')])"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHILD.parents[2]
    )
    assert out.stdout.strip() == "[]"


# ------------------------------------------------------------------------------------------------ system calls

HEADERS = {
    "x86_64": [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")],
    "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
}
ALIASES = {"newfstatat": "fstatat"}


def _launch_tables() -> dict[str, dict[str, int]]:
    text = (CHILD / "launch.py").read_text(encoding="utf-8")
    scope: dict[str, dict[str, int]] = {}
    for name in ("DENY_X86_64", "DENY_AARCH64"):
        body = re.search(rf"^{name} = \{{(.*?)\}}", text, re.DOTALL | re.MULTILINE)
        assert body
        scope[name] = {key: int(value) for key, value in re.findall(r'"(\w+)": (\d+)', body[1])}
    return {"x86_64": scope["DENY_X86_64"], "aarch64": scope["DENY_AARCH64"]}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_tables_agree_with_the_headers_of_the_kernel(machine: str) -> None:
    header = next((path for path in HEADERS[machine] if path.is_file()), None)
    if header is None:
        pytest.skip("no kernel headers on this machine")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text(encoding="utf-8"))
    official = {name: int(number) for name, number in found}
    _, allow, special = lockdown.ARCHES[machine]
    ours = {**allow, **special, **_launch_tables()[machine], "capset": lockdown.CAPSET[machine]}
    for name, number in ours.items():
        assert official.get(name, official.get(ALIASES.get(name, name))) == number, name


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_nothing_dangerous_is_on_the_allow_list(machine: str) -> None:
    _, allow, _ = lockdown.ARCHES[machine]
    assert not set(allow.values()) & set(_launch_tables()[machine].values()) - {
        allow[n] for n in ("sendto", "sendmsg")
    }


def simulate(
    program: list[tuple[int, int, int, int]], number: int, arch: int, args: tuple[int, ...] = ()
) -> int:
    """The kernel's interpreter of such a filter, for the few instructions that are used."""
    data = {0: number, 4: arch}
    for i, value in enumerate((*args, *[0] * (6 - len(args)))):
        data[16 + 8 * i], data[20 + 8 * i] = value & 0xFFFFFFFF, value >> 32
    a = at = 0
    while True:
        code, yes, no, k = program[at]
        at += 1
        if code == 0x20:
            a = data[k]
        elif code == 0x54:
            a &= k
        elif code == 0x06:
            return k
        else:
            hit = {0x15: a == k, 0x35: a >= k, 0x45: bool(a & k)}[code]
            at += yes if hit else no


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_decides_as_meant(machine: str) -> None:
    arch, allow, special = lockdown.ARCHES[machine]
    program = lockdown.allow_list(machine, 1234)
    allowed, refused = 0x7FFF0000, 0x00050001

    def ask(name: str, *args: int) -> int:
        return simulate(program, special.get(name, allow.get(name, -1)), arch, args)

    for number in range(600):
        if number in allow.values():
            assert simulate(program, number, arch) == allowed
        elif number not in special.values():
            assert simulate(program, number, arch) == refused
    assert ask("clone", 0x10000 | 0x100) == allowed
    assert ask("clone", 17) == refused
    assert ask("clone3") == 0x00050026
    assert (ask("tgkill", 1234, 1, 9), ask("tgkill", 1, 1, 9)) == (allowed, refused)
    assert ask("socketpair", 1, 1 | 0x80000) == allowed
    assert ask("socketpair", 1, 2) == ask("socketpair", 1, 5) == ask("socketpair", 2, 1) == refused
    assert (ask("prlimit64", 0, 7, 0), ask("prlimit64", 0, 7, 1 << 40), ask("prlimit64", 0, 7, 8)) == (
        allowed,
        refused,
        refused,
    )
    assert (ask("ioctl", 0, 0x5401), ask("ioctl", 0, 0x5412), ask("ioctl", 0, 0x8901)) == (
        allowed,
        refused,
        refused,
    )
    assert [ask("fcntl", 3, command) for command in (0, 1, 2, 3, 1030)] == [allowed] * 5
    assert [ask("fcntl", 3, command) for command in (8, 10, 15, 1024, 1026)] == [refused] * 5
    assert (ask("fcntl", 3, 4, 0x800), ask("fcntl", 3, 4, 0x2000)) == (allowed, refused)
    assert ask("seccomp") == refused
    assert simulate(program, 1, 0x40000003) == 0x80000000
    if machine == "x86_64":
        assert simulate(program, 0x40000001, arch) == 0x80000000


def test_what_may_be_read_holds_no_packages_and_nothing_of_ours() -> None:
    ours = Path(native.__file__).resolve().parents[3]
    for path in native.readable():
        assert "site-packages" not in Path(path).parts
        assert "dist-packages" not in Path(path).parts
        assert not ours.is_relative_to(path)
        assert path not in ("/", "/etc", "/proc", "/home", "/usr", "/tmp")


# ------------------------------------------------------------------------------------------------ process


def test_a_child_that_never_reads_or_answers_is_ended() -> None:
    code = 'import time; print(\'{"op": "ready"}\', flush=True); time.sleep(60)'
    with Child([sys.executable, "-c", code], {}, "/", ProcessLimits()) as child:
        assert child.wait_ready().failure is None
        answer = child.ask({"op": "case", "id": 1, "args": ["x" * 1_000_000]}, 5.0, 0.2)
        assert answer.failure is Verdict.TIMEOUT
        assert child.ask({"op": "case", "id": 2, "args": []}, 5.0, 0.2).failure is Verdict.TIMEOUT
    child.close()


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ("print('nonsense')", Verdict.PROTOCOL),
        ('print(\'{"op": "case", "id": 9}\')', Verdict.PROTOCOL),
        ("", Verdict.CRASHED),
        ("sys.stdout.write('x' * 5_000_000)", Verdict.OUTPUT),
    ],
)
def test_what_a_broken_child_comes_to(says: str, verdict: Verdict) -> None:
    code = f'import sys; print(\'{{"op": "ready"}}\', flush=True); sys.stdin.readline(); {says}'
    with Child([sys.executable, "-c", code], {}, "/", ProcessLimits()) as child:
        child.wait_ready()
        assert child.ask({"op": "case", "id": 1, "args": []}, 5.0, 10.0).failure is verdict


# ------------------------------------------------------------------------------------------------ fetch

SMALL = {"a.mjs": b"alpha" * 1000, "b.wasm": b"beta"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small files instead of the real ones, and no Deno."""
    pinned = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in SMALL.items()}
    monkeypatch.setattr(fetch, "FILES", pinned)
    monkeypatch.setattr("bot.coding.engines.deno.program", lambda: "")


class _Files(BaseHTTPRequestHandler):
    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        data = self.files.get(self.path.lstrip("/"))
        self.send_response(200 if data is not None else 404)
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A loopback CDN."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}/"
    web.shutdown()
    web.server_close()
    thread.join()


@pytest.mark.usefixtures("small")
def test_fetching_checks_and_reports(server: str, tmp_path: Path) -> None:
    _Files.files = dict(SMALL)
    seen: list[tuple[int, int]] = []
    folder = fetch.fetch_sandbox(
        tmp_path / "p", base_url=server, progress=lambda done, total: seen.append((done, total))
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == SMALL
    assert seen[-1] == (5004, 5004)
    assert fetch.missing(folder) == []
    _Files.files = {}
    fetch.fetch_sandbox(tmp_path / "p", base_url=server)  # all there: nothing is fetched


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("bad", [b"Alpha" * 1000, b"alpha" * 999, b"alpha" * 100_000, None])
def test_a_changed_file_is_not_kept(server: str, tmp_path: Path, bad: bytes | None) -> None:
    _Files.files = dict(SMALL) | ({"a.mjs": bad} if bad is not None else {})
    if bad is None:
        del _Files.files["a.mjs"]
    with pytest.raises(SandboxError):
        fetch.fetch_sandbox(tmp_path / "p", base_url=server)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_an_archive_works_offline(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as tar:
        for name, data in SMALL.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    assert fetch.missing(fetch.fetch_sandbox(tmp_path / "p", archive=tmp_path / "x.tgz")) == []
    (tmp_path / "y.tgz").write_bytes(b"no archive")
    with pytest.raises(SandboxError, match="archive"):
        fetch.fetch_sandbox(tmp_path / "q", archive=tmp_path / "y.tgz")
