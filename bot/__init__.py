"""Rehearsal: a mock-interview chatbot for machine-learning engineers.

This package knows how to run, score and review interviews. It does not know how they are evaluated
(`eval/`), and importing it starts nothing: no model, no database, no network.
"""

__version__ = "0.1.0"
