"""Gradio's theme in our colours, so that its own parts (chat, editor, tabs) look like the rest.

The colours are those of `static/app.css`, referred to by name.
"""

from __future__ import annotations

import gradio as gr

_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Inter", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "SF Mono", "Menlo", "JetBrains Mono", "Consolas", "DejaVu Sans Mono", "monospace")


def build() -> gr.themes.Base:
    """The theme. Values are CSS variables of ours, which know light and dark by themselves."""
    theme = gr.themes.Base(
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_md,
    )
    pairs = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--soft)",
        "background_fill_primary": "var(--card)",
        "background_fill_secondary": "var(--sunk)",
        "border_color_primary": "var(--line)",
        "border_color_accent": "var(--sage-mid)",
        "block_background_fill": "var(--card)",
        "block_border_color": "var(--line)",
        "block_label_background_fill": "transparent",
        "block_label_text_color": "var(--soft)",
        "block_shadow": "none",
        "input_background_fill": "var(--card)",
        "input_border_color": "var(--line-strong)",
        "input_border_color_focus": "var(--sage-mid)",
        "button_primary_background_fill": "var(--sage)",
        "button_primary_text_color": "var(--on-sage)",
        "button_secondary_background_fill": "var(--card)",
        "button_secondary_background_fill_hover": "var(--sunk)",
        "button_secondary_border_color": "var(--line-strong)",
        "button_secondary_text_color": "var(--ink)",
        "color_accent_soft": "var(--sage-soft)",
        "link_text_color": "var(--sage)",
        "code_background_fill": "var(--sunk)",
    }
    both = pairs | {f"{name}_dark": value for name, value in pairs.items()}
    return theme.set(
        **both,
        color_accent="var(--sage-mid)",
        block_radius="14px",
        input_radius="10px",
        block_border_width="1px",
    )
