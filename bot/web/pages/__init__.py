"""The Gradio page. Everything else is written by the server as plain pages (`bot/web/routes.py`)."""
