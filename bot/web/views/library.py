"""The library: articles, questions, rubrics; a question to the corpus; a preview of what is kept of an own article."""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.base import RoundId
from bot.domain.content import Competency, Question, Rubric
from bot.review import words
from bot.review.markup import chip, clip, esc, excerpt, rich


@dataclass(frozen=True, slots=True)
class ArticleItem:
    """An article in the list. `own`: the user added it."""

    id: str
    title: str
    own: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that answers a question."""

    article: str
    title: str
    section: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of a file: kept or dropped, and by which rule. `key` names it when it is overruled."""

    text: str
    kept: bool
    why: str
    n: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything on the library page."""

    articles: tuple[ArticleItem, ...]
    questions: Mapping[RoundId, tuple[Question, ...]]
    rubrics: tuple[Rubric, ...]
    problems: tuple[str, ...]
    may_add: bool
    asked: str = ""
    found: tuple[Found, ...] = ()
    note: str = ""
    embedder: str = ""


def library(data: Library) -> str:
    """The body of the library page."""
    return (
        '<div class="library"><header class="review-head"><div><p class="eyebrow">Library</p><h1>What the interviews are made of</h1>'
        f'<p class="lede">{words.count(len(data.articles), "article")}, {words.count(sum(len(q) for q in data.questions.values()), "question")}, '
        f"{words.count(len(data.rubrics), 'rubric')}.</p></div></header>{_ask(data)}"
        f'<div class="columns library-columns"><div>{_questions(data)}{_rubrics(data)}</div><div>{_add(data)}{_problems(data)}</div></div>{_articles(data)}</div>'
    )


def _ask(data: Library) -> str:
    hits = "".join(
        f'<li><a href="/library/article/{esc(f.article)}?from={f.start}&amp;to={f.end}#cited"><b>{esc(f.title)}</b>'
        f"{f' <span>{esc(f.section)}</span>' if f.section else ''}</a><blockquote>{rich(excerpt(f.text, f.section, 520))}</blockquote></li>"
        for f in data.found
    )
    result = f'<ol class="study">{hits}</ol>' if hits else ""
    if data.asked and not hits:
        result = f'<p class="empty">{esc(data.note or "Nothing relevant here.")}</p>'
    elif data.note and hits:
        result += f'<p class="small">{esc(data.note)}</p>'
    return (
        '<section class="card ask" aria-labelledby="h-ask"><h2 id="h-ask">Ask the articles</h2><form method="get" action="/library" class="row-form">'
        f'<label class="field wide"><span>Your question</span><input type="search" name="q" value="{esc(data.asked)}" maxlength="400" '
        f'placeholder="When does L1 give zeros?"></label><button class="button primary">Find passages</button></form>{result}</section>'
    )


def _articles(data: Library) -> str:
    rows = "".join(
        f'<li><a class="item" href="/library/article/{esc(a.id)}"><b>{esc(a.title)}</b>{chip("yours", "good") if a.own else ""}</a></li>'
        for a in data.articles
    )
    body = (
        f'<ul class="list in-columns">{rows}</ul>'
        if rows
        else '<p class="empty">The index is empty. Run <code>mock-interview index</code>.</p>'
    )
    made = (
        f'<p class="small">Passages are found by their words and with {esc(data.embedder)}.</p>'
        if data.embedder
        else ""
    )
    return f'<section aria-labelledby="h-articles"><h2 id="h-articles">Articles</h2>{made}{body}</section>'


def _add(data: Library) -> str:
    if not data.may_add:
        return (
            '<section aria-labelledby="h-add"><h2 id="h-add">Add articles</h2><p class="small">The library of this server is shared by everybody '
            "who signs in; its keeper adds articles.</p></section>"
        )
    return (
        '<section aria-labelledby="h-add" id="add"><h2 id="h-add">Add your own articles</h2><p class="small">Markdown, text, HTML, PDF or Word, up to 2 MB '
        'each, 20 MB together. You see what would be kept before anything is added.</p><form method="post" action="/library/preview" enctype="multipart/form-data" '
        'class="row-form"><label class="field wide"><span>Files</span><input type="file" name="files" multiple required '
        'accept=".md,.markdown,.txt,.html,.htm,.pdf,.docx"></label><button class="button">Preview</button></form>'
        '<form method="post" action="/library/preview" enctype="multipart/form-data" class="row-form" data-folder>'
        '<label class="field wide"><span>Or a whole folder</span><input type="file" name="files" webkitdirectory multiple required></label>'
        '<button class="button">Preview</button></form><p class="small" data-folder-line role="status"></p>'
        '<p class="small">To keep a folder where it is and read it again when it changes, set <code>BOT_ARTICLES</code> or run '
        "<code>mock-interview index FOLDER</code>.</p></section>"
    )


def _questions(data: Library) -> str:
    groups = "".join(
        f'<details class="question"><summary><span>{esc(round_id.label)}</span><span class="small">{words.count(len(items), "question")}</span></summary>'
        '<ul class="list">'
        + "".join(
            f'<li><a class="item" href="/library/question/{esc(q.id)}"><b>{esc(q.title)}</b><small>{q.minutes:g} min</small></a></li>'
            for q in items
        )
        + "</ul></details>"
        for round_id, items in data.questions.items()
        if items
    )
    add = '<p><a class="button" href="/library/own">Add your own question</a></p>' if data.may_add else ""
    return (
        f'<section aria-labelledby="h-questions"><h2 id="h-questions">Questions</h2>{groups}{add}</section>'
    )


def _rubrics(data: Library) -> str:
    groups = "".join(
        f'<details class="question"><summary><span>{esc(r.round.label)}</span><span class="small">version {r.version}</span></summary>'
        + _dimension_table(r)
        + "</details>"
        for r in data.rubrics
    )
    return f'<section aria-labelledby="h-rubrics"><h2 id="h-rubrics">Rubrics</h2>{groups}</section>'


def _dimension_table(rubric: Rubric) -> str:
    return "".join(
        f'<section class="rubric"><h3>{esc(d.name)} <span class="small">{100 * d.weight:.0f} %</span></h3><ol>'
        + "".join(f"<li>{esc(d.anchors.at(k))}</li>" for k in range(1, 5))
        + "</ol></section>"
        for d in rubric.dimensions
    )


def _problems(data: Library) -> str:
    if not data.problems:
        return ""
    rows = "".join(f"<li>{esc(p)}</li>" for p in data.problems)
    return f'<section class="card" aria-labelledby="h-problems"><h2 id="h-problems">Files that were left out</h2><ul class="notes">{rows}</ul></section>'


def article(
    title: str,
    text: str,
    start: int = 0,
    end: int = 0,
    own: bool = False,
    key: str = "",
    dropped: int | None = None,
    headings: Sequence[tuple[int, int]] = (),
) -> str:
    """An article's cleaned text, with its `headings` (spans) and the cited passage marked; `dropped` lines can be looked
    at unless None."""

    def part(begin: int, stop: int) -> str:
        return _with_headings(text, begin, stop, headings)

    if 0 <= start < end <= len(text):
        body = (
            f'{part(0, start)}<section id="cited" class="cited" tabindex="-1" aria-label="The cited passage">'
            f"{part(start, end)}</section>{part(end, len(text))}"
        )
    else:
        body = part(0, len(text))
    remove = (
        f'<form method="post" action="/library/article/{esc(key)}/remove" data-confirm="Remove this article from the library?">'
        '<button class="button">Remove this article</button></form>'
        if own
        else ""
    )
    cleaning = (
        f'<p class="small"><a href="/library/article/{esc(key)}/lines">What cleaning kept and dropped</a> ({words.count(dropped, "line")} dropped)</p>'
        if dropped is not None
        else ""
    )
    return (
        f'<article class="narrow reading"><p class="eyebrow"><a href="/library">Library</a> · Article</p><h1>{esc(title)}</h1>'
        f'{cleaning}<div class="article">{body}</div>{remove}</article>'
    )


def _with_headings(text: str, start: int, end: int, headings: Sequence[tuple[int, int]]) -> str:
    """A stretch of a text as HTML, its headings as headings of the page."""
    marked, at = [], start
    for begin, stop in headings:
        if start <= begin and stop <= end:
            marked += [text[at:begin], "#### "]
            at = begin
    html = rich("".join((*marked, text[at:end])))
    return html.replace("<h4>", "<h2>").replace("</h4>", "</h2>")  # text has no tags: they are escaped


def article_lines(title: str, key: str, lines: Sequence[Kept]) -> str:
    """Every line of what an article came from, with the reason why it was dropped and a button to decide otherwise."""
    home = f"/library/article/{esc(key)}"
    kept = sum(line.kept for line in lines)
    return (
        f'<article class="narrow reading"><p class="eyebrow"><a href="/library">Library</a> · <a href="{home}">Article</a></p><h1>{esc(title)}</h1>'
        f'<p class="lede">{words.count(kept, "line")} kept, {len(lines) - kept} dropped. What you decide here is remembered by the words of the line, '
        f'and the article is read again at once.</p><form method="post" action="{home}/lines"><ol class="lines verdicts">'
        f"{''.join(map(_verdict, lines))}</ol></form></article>"
    )


def _verdict(line: Kept) -> str:
    act, state = ("drop", "kept") if line.kept else ("keep", "dropped")
    why = f" <small>{state}: {esc(line.why)}</small>" if line.why else ""
    return (
        f'<li id="l{line.n}"><button class="button small" name="{act}" value="{esc(line.key)}" aria-label="{act.title()} line {line.n}">{act.title()}</button> '
        f'<span class="{state}">{esc(clip(line.text, 240))}</span>{why}</li>'
    )


def question(
    q: Question,
    competencies: Mapping[str, Competency],
    show_answers: bool,
    own: bool = False,
    dimensions: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A question as its author wrote it; checkpoints, hints and answers behind a fold, so that nothing is spoiled."""
    tags = " ".join(chip(competencies[c].name if c in competencies else c) for c in q.competencies)
    points = "".join(
        f"<li><b>{esc(c.statement)}</b> <span class=small>{esc(dimensions.get(c.dimension, c.dimension))}{', a bonus' if c.kind == 'nice' else ''}</span></li>"
        for c in q.checkpoints
    )
    hints = "".join(f"<li>{esc(h.text)}</li>" for h in q.hints)
    inside = (
        f"<h3>What a full answer contains</h3><ul class=notes>{points}</ul><h3>Hints</h3><ol>{hints}</ol>"
    )
    if show_answers:
        answer = q.answers.level_4
        inside += f'<h3>A strong answer</h3><div class="article">{rich(answer)}</div>'
    remove = (
        f'<form method="post" action="/library/question/{esc(q.id)}/remove" data-confirm="Remove this question for good?">'
        '<button class="button">Remove this question</button></form>'
        if own
        else ""
    )
    return (
        f'<article class="narrow reading"><p class="eyebrow"><a href="/library">Library</a> · {esc(q.round.label)}</p><h1>{esc(q.title)}</h1>'
        f'<p>{tags}</p><div class="lede">{rich(q.opening)}</div>'
        f'<form method="post" action="/sessions" class="actions"><input type="hidden" name="round" value="{q.round.value}">'
        f'<input type="hidden" name="question" value="{esc(q.id)}"><input type="hidden" name="length" value="short">'
        f'<button class="button primary">Practise this question</button></form>{remove}'
        f'<details class="question spoiler"><summary><span>Show what is behind it (spoils the question)</span></summary>{inside}</details></article>'
    )


