"""A session's review as HTML: verdict, levels with their quotes, checkpoints, time, transcript, what to study.

Pure functions of `bot.review.report.Report`; used by the page and by the self-contained export. Nothing is computed
here but layout, and everything untrusted goes through `bot/review/markup.py`.
"""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coding import Growth
from bot.coding.growth import expected_ms
from bot.domain.base import Mode
from bot.domain.judgement import Status
from bot.domain.scorecard import CheckpointResult, DimensionResult, Drill, Evidence, Scorecard
from bot.review import charts, words
from bot.review.markup import Mark, chip, clip, esc, icon, rich, verbatim
from bot.review.report import Repeated, Report, Run, Turn, gaps


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the review on a page: buttons in its head, what can be done at its end (HTML), and whether
    articles can be opened."""

    tools: str = ""
    again: str = ""
    library: bool = False
    earlier: tuple[Repeated, ...] = ()


def review(report: Report, before: Scorecard | None = None, frame: Frame = Frame()) -> str:
    """The whole body of the page for a session that has an assessment."""
    card = report.scorecard
    if card is None:
        raise ValueError("the session has no assessment")
    left = "".join(
        (
            _dimensions(card),
            _checkpoints(report, card),
            _repeated(frame.earlier),
            _own_view(report),
            _study(card, frame),
            _code(report),
            _notes(card),
            frame.again,
        )
    )
    return (
        f'<article class="review">{_head(report, card, frame)}'
        f'<div class="glance">{_levels(card, before, report)}<div class="stack">{_next(card)}{_time(report)}</div></div>'
        f'<div class="columns"><div class="evidence">{left}</div>{transcript(report, card, frame)}</div></article>'
    )


def _head(report: Report, card: Scorecard, frame: Frame) -> str:
    facts = [
        report.round.label,
        words.LEVELS[report.level],
        words.day(report.created),
        f"{charts.clock(report.used_s)} of {report.minutes:g} min",
        words.MODES[report.mode],
        f"{words.count(report.hints, 'hint')} used" if report.mode is Mode.PRACTICE else "no hints",
    ]
    if card.score is None:
        line = esc(words.label(card.label))
    else:
        line = f"{esc(words.label(card.label))}, <em>{card.score:.1f}</em> of 4"
    spread = ""
    if card.score is not None and card.low is not None and card.high is not None and card.low < card.high:
        spread = f" The evidence supports {card.low:.1f} to {card.high:.1f}."
    judge = f"Judged by {card.judge.name}, rubric version {card.rubric_version}.{spread}"
    meets = "" if not card.meets or card.meets in card.verdict else f" {card.meets}"
    return (
        f'<header class="review-head"><div><p class="eyebrow">{" · ".join(esc(f) for f in facts)}</p>'
        f'<h1 id="verdict">{line}</h1><p class="lede">{esc(card.verdict)}</p>'
        f'<p class="small">{esc(judge + meets)}</p></div>'
        f"{frame.tools}</header>"
    )


def _levels(card: Scorecard, before: Scorecard | None, report: Report) -> str:
    old = {d.dimension: d.level for d in before.dimensions} if before else {}
    axes = [charts.Axis(d.name, d.level, old.get(d.dimension)) for d in card.dimensions]
    open_ones = ", ".join(a.name for a in axes if a.value is None)
    not_assessed = f'<p class="small">Not assessed: {esc(open_ones)}</p>' if open_ones else ""
    rows = "".join(
        f"<tr><th scope=row>{esc(a.name)}</th><td>{esc(charts.spoken(a.value))}</td>"
        + (f"<td>{esc(charts.spoken(a.before))}</td>" if before else "")
        + "</tr>"
        for a in axes
    )
    legend = (
        '<p class="legend"><span class="key-now">This session</span><span class="key-before">'
        f"Your last {esc(report.round.label.lower())}</span></p>"
        if any(a.before is not None for a in axes if a.value is not None)
        else ""
    )
    head = "<tr><th scope=col>Dimension</th><th scope=col>Now</th>" + (
        "<th scope=col>Before</th></tr>" if before else "</tr>"
    )
    return (
        f'<section class="card" aria-labelledby="h-levels"><h2 id="h-levels">At a glance</h2>{charts.radar(axes)}{legend}{not_assessed}'
        f'<details class="as-text"><summary>The same as a table</summary><table>{head}{rows}</table></details></section>'
    )


def _next(card: Scorecard) -> str:
    if not card.drills:
        return ""
    names = {d.dimension: d for d in card.dimensions}
    rows = "".join(
        f"<li><b>{esc(d.text)}</b>{_drill_ref(d, names.get(d.dimension))}</li>" for d in card.drills[:3]
    )
    return f'<section class="card next" aria-labelledby="h-next"><h2 id="h-next">Practise next</h2><ol>{rows}</ol></section>'


def _drill_ref(drill: Drill, dimension: DimensionResult | None) -> str:
    name = dimension.name if dimension else drill.dimension
    level = f" {charts.spoken(dimension.level)}" if dimension else ""
    turn = f', <a href="#turn-{drill.turn}">turn {drill.turn}</a>' if drill.turn else ""
    return f"<span>{esc(name)}{esc(level)}{turn}</span>"


def _time(report: Report) -> str:
    segments = [charts.Segment(p.name, p.start_s, p.end_s, p.planned_s) for p in report.phases]
    ticks = [
        charts.Tick(m.at_s, m.kind, m.label, f"#turn-{m.turn}" if m.turn else "#code") for m in report.moments
    ]
    return (
        '<section class="card" aria-labelledby="h-time"><h2 id="h-time">Where the time went</h2>'
        f"{charts.timeline(segments, ticks, report.used_s)}</section>"
    )


def level_bar(level: float | None) -> str:
    """Four boxes filled to the level; decorative, the number stands beside it."""
    cells = "".join(f'<i style="--part:{max(0.0, min(1.0, (level or 0) - k)):.2f}"></i>' for k in range(4))
    return f'<div class="level-bar" aria-hidden="true">{cells}</div>'


def _dimensions(card: Scorecard) -> str:
    rows = "".join(_dimension(d, n) for n, d in enumerate(card.dimensions))
    return f'<section aria-labelledby="h-dims"><h2 id="h-dims">Evidence by dimension</h2>{rows}</section>'


def _dimension(d: DimensionResult, n: int) -> str:
    quotes = "".join(_evidence(e) for e in d.evidence)
    caps = "".join(
        f'<p class="cap">Held at {c.at_most:g} (it would have been {c.before:.1f}): {esc(c.why)}</p>'
        for c in d.capped
    )
    anchors = ""
    if d.anchor:
        anchors += f"<dt>At this level</dt><dd>{esc(d.anchor)}</dd>"
    if d.next_anchor:
        anchors += f"<dt>The next level up</dt><dd>{esc(d.next_anchor)}</dd>"
    return (
        f'<section class="dimension" aria-labelledby="dim-{n}"><div class="row"><h3 id="dim-{n}">{esc(d.name)}</h3>'
        f'<span class="level">{esc(charts.spoken(d.level))}</span></div>{level_bar(d.level)}<p>{esc(d.why)}</p>{caps}'
        + (f'<ul class="quotes">{quotes}</ul>' if quotes else "")
        + (
            f'<details class="anchors"><summary>What the scale says</summary><dl>{anchors}</dl></details>'
            if anchors
            else ""
        )
        + "</section>"
    )


def _evidence(e: Evidence) -> str:
    kind, sign, word = ("for", "check", "For") if e.positive else ("against", "cross", "Against")
    help_ = "" if e.prompting == "none" else f", {words.prompting(e.prompting)}"
    return (
        f'<li class="{kind}"><a href="#turn-{e.quote.turn}">{icon(sign, 16)}<span class="sr">{word}: </span>'
        f'<q>{esc(e.quote.text)}</q><span class="ref">Turn {e.quote.turn}{esc(help_)}</span></a></li>'
    )


def _checkpoints(report: Report, card: Scorecard) -> str:
    if not card.checkpoints:
        return ""
    by_question: dict[str, list[CheckpointResult]] = {}
    for result in card.checkpoints:
        by_question.setdefault(result.question, []).append(result)
    groups = "".join(
        f'<details class="question"{" open" if n == 0 else ""}><summary><span>{esc(report.questions.get(q, q))}</span>'
        f'{_tally(results)}</summary><ul class="checks">{"".join(_checkpoint(c) for c in results)}</ul></details>'
        for n, (q, results) in enumerate(by_question.items())
    )
    return (
        '<section aria-labelledby="h-checks" id="checkpoints"><h2 id="h-checks">What a full answer contains</h2>'
        f"{groups}</section>"
    )


def _tally(results: list[CheckpointResult]) -> str:
    covered = sum(c.status is Status.COVERED for c in results)
    return f'<span class="small">{covered} of {len(results)} covered</span>'


def _checkpoint(c: CheckpointResult) -> str:
    turns = sorted({q.turn for q in c.quotes})
    refs = ", ".join(f'<a href="#turn-{t}">turn {t}</a>' for t in turns)
    how = (
        words.prompting(c.prompting)
        if c.status is not Status.ABSENT
        else ("asked" if c.asked else "not asked about")
    )
    nice = " · a bonus" if c.kind == "nice" else ""
    return (
        f'<li class="check {c.status.value}">{icon(words.STATUS_ICONS[c.status], 18)}<div><b>{words.STATUSES[c.status]}'
        f'</b> <span class="small">{esc(how)}{nice}{" · " + refs if refs else ""}</span><p>{esc(c.statement)}</p>'
        f"{_because(c)}</div></li>"
    )


def _because(c: CheckpointResult) -> str:
    """What the judge heard and why it decided so: whoever was misread can see where."""
    heard = " … ".join(f"<q>{esc(clip(q.text, 200))}</q>" for q in c.quotes)
    reason = f"<span>{esc(c.why[:1].upper() + c.why[1:])}.</span>" if c.why else ""
    return (
        f'<p class="small because">{" ".join(x for x in (heard, reason) if x)}</p>' if heard or reason else ""
    )


def _repeated(found: Sequence[Repeated]) -> str:
    """Before and after, for questions that were answered in an earlier session, too."""
    if not found:
        return ""
    parts = []
    for r in found:
        rows = "".join(
            f"<tr><th scope=row>{esc(statement)}</th><td>{_status(old)}</td><td>{_status(new)}</td></tr>"
            for statement, old, new in r.rows
        )
        before = sum(old is Status.COVERED for _, old, _ in r.rows)
        after = sum(new is Status.COVERED for _, _, new in r.rows)
        parts.append(
            f'<details class="question" open><summary><span>{esc(r.title)}</span><span class="small">{before} covered on '
            f"{esc(words.day(r.at))}, {after} now</span></summary><table class=plain><thead><tr><th scope=col>Point</th>"
            f"<th scope=col>Before</th><th scope=col>Now</th></tr></thead><tbody>{rows}</tbody></table>"
            f'<div class="side-by-side"><blockquote><b class="small">Before</b><p class="said">{esc(r.before)}</p></blockquote>'
            f'<blockquote><b class="small">Now</b><p class="said">{esc(r.now)}</p></blockquote></div></details>'
        )
    return f'<section aria-labelledby="h-repeated"><h2 id="h-repeated">Answered before</h2>{"".join(parts)}</section>'


def _status(status: Status) -> str:
    return f'<span class="check {status.value}"><b>{words.STATUSES[status]}</b></span>'


def _own_view(report: Report) -> str:
    found = gaps(report)
    if not found:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{esc(g.name)}</th><td>{g.own}</td><td>{g.assessed:.1f}</td><td>{_delta(g.delta)}</td></tr>"
        for g in found
    )
    mean = sum(g.delta for g in found) / len(found)
    if abs(mean) < 0.35:
        line = "Your own view is close to the assessment."
    elif mean > 0:
        line = f"You rated yourself {mean:.1f} levels higher on average: the quotes show where."
    else:
        line = f"You rated yourself {-mean:.1f} levels lower on average: you are doing better than you think."
    return (
        f'<section aria-labelledby="h-own"><h2 id="h-own">Your own view</h2><p>{line}</p><table class="plain"><thead><tr>'
        "<th scope=col>Dimension</th><th scope=col>You</th><th scope=col>Assessed</th><th scope=col>Difference</th>"
        f"</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _delta(delta: float) -> str:
    return "same" if abs(delta) < 0.05 else f"{delta:+.1f}"


def _study(card: Scorecard, frame: Frame) -> str:
    if not card.study:
        return ""
    rows = "".join(
        f"<li>{article_link(s.article, s.start, s.end, s.title, s.section, frame)}"
        f'<p class="small">For: {esc(s.about)}</p><blockquote>{rich(clip(s.text, 420))}</blockquote></li>'
        for s in card.study
    )
    return f'<section aria-labelledby="h-study" id="study"><h2 id="h-study">What to read</h2><ol class="study">{rows}</ol></section>'


def article_link(article: str, start: int, end: int, title: str, section: str, frame: Frame) -> str:
    """Title and section of a cited passage, as a link to it where articles can be opened."""
    words_ = f"<b>{esc(title)}</b>" + (f" <span>{esc(section)}</span>" if section else "")
    if not frame.library:
        return words_
    return f'<a href="/library/article/{esc(article)}?from={start}&amp;to={end}#cited">{words_}</a>'


def _code(report: Report) -> str:
    if not report.runs and not any("code" in w for w in report.work.values()):
        return ""
    rows = "".join(_run(r, n, n == len(report.runs)) for n, r in enumerate(report.runs, 1))
    finals = "".join(
        f'<h3>Final code: {esc(report.questions.get(q, q))}</h3><pre tabindex="0"><code>{esc(w["code"])}</code></pre>'
        for q, w in report.work.items()
        if "code" in w
    )
    return f'<section aria-labelledby="h-code" id="code"><h2 id="h-code">Your code as it grew</h2>{rows}{finals}</section>'


def _run(run: Run, number: int, last: bool) -> str:
    kind = "good" if run.total and run.passed == run.total else "bad"
    return (
        f'<details class="question"{" open" if last else ""}><summary><span>Run {number} at {charts.clock(run.at_s)}</span>'
        f'{chip(f"{run.passed} of {run.total} pass", kind)}</summary><pre tabindex="0"><code>{esc(run.source)}</code></pre>'
        f"{_growth(run)}</details>"
    )


def _growth(run: Run) -> str:
    """The measured growth, in words and as a plot beside the class that was asked for; nothing when there is none."""
    raw = run.report.get("growth")
    if not isinstance(raw, dict):
        return ""
    measured = Growth.model_validate(raw)
    if not measured.plausible:
        return f"<p>The growth could not be measured. {esc(measured.note)}</p>"
    found = " or ".join(measured.plausible)
    certain = "" if measured.certain else ", which is not certain"
    asked = f" Asked for: {measured.required}." if measured.required else ""
    told = f"Measured growth: {found}{certain}.{asked} {measured.note}".strip()
    points = [(p.n, p.ms) for p in measured.points]
    wanted = expected_ms(measured) if measured.required else [ms for _, ms in points]
    return f"<p>{esc(told)}</p>{charts.growth(points, wanted, 'Time over the size of the input')}"


def _notes(card: Scorecard) -> str:
    lines = [*card.notes]
    if card.unjudged_turns:
        turns = ", ".join(str(t) for t in card.unjudged_turns)
        lines.append(f"Not judged, and so not counted: turn {turns}.")
    if not lines:
        return ""
    return (
        '<section aria-labelledby="h-notes"><h2 id="h-notes">How this was judged</h2><ul class="notes">'
        + "".join(f"<li>{esc(line)}</li>" for line in lines)
        + "</ul></section>"
    )


def quote_marks(card: Scorecard, turn: Turn) -> list[Mark]:
    """The verified quotes that lie in a candidate's turn, as marks over its text."""
    found: dict[tuple[int, int], Mark] = {}
    for n, dimension in enumerate(card.dimensions):
        for e in dimension.evidence:
            q = e.quote
            if q.turn == turn.turn and turn.text[q.start : q.end] == q.text:
                kind = "for" if e.positive else "against"
                found.setdefault((q.start, q.end), Mark(q.start, q.end, kind, dimension.name, f"#dim-{n}"))
    for check in card.checkpoints:
        for q in check.quotes:
            if q.turn == turn.turn and turn.text[q.start : q.end] == q.text:
                kind = "against" if check.status is Status.WRONG else "for"
                label = f"{words.STATUSES[check.status]}: {clip(check.statement, 90)}"
                found.setdefault((q.start, q.end), Mark(q.start, q.end, kind, label, "#checkpoints"))
    return list(found.values())


