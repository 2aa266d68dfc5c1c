"""An own question: the page to write it, and the page to edit the checkpoints that were proposed for it."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from bot.authoring.from_reference import SHAPES, Draft, Point
from bot.domain.content import Rubric
from bot.review import words
from bot.review.markup import esc
from bot.web.views.layout import select

_SPARE = 2
"""Empty rows beyond those that are there."""


def write(draft: Draft) -> str:
    """Title, question and model answer."""
    return (
        '<section class="narrow own-question"><p class="eyebrow"><a href="/library">Library</a> · Own question</p><h1>Ask your own question</h1>'
        '<p class="lede">Paste a question and the best answer that you know. You are shown what a candidate would be listened for, and change it before '
        'it is kept.</p><form method="post" action="/library/own/propose" class="stack">'
        f"{select('round', 'Round', [(r.value, r.label) for r in SHAPES], draft.round.value)}"
        f'<label class="field"><span>Title, as it stands in lists</span><input name="title" required maxlength="120" value="{esc(draft.title)}"></label>'
        f'<label class="field"><span>The question, as the interviewer asks it</span><textarea name="opening" required rows="4" maxlength="4000">{esc(draft.opening)}</textarea></label>'
        f'<label class="field"><span>A model answer, in whole sentences</span><textarea name="reference" required rows="9" maxlength="12000">{esc(draft.reference)}</textarea></label>'
        '<div class="actions"><button class="button primary">Propose checkpoints</button><a class="button" href="/library">Leave it</a></div></form></section>'
    )


def edit(draft: Draft, rubric: Rubric) -> str:
    """The proposed checkpoints as rows to edit."""
    shape = draft.shape
    rows = [*draft.points, *[Point("")] * max(_SPARE, shape.fewest - len(draft.points))][: shape.most]
    body = "".join(_row(n, point, rubric) for n, point in enumerate(rows, 1))
    found = sum(bool(p.statement.strip()) for p in draft.points)
    short = (
        f" A question has {shape.fewest} to {shape.most}: add what is missing."
        if found < shape.fewest
        else ""
    )
    return (
        '<section class="narrow own-question"><p class="eyebrow"><a href="/library">Library</a> · Own question</p><h1>What to listen for</h1>'
        f'<p class="lede">{words.count(found, "checkpoint")} found in your answer.{short} What each counts towards is a guess from related questions: look at it. Empty a statement to leave it out.</p>'
        f'<form method="post" action="/library/own/keep" class="stack"><input type="hidden" name="round" value="{draft.round.value}"><input type="hidden" name="title" value="{esc(draft.title)}">'
        f'<input type="hidden" name="opening" value="{esc(draft.opening)}"><input type="hidden" name="reference" value="{esc(draft.reference)}">'
        f'<details class="question"><summary><span>{esc(draft.title)}</span><span class="small">the question and your answer</span></summary><p>{esc(draft.opening)}</p><p class="small">{esc(draft.reference)}</p></details>'
        f'<ol class="points">{body}</ol><div class="actions"><button class="button primary">Keep the question</button>'
        '<a class="button" href="/library">Leave it</a></div></form></section>'
    )


def _row(number: int, point: Point, rubric: Rubric) -> str:
    dimensions = "".join(
        f'<option value="{esc(d.id)}"{" selected" if d.id == point.dimension else ""}>{esc(d.name)}</option>'
        for d in rubric.dimensions
        if d.evidence == "checkpoints" or d.id == point.dimension
    )
    kinds = "".join(
        f'<option value="{k}"{" selected" if k == point.kind else ""}>{label}</option>'
        for k, label in (("must", "Expected"), ("nice", "A bonus"))
    )
    many = min(6, max(2, len(point.wordings)))
    return (
        f'<li class="card"><label class="field"><span>Checkpoint {number}: what a good answer says</span><textarea name="statement" rows="2" maxlength="600">{esc(point.statement)}</textarea></label>'
        f'<div class="row-form"><label class="field"><span>Counts towards</span><select name="dimension">{dimensions}</select></label>'
        f'<label class="field"><span>Weight</span><select name="kind">{kinds}</select></label></div>'
        '<details><summary class="small">Words that show it, one way a line</summary><label class="field"><span class="sr">Wordings of checkpoint '
        f'{number}</span><textarea name="wordings" rows="{many}" maxlength="3000" spellcheck="false">{esc(chr(10).join(point.wordings))}</textarea></label>'
        '<p class="small">Each line is one way to say it: words that stand near each other in one sentence, in any order; <code>a|b</code> is either word. Leave it empty and it is made from the statement.</p></details></li>'
    )
