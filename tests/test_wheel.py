"""An installed wheel carries everything that a checkout has: prompts, corpus, migrations, static files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = """
import json, sys
from bot.bank import load_bank
from bot.resources import corpus_dir, data_root, prompts_dir
from bot.store.engine import open_engine
import bot
bank = load_bank(prompts_dir(), corpus_dir())
open_engine(f"sqlite:///{sys.argv[1]}/log.db").dispose()
print(json.dumps({
    "from": bot.__file__, "root": str(data_root()), "questions": len(bank.questions), "loops": len(bank.loops),
    "problems": [str(p) for p in bank.problems], "articles": len(list((corpus_dir() / "articles").glob("*.md"))),
}))
"""


@pytest.mark.slow
def test_a_wheel_finds_its_prompts_and_articles(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    env = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path, env=env
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["from"].startswith(str(site))
    assert found["root"] == str(site / "bot" / "_data")
    assert found["problems"] == []
    assert found["questions"] == len(list((ROOT / "prompts" / "questions").glob("*/*.yaml")))
    assert found["articles"] == len(list((ROOT / "corpus" / "articles").glob("*.md")))
    assert found["loops"] == len(list((ROOT / "prompts" / "loops").glob("*.yaml")))
