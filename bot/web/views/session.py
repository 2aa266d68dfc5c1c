"""The session page's own parts: title bar with clock, list of rounds, conversation, workspace, test results.

Pure functions from the folded state. The conversation is a list of chat messages for Gradio's Chatbot (which
renders and sanitises their Markdown); everything else is escaped HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.domain.base import Mode, RoundId
from bot.domain.content import Question
from bot.domain.moves import Move, MoveKind
from bot.domain.session import SessionState, Utterance
from bot.review import words
from bot.review.charts import clock
from bot.review.feedback import Feedback, feedback
from bot.review.markup import esc, icon

THINKING = {
    "": "…",
    "judge": "*Thinking about your answer…*",
    "phrase": "…",
    "score": "*Putting your scorecard together…*",
}


@dataclass(frozen=True, slots=True)
class RoundItem:
    """One line of the list of rounds."""

    label: str
    minutes: float
    status: Literal["done", "now", "next"]
    score: float | None = None
    href: str = ""


# ------------------------------------------------------------------------------------------- conversation


def messages(state: SessionState, questions: Mapping[str, Question]) -> list[dict[str, Any]]:
    """The conversation so far as chat messages. In practice mode, feedback stands where a question was left."""
    shown: list[dict[str, Any]] = []
    practice = state.plan is not None and state.plan.mode is Mode.PRACTICE
    last = ""
    for utterance in state.utterances:
        if practice and utterance.speaker == "interviewer" and _leaves(utterance) and last in questions:
            shown.append(_feedback_message(feedback(questions[last], state.questions[last])))
        shown.append(
            {"role": "user", "content": typed(utterance.text)}
            if utterance.speaker == "candidate"
            else {"role": "assistant", "content": _spoken(utterance)}
        )
        if utterance.question:
            last = utterance.question if not _ends(utterance) else ""
    return shown


def _leaves(utterance: Utterance) -> bool:
    return utterance.move is not None and utterance.move.kind in (MoveKind.ASK, MoveKind.WRAP, MoveKind.CLOSE)


def _ends(utterance: Utterance) -> bool:
    return utterance.move is not None and utterance.move.kind in (MoveKind.WRAP, MoveKind.CLOSE)


_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.S)


def typed(text: str) -> str:
    """The candidate's words as Markdown that shows their tags as they were typed; code is left alone."""
    parts = _CODE.split(text)
    return "".join(part if k % 2 else part.replace("<", "&lt;") for k, part in enumerate(parts))


def _spoken(utterance: Utterance) -> str:
    text = _named(utterance.move, utterance.text)
    return f"{text} *(stopped)*" if utterance.stopped else text


def _named(move: Move | None, text: str) -> str:
    """The words of a hint with its number before them."""
    return f"**Hint {move.hint} of 5.** {text}" if move is not None and move.kind is MoveKind.HINT else text


def _feedback_message(found: Feedback) -> dict[str, Any]:
    if not found.judged:
        body = "Your answer could not be judged just now. It is kept and can be judged later."
    else:
        groups = (
            ("Covered", found.covered),
            ("Partly there", found.partial),
            ("Said wrongly", found.wrong),
            ("Not yet", found.missed),
        )
        body = "\n\n".join(
            f"**{name}**\n" + "\n".join(f"- {s}" for s in group) for name, group in groups if group
        )
    total = len(found.covered) + len(found.partial) + len(found.wrong) + len(found.missed)
    title = f"Feedback: {found.title} ({len(found.covered)} of {total} covered)"
    return {"role": "assistant", "content": body, "metadata": {"title": title, "status": "done"}}


def under_way(doing: str, text: str, move: Move | None = None) -> str:
    """What stands where the interviewer is about to speak, or speaks already."""
    return _named(move, text) if text else THINKING.get(doing, "…")


# ------------------------------------------------------------------------------------------------- frame


