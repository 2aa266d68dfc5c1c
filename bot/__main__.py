"""`python -m bot` is the same as `mock-interview`."""

from bot.cli import main

main()