def transcript(report: Report, card: Scorecard | None, frame: Frame = Frame()) -> str:
    """Every turn, in a column of its own."""
    rows = "".join(transcript_turn(t, quote_marks(card, t) if card else [], frame) for t in report.turns)
    return (
        '<aside class="transcript" id="transcript" aria-labelledby="h-transcript" tabindex="0"><h2 id="h-transcript">'
        f"Transcript</h2><ol>{rows}</ol></aside>"
    )


def transcript_turn(turn: Turn, marks: list[Mark], frame: Frame = Frame()) -> str:
    """One turn. The interviewer's words are Markdown, the candidate's are shown exactly as they were sent."""
    you = turn.speaker == "candidate"
    body = (
        f'<p class="said">{verbatim(turn.text, marks)}</p>'
        if you
        else f'<div class="said">{rich(turn.text)}</div>'
    )
    did = f'<span class="did">{esc(turn.did)}</span>' if turn.did else ""
    cut = '<span class="did">stopped</span>' if turn.stopped else ""
    cites = "".join(
        f'<p class="cite">{icon("book", 14)}{article_link(c.article, c.start, c.end, c.title, c.section, frame)}</p>'
        for c in turn.citations
    )
    return (
        f'<li id="turn-{turn.turn}" class="{"you" if you else "them"}" tabindex="-1"><div class="meta"><b>'
        f"{'You' if you else 'Interviewer'}</b><span>Turn {turn.turn}</span><span>{charts.clock(turn.at_s)}</span>"
        f"{did}{cut}</div>{body}{cites}</li>"
    )