def bar(
    state: SessionState,
    questions: Mapping[str, Question],
    now: datetime,
    speaking: bool,
    notice: str,
    *,
    retry: bool = False,
) -> str:
    """Title, mode, clock and the buttons of the round. Data attributes carry what the page's script needs."""
    plan = state.the_plan
    question = questions.get(state.question)
    number = plan.questions.index(state.question) + 1 if state.question in plan.questions else 0
    place = ""
    if number and len(plan.questions) > 1:
        place = f' · <span class="wide">Question </span>{number} of {len(plan.questions)}'
    level = f'<span class="level"> · {esc(words.LEVELS[plan.level])}</span>'
    facts = f"{esc(plan.round.label)}{level}{place}"
    title = question.title if question else plan.round.label
    if state.wrapped:
        title = "Your questions"
    data = {
        "session": state.session,
        "question": state.question,
        "turns": len(state.utterances),
        "left": f"{state.remaining_s(now):.2f}",
        "total": f"{plan.minutes * 60:.0f}",
        "running": int(not state.paused and not state.ended and bool(state.utterances)),
        "stamp": f"{state.seq}.{now.timestamp():.2f}",
        "speaking": int(speaking),
        "paused": int(state.paused),
        "ended": state.ended,
        "pending": state.pending,
        "panes": " ".join(workspace_of(plan.round)),
    }
    attributes = " ".join(f'data-{k}="{esc(v)}"' for k, v in data.items())
    return (
        f'<div class="bar" id="bar-data" {attributes}><div class="bar-title"><p class="eyebrow">'
        f'<span class="mode {plan.mode.value}">{words.MODES[plan.mode]}</span> {facts}</p><h1>{esc(title)}</h1></div>'
        f"{_clock(state, now)}{_buttons(state, questions)}</div>{_line(state, notice, retry)}"
    )


def _clock(state: SessionState, now: datetime) -> str:
    left = state.remaining_s(now)
    shown = f"{'+' if left < 0 else ''}{clock(abs(left))}"
    return (
        '<div class="clock" role="timer" aria-label="Time left in this round">'
        '<svg viewBox="0 0 36 36" width="22" height="22" aria-hidden="true"><circle cx="18" cy="18" r="15" class="bg"/>'
        '<circle cx="18" cy="18" r="15" class="fg" pathLength="100"/></svg>'
        f'<span class="t">{shown}</span></div>'
    )


def _buttons(state: SessionState, questions: Mapping[str, Question]) -> str:
    plan, current = state.the_plan, state.current
    parts = []
    if state.ended:
        return f'<a class="button primary" href="/review?s={esc(state.session)}">Open the review</a>'
    asking = (
        current is not None and current.closed_s is None and current.id in questions and not state.wrapped
    )
    if plan.mode is Mode.PRACTICE:
        left = plan.max_hints - current.hints if current is not None and asking else 0
        off = "" if asking and left > 0 else " disabled"
        parts.append(
            f'<button type="button" class="button" data-act="hint"{off}>Hint <small>{left} left</small></button>'
        )
    parts.append(
        f'<button type="button" class="button" data-act="skip"{"" if asking else " disabled"}>Skip</button>'
    )
    if state.paused:
        parts.append('<button type="button" class="button" data-act="unpause">Go on</button>')
    else:
        parts.append('<button type="button" class="button" data-act="pause">Pause</button>')
    parts.append('<button type="button" class="button" data-act="finish">Finish</button>')
    return f'<div class="bar-buttons">{"".join(parts)}</div>'


def _line(state: SessionState, notice: str, retry: bool) -> str:
    if state.paused:
        return (
            '<p class="notice-line" role="status">Paused. The clock stands still; come back whenever you like, '
            "everything is saved.</p>"
        )
    again = '<button type="button" class="button" data-act="retry">Try again</button>' if retry else ""
    return f'<p class="notice-line" role="status">{esc(notice)}{again}</p>' if notice else ""


def side(
    state: SessionState, rounds: Sequence[RoundItem], questions: Mapping[str, Question], loop: str
) -> str:
    """The list of rounds; the current one unfolds into its questions or phases."""
    plan = state.the_plan
    done = sum(r.status == "done" for r in rounds)
    rows = "".join(_round(r, state, questions) for r in rounds)
    progress = (
        f'<div class="rounds-done" role="progressbar" aria-label="Rounds completed" aria-valuemin="0" '
        f'aria-valuemax="{len(rounds)}" aria-valuenow="{done}"><span style="width:{100 * done / len(rounds):.0f}%">'
        f'</span></div><p class="small">{done} of {len(rounds)} rounds done</p>'
        if len(rounds) > 1
        else ""
    )
    if not plan.loop_run:
        loop = "Single round" if plan.loop == "standard" else f"Single round, {loop}"
    return (
        f'<div class="side"><p class="eyebrow">{esc(loop)}</p><h2>ML engineer, {words.LEVELS[plan.level].lower()}</h2>'
        f'{progress}<ol class="round-list">{rows}</ol>'
        f'<p class="side-note"><b>{words.MODES[plan.mode]} mode.</b> {esc(words.MODE_NOTES[plan.mode])}.</p></div>'
    )


_ROUND_WORDS = {"done": "Done", "now": "In progress", "next": "Up next"}


