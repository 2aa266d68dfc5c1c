"""The faces of the review page around the review itself: before, while waiting, and what can be done afterwards."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.base import RoundId
from bot.domain.content import Loop, Rubric
from bot.domain.plan import Plan
from bot.domain.scorecard import Debrief
from bot.interview.again import Again
from bot.review import charts, words
from bot.review.html import transcript
from bot.review.markup import clip, esc
from bot.review.report import Assessed, Report
from bot.web.views.layout import Notice

MOST_COLUMNS = 5
"""Assessments that stand side by side, the newest ones."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be done from this page. `judges`: (id, name) of judges that could score it again."""

    judges: tuple[tuple[str, str], ...] = ()
    weakest: str = ""
    weakest_title: str = ""
    redo_of: str = ""  # session id that this one repeats a question of


def exports(session: str) -> str:
    """The export buttons."""
    key = esc(session)
    rows = "".join(
        f'<a class="button" href="/api/sessions/{key}/export.{ext}" download>{name}</a>'
        for ext, name in (("md", "Markdown"), ("json", "JSON"), ("html", "HTML"))
    )
    return (
        f'<div class="exports" role="group" aria-label="Export">{rows}'
        '<button type="button" class="button" data-act="print">PDF</button></div>'
    )


def again_line(anew: Again) -> str:
    """How far another assessment is."""
    who = words.JUDGES.get(anew.judge, anew.judge)
    return f"Scoring again with {who}: {words.count(anew.answers, 'answer')} read so far. You can leave this page."


def outcome(anew: Again, report: Report) -> Notice:
    """How another assessment ended."""
    if anew.trouble:
        return Notice(f"It could not be scored again. {anew.trouble}", "bad")
    scores = [charts.spoken(a.scorecard.score) for a in report.assessments[-2:]]
    return Notice(f"Scored again: {' before, '.join(scores)} now. Both assessments are kept.", "good")


def again(report: Report, choices: Choices, anew: Again | None = None) -> str:
    """What to do from here: redo an answer, score again (or how far that is), look at earlier assessments."""
    key = esc(report.session)
    parts = ""
    if choices.weakest:
        parts += (
            f'<form method="post" action="/sessions/{key}/redo"><input type="hidden" name="question" '
            f'value="{esc(choices.weakest)}"><p>The answer that lost most: <b>{esc(choices.weakest_title)}</b></p>'
            '<button class="button primary">Redo this answer</button></form>'
        )
    if anew is not None and anew.running:
        parts += (
            f'<div data-watch="/api/sessions/{key}/status"><p role="status" data-line>{esc(again_line(anew))}</p>'
            '<div class="progress" role="progressbar" aria-label="Scoring"><span></span></div></div>'
        )
    elif choices.judges:
        options = "".join(f'<option value="{esc(i)}">{esc(n)}</option>' for i, n in choices.judges)
        parts += (
            f'<form method="post" action="/sessions/{key}/rescore"><label class="field"><span>Score it again with</span>'
            f'<select name="judge">{options}</select></label><button class="button">Score again</button></form>'
        )
    if len(report.assessments) > 1:
        parts += _side_by_side(report.assessments[-MOST_COLUMNS:])
    if not parts:
        return ""
    return f'<section class="again" aria-labelledby="h-again"><h2 id="h-again">Go on from here</h2>{parts}</section>'


