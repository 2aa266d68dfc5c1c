"""Starts Rehearsal in the browser: `python app.py [--port N]`. The composition is in `bot/services.py`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