def _round(item: RoundItem, state: SessionState, questions: Mapping[str, Question]) -> str:
    mark = icon("check", 14) if item.status == "done" else ""
    score = f" · {item.score:.1f} of 4" if item.score is not None else ""
    now = ' aria-current="step"' if item.status == "now" else ""
    label = f'<a href="{esc(item.href)}">{esc(item.label)}</a>' if item.href else esc(item.label)
    steps = _steps(state, questions) if item.status == "now" else ""
    return (
        f'<li class="{item.status}"{now}><span class="mark">{mark}</span><div><div class="name">{label}'
        f'<span>{item.minutes:g} min</span></div><div class="status">{_ROUND_WORDS[item.status]}{score}</div>{steps}</div></li>'
    )


def _steps(state: SessionState, questions: Mapping[str, Question]) -> str:
    """The questions met so far by title and how many are still to come; the phases when there is one question."""
    plan = state.the_plan
    if len(plan.questions) == 1:
        order = [p.id for p in plan.phases]
        here = order.index(state.phase) if state.phase in order else 0
        rows = [
            (p.name, "done" if k < here else "now" if k == here else "next")
            for k, p in enumerate(plan.phases)
        ]
    else:
        rows = [
            (
                questions[q.id].title if q.id in questions else q.id,
                "done" if q.closed_s is not None else "now",
            )
            for q in state.questions.values()
        ]
        to_come = max(0, len(plan.questions) - len(rows))
        if to_come and not state.wrapped:
            rows.append((words.count(to_come, "question") + " to come", "next"))
    return '<ul class="steps">' + "".join(f'<li class="{s}">{esc(t)}</li>' for t, s in rows) + "</ul>"


FINISH_DIALOG = (
    '<dialog id="finish-dialog" aria-labelledby="finish-title"><h2 id="finish-title">Finish this round?</h2>'
    "<p>Everything you said and wrote is saved. The interviewer closes, and your scorecard is put together from what "
    'there is so far.</p><p id="finish-draft" hidden>The text in the answer box has not been sent and will not count.</p>'
    '<div class="actions"><button type="button" class="button primary" data-act="finish-now">Finish and see the review'
    '</button><button type="button" class="button" data-act="finish-no">Go on with the round</button></div></dialog>'
)

COMPOSER = (
    '<form class="composer" id="composer"><label class="sr" for="answer">Your answer</label>'
    '<textarea id="answer" rows="1" placeholder="Answer, or think out loud…" maxlength="16000" enterkeyhint="send" '
    'autocomplete="off"></textarea>'
    '<button type="button" class="composer-stop" data-act="stop" hidden>Stop</button>'
    '<button type="submit" class="composer-send" aria-label="Send">'
    '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 19V5M6 11l6-6 6 6"/></svg></button>'
    '</form><p class="under-composer"><span><kbd>Enter</kbd> send <kbd>Shift</kbd> <kbd>Enter</kbd> new line</span>'
    '<span id="composer-note" role="status"></span></p><span class="sr" id="clock-live" aria-live="assertive"></span>'
)

PANES = (
    '<div class="panes" role="group" aria-label="Panels"><button type="button" aria-pressed="true" data-pane="chat">Interview'
    '</button><button type="button" aria-pressed="false" data-pane="work">Workspace</button></div>'
)

JUMP = (
    f'<button type="button" id="jump" class="jump" data-act="jump" hidden>{icon("down", 16)} Latest</button>'
)


def notes_pane() -> str:
    """The notes of a question: private words that the interviewer may read, never a wrong answer."""
    return (
        '<label class="sr" for="notes">Notes</label><textarea id="notes" class="sheet" placeholder="Notes, numbers, '
        'a plan. The interviewer can read them; they are not scored."></textarea>'
    )


def diagram_pane() -> str:
    """Diagram as text, with the text that the interviewer reads named as such."""
    return (
        '<label class="sr" for="diagram">Diagram as text</label><textarea id="diagram" class="sheet short" spellcheck="false" '
        'placeholder="client -> api -> ranker&#10;api -> feature store&#10;ranker -> logs -> training"></textarea>'
        '<p class="small">One line for each arrow, or a Mermaid diagram. The interviewer reads exactly this text: '
        '<b id="diagram-facts">nothing yet</b>.</p>'
    )


NO_SESSION = (
    '<template id="no-session"><div class="bar" id="bar-data" data-missing="1"><div class="bar-title"><h1>There is no such '
    'session</h1><p class="small">It may have been deleted, or it belongs to somebody else.</p></div>'
    '<a class="button primary" href="/">All sessions</a></div></template>'
)


# ------------------------------------------------------------------------------------------------ test results

_VERDICTS = {
    "accepted": ("Pass", "good"), "wrong": ("Fail", "bad"), "error": ("Error", "bad"), "timeout": ("Timed out", "bad"),
    "memory": ("Too much memory", "bad"), "output": ("Too much output", "bad"), "crashed": ("Crashed", "bad"),
    "exit": ("Called exit", "bad"), "protocol": ("Fail", "bad"), "not_run": ("Not run", ""),
    "engine_error": ("Our trouble", ""),
}  # fmt: skip