def _side_by_side(assessments: Sequence[Assessed]) -> str:
    """Assessments of one session in columns, oldest first: score, verdict, and the level of every dimension."""
    cards = [a.scorecard for a in assessments]
    names = {d.dimension: d.name for card in cards for d in card.dimensions}
    levels = [{d.dimension: d.level for d in card.dimensions} for card in cards]

    def line(name: str, cells: Iterable[str], kind: str = "") -> str:
        return f"<tr{kind}><th scope=row>{esc(name)}</th>{''.join(f'<td>{esc(c)}</td>' for c in cells)}</tr>"

    rows = line("Score", [charts.spoken(c.score) for c in cards], ' class="total"')
    rows += line("Verdict", [words.label(c.label) for c in cards])
    rows += "".join(line(name, [charts.spoken(of.get(key)) for of in levels]) for key, name in names.items())
    head = "".join(
        f"<th scope=col>{esc(words.judge(a.scorecard.judge.name))}, rubric {a.scorecard.rubric_version}"
        f"<span>{esc(words.moment(a.at))}</span></th>"
        for a in assessments
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Assessments of this session"><table class="plain beside"><caption>'
        f"All assessments of this session</caption><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def self_assessment(report: Report, rubric: Rubric) -> str:
    """Asked before the score is shown: a level for each dimension, or skip."""
    rows = "".join(
        f'<fieldset class="own"><legend>{esc(d.name)}</legend>'
        + "".join(
            f'<label><input type="radio" name="level:{esc(d.id)}" value="{k}"><span><b>{k}</b>'
            f"<small>{esc(clip(d.anchors.at(k), 150))}</small></span></label>"
            for k in range(1, 5)
        )
        + "</fieldset>"
        for d in rubric.dimensions
    )
    return (
        '<section class="narrow"><p class="eyebrow">' + esc(report.title) + "</p><h1>How did it go?</h1>"
        '<p class="lede">Before you see the assessment, say where you think you stand. Comparing the two is one of the '
        "fastest ways to get better at judging yourself. Your score is being prepared meanwhile.</p>"
        f'<form method="post" action="/sessions/{esc(report.session)}/self" class="own-form">{rows}'
        '<div class="actions"><button class="button primary">Show my scorecard</button>'
        '<button class="button" name="skip" value="1">Skip this</button></div></form></section>'
    )


def still_open(report: Report) -> str:
    """A review of a round that is not finished."""
    key = esc(report.session)
    return (
        f'<section class="narrow"><p class="eyebrow">{esc(report.title)}</p><h1>This round is still open</h1>'
        '<p class="lede">The scorecard is made when the round is finished.</p>'
        f'<p><a class="button primary" href="/session/?s={key}">Continue the round</a></p></section>'
        f'<div class="columns only">{transcript(report, None)}</div>'
    )


def waiting(report: Report, line: str, failed: bool = False) -> str:
    """While the scorecard is made, or when it could not be made."""
    key = esc(report.session)
    action = (
        f'<form method="post" action="/sessions/{key}/resume"><button class="button primary">Try again</button></form>'
        if failed
        else '<div class="progress" role="progressbar" aria-label="Scoring"><span></span></div>'
    )
    watch = "" if failed else f' data-watch="/api/sessions/{key}/status"'
    return (
        f'<section class="narrow"{watch}><p class="eyebrow">{esc(report.title)}</p><h1>'
        f"{'The scorecard is not ready' if failed else 'Reading your answers'}</h1>"
        f'<p class="lede" role="status">{esc(line)}</p>{action}</section>'
        f'<div class="columns only">{transcript(report, None)}</div>'
    )


def loop_line(loop: Loop, plan: Plan, done: int, following: RoundId | None, decision: Debrief) -> str:
    """Where this round stands in its loop, said before everything else: the next round, or the decision on the whole."""
    if following is not None:
        line, way = f"{done} of {len(loop.rounds)} rounds held", _next_round(loop, plan, following)
    else:
        number = f", {decision.score:.1f} of 4" if decision.score is not None else ""
        line = f"On the whole: {words.label(decision.label)}{number}"
        way = '<a class="button" href="#loop">How that was decided</a>'
    return f'<div class="part-of"><p><b>{esc(loop.title)}.</b> {esc(line)}.</p>{way}</div>'


def _next_round(loop: Loop, plan: Plan, following: RoundId) -> str:
    return (
        f'<form method="post" action="/sessions"><input type="hidden" name="round" value="{following.value}">'
        f'<input type="hidden" name="level" value="{plan.level.value}"><input type="hidden" name="mode" value="{plan.mode.value}">'
        f'<input type="hidden" name="loop" value="{esc(plan.loop)}"><input type="hidden" name="loop_run" value="{esc(plan.loop_run)}">'
        f'<button class="button">Next round: {esc(following.label)}</button></form>'
    )


def loop_section(loop: Loop, plan: Plan, following: RoundId | None, decision: Debrief) -> str:
    """The loop that this round belongs to: the next round, or the decision on all of them."""
    rows = "".join(
        f'<tr><th scope=row><a href="/review?s={esc(r.session)}">{esc(r.round.label)}</a></th><td>{esc(charts.spoken(r.score))}</td>'
        f"<td>{esc(words.label(r.label))}</td></tr>"
        for r in decision.rounds
    )
    table = (
        '<table class="plain"><thead><tr><th scope=col>Round</th><th scope=col>Score</th><th scope=col>Verdict</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    reasons = "".join(f"<li>{esc(r)}</li>" for r in decision.reasons)
    number = f", {decision.score:.1f} of 4" if decision.score is not None else ""
    go_on = _next_round(loop, plan, following) if following is not None else ""
    follow_up = f"<p>{esc(decision.follow_up)}</p>" if decision.follow_up else ""
    return (
        f'<section class="again" id="loop" aria-labelledby="h-loop"><h2 id="h-loop">{esc(loop.title)}: {esc(words.label(decision.label))}{number}</h2>'
        f'{table}<ul class="notes">{reasons}</ul>{follow_up}{go_on}<p class="small">{esc(decision.notice)}</p></section>'
    )
