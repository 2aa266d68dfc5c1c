"""Judges, evidence and the arithmetic from verdicts to a decision.

A judge says what an answer contains (verdicts with quotes); everything that becomes a number is computed here,
in plain code, from verified quotes. Knows nothing about pages, databases or the conversation's policy.
"""
