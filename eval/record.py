"""Records the cassettes of a suite from the configured model, and proves them by a replay.

Called only by `python -m eval record`. Knows the runner and the cassettes; prints nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.bank import load_bank
from bot.model.providers import from_settings
from bot.resources import corpus_dir, prompts_dir
from bot.settings import Settings
from eval.cassettes import Cassettes, Voice, folder_of, read_cassettes, seal
from eval.parts import Source
from eval.runner import expand, load_suite, run_cases, stamp
from eval.values import CaseResult, InvalidSuite


def record(name: str, settings: Settings, *, workers: int = 1, max_usd: float | None = None) -> str:
    """Play every case of a suite with the settings' model and keep its replies; one sentence on what was kept.

    The old cassettes are replaced only when all cases were played and the new ones replay without a miss. Raises
    `InvalidSuite`.
    """
    suite = load_suite(name)
    if "model" not in (suite.interviewer, suite.judge):
        raise InvalidSuite(f"the suite {name!r} asks no model; there is nothing to record")
    bank = load_bank(prompts_dir(), corpus_dir())
    specs = expand(suite, bank)
    voices = {
        "interviewer": _voice(settings, judge=False),
        "judge": _voice(settings, judge=True),
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        fresh = Cassettes(Path(home), voices, recording=True)
        source = Source(live=settings, cassettes=fresh)
        played = list(run_cases(suite, specs, workers=workers, source=source, max_usd=max_usd))
        crashed = [r for r in played if r.outcome == "error"]
        if crashed:
            raise InvalidSuite(
                f"{crashed[0].id} crashed while it was recorded: {crashed[0].error.strip()[-300:]}"
            )
        if len(played) < len(specs):
            raise InvalidSuite(
                f"the budget ended after {len(played)} of {len(specs)} rounds; the old cassettes are kept"
            )
        marks = stamp("live", bank, suite, Source(live=settings))
        files = seal(fresh, marks["prompts"])
        again = list(
            run_cases(suite, specs, workers=1, source=Source(cassettes=Cassettes(Path(home), voices)))
        )
        _same(played, again)
        target = folder_of(suite.id)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for file in Path(home).iterdir():
            shutil.copyfile(file, target / file.name)
    read_cassettes(suite.id)
    usd = sum(r.usd for r in played)
    calls = sum(r.calls for r in played)
    return (
        f"{len(played)} rounds, {calls} calls, {usd:.4f} USD kept in {files} files of {target.name}; "
        "the replay gives the same"
    )


def _voice(settings: Settings, *, judge: bool) -> Voice:
    wired = from_settings(settings, role="judge" if judge else "interviewer")
    return Voice(wired.name, wired.dialect, wired.thinking)


def _same(played: Sequence[CaseResult], again: Sequence[CaseResult]) -> None:
    """Raise `InvalidSuite` when the replay does not say and score what the recording did."""
    later = {r.id: r for r in again}
    for one in played:
        two = later[one.id]
        if [t.text for t in one.transcript] != [t.text for t in two.transcript] or one.score != two.score:
            why = next((w for m in two.measures for w in m.why), two.error[-300:])
            raise InvalidSuite(
                f"{one.id} does not replay as it was recorded (a retry while recording is one cause): {why}"
            )


def from_stand_in(name: str) -> str:
    """The same with the local stand-in server as the model: shows and tests the path without a key."""
    from bot.model.standin import StandIn
    from bot.settings import load_settings

    with StandIn() as server:
        settings = load_settings({"OPENAI_BASE_URL": server.url, "BOT_MODEL": "stand-in"})
        return record(name, settings)
