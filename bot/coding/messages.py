"""Our words for what went wrong: one sentence that a candidate understands, and what to do next.

Built from verdict, exception names and our own knowledge of the problem. Never repeats candidate text except
for names that were checked to be identifiers.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from bot.coding.process import MAX_THREADS
from bot.domain.problem import MAX_SOURCE_BYTES, Problem, Verdict

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}(\.[A-Za-z_][A-Za-z0-9_]{0,60})*")


def source_problem(source: object) -> str:
    """Why a source cannot even be handed to Python, or an empty string."""
    if not isinstance(source, str):
        return "The code did not arrive as text. Reload the page and run again."
    if not source.strip():
        return "There is no code yet. Write a solution, then run it."
    if "\x00" in source:
        return (
            "The code holds a NUL character, which Python refuses. Remove it (it often comes from a paste)."
        )
    try:
        size = len(source.encode("utf-8"))
    except UnicodeEncodeError:
        return (
            "The code holds half of a character (a lone surrogate). Remove it; it often comes from a paste."
        )
    if size > MAX_SOURCE_BYTES:
        return (
            f"The code is {size:,} bytes long; {MAX_SOURCE_BYTES:,} is the limit. Remove what is not needed."
        )
    return ""


def missing_entry(problem: Problem, found: Sequence[object]) -> str:
    """The source loads but does not define what is asked for."""
    names = [name for name in found if isinstance(name, str) and _IDENTIFIER.fullmatch(name)]
    what = "class" if problem.kind == "class_ops" else "function"
    close = difflib.get_close_matches(problem.entry, names, n=1, cutoff=0.6)
    if close:
        return f"There is no {what} named {problem.entry}, but there is {close[0]}. Rename it to {problem.entry}."
    return f"There is no {what} named {problem.entry}. Keep the name that the starter code has."


def failure(
    problem: Problem, verdict: Verdict, names: Sequence[str], message: str, own_frames: bool, limit_s: float
) -> str:
    """One sentence for a failed case; empty when the traceback says it all."""
    match verdict:
        case Verdict.TIMEOUT:
            return (
                f"Stopped after {limit_s:.2g} s. Either a loop does not end, or the approach is too slow "
                "for an input of this size."
            )
        case Verdict.MEMORY:
            return f"Needs more than the {problem.limits.memory_mb} MB (or the {MAX_THREADS} threads) that are allowed."
        case Verdict.OUTPUT:
            return "Printed or returned far too much. Remove debugging output, or return less."
        case Verdict.EXIT:
            return "Called sys.exit() (or quit). Return the result instead of ending the program."
        case Verdict.CRASHED:
            return "The Python process died, which points to very deep recursion or to memory that was overwritten."
        case Verdict.PROTOCOL:
            return (
                "The process wrote where only results may go. Use print() and return values; "
                "do not write to file descriptors."
            )
        case Verdict.NOT_RUN:
            return "Not run, because the program had to be stopped before it."
        case Verdict.ENGINE:
            return "The sandbox could not be started. This is not about your code; run it again in a moment."
        case Verdict.ERROR:
            return _error(problem, names, message, own_frames)
    return ""


def _error(problem: Problem, names: Sequence[str], message: str, own_frames: bool) -> str:
    first = names[0] if names else ""
    if first == "NotAValue":
        return f"The result cannot be compared: {message}."
    if "SyntaxError" in names:
        return "Python cannot read the code: look at the marked line, and at the one before it."
    if "EOFError" in names:
        if problem.kind == "script":
            return "input() was called more often than there are lines to read."
        return "input() has nothing to read here: the data arrive as arguments."
    if "ModuleNotFoundError" in names or "ImportError" in names:
        extra = f" and {', '.join(problem.needs)}" if problem.needs else ""
        return f"That package is not available. You have the standard library{extra}."
    if "RecursionError" in names:
        return "Recursed too deeply. Check the base case, or use a loop with a stack of your own."
    if "PermissionError" in names:
        return "Files, network and other processes are out of reach in here; the problem needs none of them."
    if "TypeError" in names and not own_frames and problem.kind == "function" and "argument" in message:
        return (
            f"{problem.entry} was called with the arguments of the contract and did not take them. "
            "Keep its signature."
        )
    if "OperationalError" in names or "ProgrammingError" in names or "Warning" in names:
        return "SQLite refused the query; its message says where."
    return ""


def lost(characters: int) -> str:
    """For the end of an output that was cut."""
    return f"\n[{characters:,} more characters were printed; they are not kept]" if characters else ""


def nothing_returned(problem: Problem) -> str:
    """For a None where a value was expected."""
    if problem.kind == "class_ops":
        return "A call returned None where a value is expected: is a `return` missing?"
    return f"{problem.entry} returned None: is a `return` missing?"
