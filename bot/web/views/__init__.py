"""Views: pure functions from values to escaped HTML. No IO, no Gradio, no request; tested without a browser."""
