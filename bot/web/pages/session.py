"""The session page: Gradio's chat, editor, tabs and diagrams, without any event that reaches the server.

The page owns nothing. One stream (`bot/web/tail.py`) tells each window what to show, and `static/session.js` hands it
to Gradio's parts; everything that a person does goes to the guarded addresses in `bot/web/actions.py`. Gradio's own
endpoints are therefore closed (`bot/web/shell.py`).
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from bot.web.pages import theme
from bot.web.views import session as views
from bot.web.views.layout import Who, top_bar


def build() -> gr.Blocks:
    """The page as Gradio blocks, to be mounted at `bot.web.shell.GRADIO`."""
    with gr.Blocks(
        title="Session · Rehearsal", fill_width=True, fill_height=True, analytics_enabled=False
    ) as page:
        _html(top_bar("session", Who(), menu=True), "top-bar")
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="side", min_width=0):
                _html('<div id="side-slot"></div>', "side-html")
            with gr.Column(elem_id="main", min_width=0):
                _html(f'<div id="bar-slot"></div>{views.NO_SESSION}', "bar")
                _html(views.PANES, "panes")
                with gr.Row(elem_id="stage"):
                    with gr.Column(elem_id="pane-chat", min_width=0):
                        chat = _chat()
                        _html(views.JUMP + views.COMPOSER + views.FINISH_DIALOG, "composer-html")
                    with gr.Column(elem_id="pane-work", min_width=0):
                        code = _workspace()
        _from_script("chat-show", chat, "chat")
        _from_script("code-show", code, "code")
    return page  # type: ignore[no-any-return]


def _from_script(elem_id: str, part: Any, name: str) -> None:
    """A button that nobody sees: pressed by session.js, it gives the part the value that the script holds."""
    button = gr.Button(elem_id=elem_id, elem_classes="from-script")
    button.click(None, None, [part], js=f"() => window.rehearsal.{name}()", api_visibility="private")


def mount(app: Any, path: str) -> None:
    """Mount the page in our application, without anything of Gradio's own around it."""
    gr.mount_gradio_app(
        app,
        build(),
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
            _html(
                views.RUN_BAR + f'<div id="run-out" role="status" aria-live="polite">{views.RUN_EMPTY}</div>',
                "run-html",
            )
        with gr.Tab("Diagram", id="diagram", elem_id="tab-diagram"):
            _html(views.diagram_pane(), "diagram-html")
            picture = gr.Markdown("", elem_id="diagram-picture", container=False)
            _from_script("diagram-draw", picture, "mermaid")
        with gr.Tab("Notes", id="notes", elem_id="tab-notes"):
            _html(views.notes_pane(), "notes-html")
    code.input(
        None, [code], None, js="(text) => { window.rehearsal.codeChanged(text); }", api_visibility="private"
    )
    return code
