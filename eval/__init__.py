"""Offline evaluations of the interviewer, the scorer and the search. `bot` never imports this package."""