def run_result(report: Mapping[str, Any]) -> str:
    """Passed of total, time, and for each failure what was expected and what came (`bot.coding.Report` as JSON)."""
    visible: Sequence[Mapping[str, Any]] = report.get("visible") or ()
    own: Sequence[Mapping[str, Any]] = report.get("own") or ()
    passed = sum(c.get("verdict") == "accepted" for c in visible)
    good = bool(visible) and passed == len(visible) and report.get("verdict") == "accepted"
    verdict = str(report.get("verdict", ""))
    ran = visible and any(c.get("verdict") != "not_run" for c in visible)
    head = (
        f"{passed} of {words.count(len(visible), 'test')} pass"
        if ran
        else _VERDICTS.get(verdict, ("Could not run", ""))[0]
    )
    if ran and verdict == "timeout":
        head += ", timed out"
    hidden = report.get("hidden")
    more = f" · {hidden['passed']} of {hidden['total']} hidden" if hidden else ""
    notes = "".join(f'<p class="run-note">{esc(report[k])}</p>' for k in ("note",) if report.get(k))
    trouble = "".join(
        f'<pre tabindex="0"{" class=trouble" if key == "error" else ""}>{esc(report[key])}</pre>'
        for key in ("error", "stdout")
        if report.get(key)
    )
    rows = "".join(_case(c) for c in visible if ran) + "".join(_own_case(c) for c in own)
    return (
        f'<div class="run {"good" if good else "bad"}"><div class="run-head"><strong>{esc(head)}</strong>'
        f"<span>{float(report.get('ms') or 0):.0f} ms{more}</span></div>{notes}{trouble}<ul>{rows}</ul></div>"
    )


def _case(case: Mapping[str, Any]) -> str:
    word, kind = _VERDICTS.get(str(case.get("verdict", "")), ("Fail", "bad"))
    failed = case.get("verdict") != "accepted"
    detail = _pairs((k, case.get(k)) for k in ("expected", "got")) if failed else ""
    if failed and case.get("note"):
        detail += f"<p>{esc(case['note'])}</p>"
    for key in ("error", "stdout"):
        if case.get(key) and (failed or key == "stdout"):  # an error that was expected is no trouble
            detail += f'<pre tabindex="0">{esc(case[key])}</pre>'
    name = f"{case.get('name') or 'case'}"
    args = f"<code>{esc(case['args'])}</code>" if case.get("args") else ""
    return (
        f'<li><span class="chip {kind}">{esc(word)}</span><div><b>{esc(name)}</b> {args}{detail}</div></li>'
    )


def _own_case(case: Mapping[str, Any]) -> str:
    agrees = case.get("agrees")
    word, kind = (
        ("As predicted", "good") if agrees else ("Otherwise", "bad") if agrees is False else ("Yours", "")
    )
    detail = _pairs([("predicted", case.get("predicted")), ("got", case.get("got"))])
    for key in ("note", "error", "stdout"):
        if case.get(key):
            detail += f'<pre tabindex="0">{esc(case[key])}</pre>'
    return f'<li><span class="chip {kind}">{word}</span><div><code>{esc(case.get("args", ""))}</code>{detail}</div></li>'


def _pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    rows = "".join(f"<dt>{k}</dt><dd><code>{esc(v)}</code></dd>" for k, v in pairs if v not in (None, ""))
    return f"<dl>{rows}</dl>" if rows else ""


RUN_EMPTY = '<div class="empty">Run your code to see the results of the tests here.</div>'


def workspace_of(round_id: RoundId) -> tuple[str, ...]:
    """Which panes a round has: code, diagram, notes."""
    if round_id.is_coding:
        return ("code", "notes")
    if round_id is RoundId.ML_SYSTEM_DESIGN:
        return ("diagram", "notes")
    return ("notes",)


RUN_BAR = (
    '<div class="run-bar"><button type="button" class="button" data-act="run" id="run">Run tests</button>'
    '<span class="small"><kbd>Ctrl</kbd> <kbd>Enter</kbd> run · <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the editor</span>'
    '<span id="code-note" class="small" role="status"></span></div>'
    '<details class="own-cases"><summary>Your own cases</summary><label class="small" for="tests">One a line: the arguments, '
    'then <code>-></code> and what you expect</label><textarea id="tests" class="sheet tiny" spellcheck="false" '
    'placeholder="[(1, 3), (2, 5)] -> [(1, 5)]"></textarea></details>'
)
