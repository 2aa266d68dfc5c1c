"""Practice in a terminal: asks, reads, prints; or answers from a file, for scripts.

Thin: the session service decides and keeps everything. Does not know how anything is judged or stored.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from bot.domain.ports import Delta, Restart
from bot.domain.scorecard import Scorecard
from bot.domain.session import SessionState
from bot.errors import Conflict, InputRefused, ModelError
from bot.interview.updates import Accepted, Notice, Result, Said, StartRequest, Update
from bot.scoring.beside import beside
from bot.scoring.feedback import sums
from bot.scoring.story import HEARD_AS
from bot.services import Services, open_services
from bot.serving import refresh_index
from bot.settings import Settings

COMMANDS = {
    "/hint": "Could I have a hint, please?",
    "/skip": "Skip this question, please.",
    "/repeat": "Could you repeat the question?",
}
MAX_ANSWERS_BYTES = 2_000_000


def run_practice(
    settings: Settings, request: StartRequest, *, resume: str | None, answers: Path | None, as_json: bool
) -> None:
    """Practise one round; from a file of answers without a person. Raises our errors."""
    services = open_services(settings)
    try:
        for problem in services.bank.problems:
            print(f"Left out: {problem}", file=sys.stderr)
        refresh_index(services)
        lines = read_answers(answers) if answers is not None else None
        asyncio.run(_practise(services, request, resume, lines, as_json))
    finally:
        services.close()


def read_answers(path: Path) -> list[str]:
    """The answers of a file: paragraphs, separated by blank lines. Raises `InputRefused`."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputRefused(
            f"The answers in {path} cannot be read ({problem.strerror}).",
            hint="Check the path and its permissions.",
        ) from problem
    if b"\x00" in data or len(data) > MAX_ANSWERS_BYTES:
        raise InputRefused(
            f"{path} is not a text file of answers.", hint="Write one answer a paragraph, as UTF-8 text."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputRefused(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from problem
    found = [p.strip() for p in re.split(r"\n[ \t\r]*\n", text) if p.strip()]
    if not found:
        raise InputRefused(f"{path} holds no answers.", hint="Write one answer a paragraph.")
    return found


async def _practise(
    services: Services,
    request: StartRequest,
    resume: str | None,
    answers: Iterable[str] | None,
    as_json: bool,
) -> None:
    sessions, owner = services.sessions, request.owner
    session = resume or sessions.create(request)
    show = _Printer(quiet=as_json)
    state = sessions.state(session, owner)
    show.header(services, state)
    await show.stream(sessions.resume(session, owner))
    if answers is not None:
        await _from_file(services, session, owner, answers, show)
    else:
        await _from_person(services, session, owner, show)
    state = sessions.state(session, owner)
    if as_json:
        print(json.dumps(session_json(services, session, owner), ensure_ascii=False, indent=2))
    elif state.scorecard is not None:
        show.scorecard(state.scorecard)


async def _from_file(
    services: Services, session: str, owner: str, answers: Iterable[str], show: _Printer
) -> None:
    for answer in answers:
        if services.sessions.state(session, owner).ended:
            show.note("The round ended before all answers of the file were used.")
            return
        show.candidate(answer)
        await show.stream(services.sessions.answer(session, owner, answer))
    await show.stream(services.sessions.finish(session, owner))


async def _from_person(services: Services, session: str, owner: str, show: _Printer) -> None:
    show.note(
        "Answer and press Enter (a line that ends in \\ goes on). /hint /skip /repeat /finish; Ctrl-D pauses."
    )
    while not services.sessions.state(session, owner).ended:
        try:
            text = await asyncio.to_thread(_read_answer)
        except EOFError:
            services.sessions.pause(session, owner)
            show.note(f"Paused. Go on with: mock-interview practice --resume {session}")
            return
        if text.strip() == "/finish":
            await show.stream(services.sessions.finish(session, owner))
            continue
        try:
            await show.stream(services.sessions.answer(session, owner, COMMANDS.get(text.strip(), text)))
        except (InputRefused, Conflict) as problem:
            show.note(str(problem))


def _read_answer() -> str:
    lines = [input("\nYou: ")]
    while lines[-1].endswith("\\"):
        lines[-1] = lines[-1][:-1]
        lines.append(input("... "))
    return "\n".join(lines)


class _Printer:
    """Prints a session to the terminal; nothing when `quiet`, except notes on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        from rich.console import Console

        self._out = Console(quiet=quiet, highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def header(self, services: Services, state: SessionState) -> None:
        """Which round this is and who judges."""
        plan = state.the_plan
        self._out.print(plan.round.label, style="bold", end=", ")
        self._out.print(f"{plan.level.value}, {plan.minutes:g} minutes, {plan.mode.value} mode.", end=" ")
        self._out.print(f"Judge: {services.sessions.judge_name}.")

    def note(self, text: str) -> None:
        """A remark of the program."""
        self._err.print(text, style="dim", markup=False)

    def candidate(self, text: str) -> None:
        """An answer that came from a file."""
        self._out.print(f"\nYou: {text}", markup=False, style="cyan")

    async def stream(self, updates: AsyncGenerator[Update, None]) -> None:
        """Print the updates of a turn as they come."""
        speaking = False
        async with aclosing(updates):
            async for update in updates:
                match update:
                    case Delta(text=text):
                        self._out.print(("" if speaking else "\nMaya: ") + text, end="", markup=False)
                        speaking = True
                    case Restart():
                        self._out.print("\n(once more)", style="dim", end="")
                        speaking = False
                    case Said():
                        self._out.print()
                        speaking = False
                    case Notice(line=line):
                        self._out.print(f"\n{line}", markup=False, style="yellow")
                    case Accepted() | Result():
                        pass

    def scorecard(self, card: Scorecard) -> None:
        """The scorecard as text: verdict, dimensions with quotes, misses, study list."""
        out = self._out
        out.rule("Scorecard")
        number = (
            f"{card.score:.1f} of 4 ({card.low:.1f} to {card.high:.1f}), " if card.score is not None else ""
        )
        out.print(f"{number}{card.label.value}", style="bold", markup=False)
        out.print(card.verdict, markup=False)
        for line in sums(card):
            out.print(line, markup=False, style="dim")
        for row in card.dimensions:
            level = f"{row.level:.1f}" if row.level is not None else "not assessed"
            out.print(f"\n{row.name}: {level}", style="bold", markup=False)
            out.print(row.why.removeprefix("not assessed: "), markup=False, style="dim")
            shown = [e for e in row.evidence if e.about in HEARD_AS] or row.evidence[:3]
            for found in shown:
                sign = "+" if found.positive else "-"
                taken = f", {HEARD_AS[found.about]}" if found.about in HEARD_AS else ""
                out.print(f'  {sign} "{found.quote.text}" (turn {found.quote.turn}{taken})', markup=False)
            if row.level is not None and row.level < 4:
                out.print(f"  One level up: {row.next_anchor}", markup=False)
        if card.drills:
            out.print("\nPractise next", style="bold")
            for number_, drill in enumerate(card.drills, 1):
                out.print(f"  {number_}. {drill.text}", markup=False)
        if card.study:
            out.print("\nRead", style="bold")
            for item in card.study:
                out.print(f"  {item.about}\n    {item.title} › {item.section}", markup=False)
        out.print()
        for note in card.notes:
            out.print(note, style="dim", markup=False)
        out.print(f"Judged by: {card.judge.name}.", style="dim", markup=False)


def session_json(services: Services, session: str, owner: str) -> dict[str, Any]:
    """The whole session as plain JSON: plan, transcript, events, newest scorecard."""
    events = services.sessions.events(session, owner)
    state = services.sessions.state(session, owner)
    return {
        "session": session,
        "title": state.title,
        "plan": state.the_plan.model_dump(mode="json"),
        "ended": state.ended,
        "transcript": [
            {
                "turn": u.turn,
                "speaker": u.speaker,
                "text": u.text,
                "at_s": round(u.at_s, 3),
                "question": u.question,
                "move": u.move.model_dump(mode="json") if u.move else None,
            }
            for u in state.utterances
        ],
        "scorecard": state.scorecard.model_dump(mode="json") if state.scorecard else None,
        "events": [e.model_dump(mode="json") for e in events],
    }


def list_sessions(settings: Settings, *, as_json: bool) -> None:
    """Print the sessions of this installation's owner."""
    services = open_services(settings)
    try:
        rows = services.sessions.sessions("")
    finally:
        services.close()
    if as_json:
        for row in rows:
            fields = {k: getattr(row, k) for k in row.__slots__}
            print(
                json.dumps(fields | {"created": row.created.isoformat(), "updated": row.updated.isoformat()})
            )
        return
    if not rows:
        print("No sessions yet. Start one: mock-interview practice", file=sys.stderr)
    for row in rows:
        score = f"{row.score:.1f} {row.label}" if row.score is not None else row.label
        print(f"{row.id}  {row.created:%Y-%m-%d %H:%M}  {row.title:32} {row.status:8} {score}")


def export_session(settings: Settings, session: str, kind: str, output: Path | None) -> None:
    """Print or write the report of a session. Raises `NotFound`, `InputRefused` for an unknown format."""
    from bot.review import export
    from bot.review.report import report_of, titles_of

    services = open_services(settings)
    try:
        state = services.sessions.state(session, "")
        events = tuple(services.sessions.events(session, ""))
        report = report_of(state, services.sessions.now(), titles_of(services.bank.questions), events)
        text, _ = export.write(report, kind)
    finally:
        services.close()
    if output is None:
        print(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InputRefused(
            f"{output} cannot be written ({problem.strerror}).", hint="Choose another file with --output."
        ) from problem


def rescore_session(settings: Settings, session: str, judge: str, rubric: Path | None = None) -> None:
    """Score a stored session again and print the new card, and all assessments side by side. `rubric`: a file with
    another version of the round's rubric. What could not be judged adds no assessment. Raises `NotFound`,
    `InputRefused`, `ContentError`, `ModelError`."""
    from bot.bank.yamlfile import load_value
    from bot.domain.content import Rubric

    services = open_services(settings)
    try:
        events = services.sessions.events(session, "")
        other = load_value(rubric, Rubric) if rubric is not None else None
        scored = asyncio.run(services.assessor.again(events, judge, rubric=other))
        if scored.scorecard.status == "failed":
            services.sessions.note_bill(session, "", scored.calls)
            raise ModelError(
                "The judge could not be reached.", hint="The earlier assessments are kept; try later."
            )
        services.sessions.add_assessment(session, "", scored)
        _Printer(quiet=False).scorecard(scored.scorecard)
        found = services.sessions.state(session, "").assessments
        print("\nAll assessments of this session")
        for row in beside([(f"{name}, {at:%Y-%m-%d %H:%M}", card) for name, at, card in found]):
            print(
                "  ".join(f"{cell:44.44}" if n == 0 else f"{cell:26}" for n, cell in enumerate(row)).rstrip()
            )
    finally:
        services.close()