def preview(name: str, title: str, lines: Sequence[Kept], warnings: Sequence[str]) -> str:
    """One uploaded file: what is kept and what is dropped."""
    kept = sum(line.kept for line in lines)
    rows = "".join(
        f'<li class="{"kept" if line.kept else "dropped"}">{esc(clip(line.text, 240))}{"" if line.kept else f" <small>dropped: {esc(line.why)}</small>"}</li>'
        for line in lines[:400]
    )
    warn = "".join(f'<p class="notice bad">{esc(w)}</p>' for w in warnings)
    return (
        f'<section class="card"><h2>{esc(title)}</h2><p class="small">{esc(name)}: {words.count(kept, "line")} kept, {len(lines) - kept} dropped.</p>{warn}'
        f'<details class="question"><summary><span>Look at every line</span></summary><ul class="lines">{rows}</ul></details></section>'
    )


def preview_page(parts: Sequence[str], refused: Sequence[tuple[str, str]], token: str) -> str:
    """The whole preview with the buttons to add or to leave it. `refused`: (file, why)."""
    add = (
        f'<form method="post" action="/library/add" class="actions"><input type="hidden" name="token" value="{esc(token)}">'
        '<button class="button primary">Add to the library</button><a class="button" href="/library">Leave it</a></form>'
        if parts
        else '<p class="actions"><a class="button primary" href="/library#add">Choose other files</a></p>'
    )
    lede = (
        f"{words.count(len(parts), 'file')} can be used. Navigation, advertising and the like are dropped; what remains can be cited."
        if parts
        else "Nothing here can be used."
    )
    rows = "".join(f"<li><b>{esc(name)}</b> {esc(why)}</li>" for name, why in refused)
    left_out = (
        f'<section class="card" aria-labelledby="h-refused"><h2 id="h-refused">Left out</h2><ul class="notes">{rows}</ul></section>'
        if refused
        else ""
    )
    return (
        f'<div class="narrow"><p class="eyebrow"><a href="/library">Library</a> · Own articles</p><h1>What would be kept</h1><p class="lede">{lede}</p>'
        f'<div class="stack">{"".join(parts)}{left_out}</div>{add}</div>'
    )
