"""The session page: Gradio's chat and editor, filled by one stream from the server.

The page owns nothing. One stream (`follow`) per window tells it what to show; everything that a person does goes
to the guarded addresses in `bot/web/actions.py`. A reload, a second window and a restart therefore all see the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from bot.domain.session import SessionState
from bot.errors import NotFound
from bot.interview.live import LiveView
from bot.review.markup import esc
from bot.web import lookups
from bot.web.pages import theme
from bot.web.services import Closing, Services
from bot.web.views import session as views
from bot.web.views.layout import Who, top_bar

COALESCE_S = 0.08
"""Seconds between two updates of a reply under way: faster costs the browser more than anybody can read."""
LOOK_AGAIN_S = 1.0
"""Seconds after which a window looks at its session without having been told: another process may have written."""
MAX_WINDOWS = 400
"""Windows that one process serves at once; each keeps one stream open."""


@dataclass
class _Shown:
    """What a window shows already, so that only changes travel."""

    seq: int = -1
    version: int = -1
    question: str | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    bar: str = ""
    side: str = ""


def build(services: Services, closing: Closing) -> gr.Blocks:
    """The page as Gradio blocks, to be mounted at `bot.web.shell.GRADIO`."""
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Blocks(
        title="Session · Rehearsal", fill_width=True, fill_height=True, analytics_enabled=False
    ) as page:
        _html(top_bar("session", Who(), menu=True), "top-bar")
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="side", min_width=0):
                side = _html("", "side-html")
            with gr.Column(elem_id="main", min_width=0):
                bar = _html("", "bar")
                _html(views.PANES, "panes")
                with gr.Row(elem_id="stage"):
                    with gr.Column(elem_id="pane-chat", min_width=0):
                        chat = _chat()
                        _html(views.JUMP + views.COMPOSER + views.FINISH_DIALOG, "composer-html")
                    with gr.Column(elem_id="pane-work", min_width=0):
                        code = _workspace()
        follow = _follow(services, closing)
        page.load(follow, None, [chat, bar, side, code], concurrency_limit=None, **quiet)
    page.queue(default_concurrency_limit=None, max_size=2 * MAX_WINDOWS)
    page.max_threads = MAX_WINDOWS
    page._queue.max_thread_count = MAX_WINDOWS  # mount_gradio_app has no argument for it
    return page  # type: ignore[no-any-return]


def mount(app: Any, services: Services, path: str, closing: Closing) -> None:
    """Mount the page in our application, without anything of Gradio's own around it."""
    gr.mount_gradio_app(
        app,
        build(services, closing),
        path,
        theme=theme.build(),
        run_history=False,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        max_file_size="1mb",
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )


def _html(value: str, elem_id: str) -> gr.HTML:
    # Never a template: values are pasted into the page by Gradio as they are, so they are escaped by the views.
    return gr.HTML(value, apply_default_css=False, elem_id=elem_id, container=False, padding=False)


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label="Interview",
        show_label=False,
        height="100%",
        autoscroll=False,  # Gradio would pull a reader down again; session.js keeps the place
        layout="bubble",
        buttons=["copy"],
        feedback_options=None,
        allow_tags=True,  # False deletes everything after List<int>
        group_consecutive_messages=False,
        placeholder=" ",
        latex_delimiters=[
            {"left": "$$", "right": "$$", "display": True},
            {"left": "\\(", "right": "\\)", "display": False},
        ],
    )


def _workspace() -> gr.Code:
    """Every pane of every round; session.js shows those that the round has."""
    with gr.Tabs(elem_id="work-tabs"):
        with gr.Tab("Code", id="code", elem_id="tab-code"):
            code = gr.Code(
                "",
                language="python",
                elem_id="code",
                label="Your code",
                show_label=False,
                lines=14,
                interactive=True,
            )
            # Gradio strips the value; code makes the round trip byte for byte. (A subclass would make Gradio write a
            # stub file next to this module.)
            code.postprocess = _as_it_is  # type: ignore[method-assign]
            _html(
                views.RUN_BAR + f'<div id="run-out" role="status" aria-live="polite">{views.RUN_EMPTY}</div>',
                "run-html",
            )
        with gr.Tab("Diagram", id="diagram", elem_id="tab-diagram"):
            _html(views.diagram_pane(), "diagram-html")
            picture = gr.Markdown("", elem_id="diagram-picture", container=False)
            draw = gr.Button("Draw", elem_id="diagram-draw")
            draw.click(None, None, [picture], js="() => window.rehearsal.mermaid()", api_visibility="private")
        with gr.Tab("Notes", id="notes", elem_id="tab-notes"):
            _html(views.notes_pane(), "notes-html")
    code.input(
        None, [code], None, js="(text) => { window.rehearsal.codeChanged(text); }", api_visibility="private"
    )
    return code


def _as_it_is(value: str | None) -> str | None:
    return value


def _follow(services: Services, closing: Closing) -> Any:
    async def follow(request: gr.Request) -> AsyncIterator[Any]:
        """Everything that a window shows, whenever it changes, for as long as the window is open."""
        session = str(request.query_params.get("s") or "")[:64]
        owner = lookups.owner_of(request)
        try:
            services.sessions.state(session, owner)
        except NotFound:
            yield [], _no_session(), "", ""
            return
        services.live.ensure(session, owner)  # a restart in mid-turn: go on where the log ends
        shown = _Shown()
        while True:
            if closing.now:
                yield gr.skip(), views.closing(closing.instance), gr.skip(), gr.skip()
                return
            state = services.sessions.state(session, owner)
            view = services.live.view(session)
            if (state.seq, view.version) != (shown.seq, shown.version):
                yield _changes(services, state, view, shown)
                if state.ended and not view.busy:
                    return
                if view.text:  # the first word travels at once, the following ones in bundles
                    await asyncio.sleep(COALESCE_S)
            else:
                await services.live.changed(session, view.version, timeout=LOOK_AGAIN_S)

    return follow


def _changes(services: Services, state: SessionState, view: LiveView, shown: _Shown) -> tuple[Any, ...]:
    """New values for chat, bar, side and editor. The editor is skipped unless the question changed, or it would fall back
    to older code; the others are said again, which costs Gradio less than a skip and the wire nothing."""
    questions = services.bank.questions
    if state.seq != shown.seq:
        shown.log = views.messages(state, questions)
    chat = views.with_turn_under_way(
        shown.log, view.doing, view.text, view.busy and state.pending != "candidate"
    )
    code: Any = gr.skip()
    if state.seq != shown.seq or not view.busy or view.notice or view.error:
        shown.bar = views.bar(
            state,
            questions,
            services.sessions.now(),
            view.busy,
            view.error or view.notice,
            retry=bool(view.error),
        )
        shown.side = views.side(
            state, lookups.rounds_of(services, state), questions, lookups.loop_title(services, state)
        )
    if state.question != shown.question:
        shown.question = state.question
        code = lookups.code_for(services, state)
    shown.seq, shown.version = state.seq, view.version
    return chat, shown.bar, shown.side, code


def _no_session() -> str:
    return (
        '<div class="bar" id="bar-data" data-missing="1"><div class="bar-title"><h1>There is no such session</h1>'
        f'<p class="small">{esc("It may have been deleted, or it belongs to somebody else.")}</p></div>'
        '<a class="button primary" href="/">All sessions</a></div>'
    )
