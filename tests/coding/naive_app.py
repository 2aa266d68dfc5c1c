"""The harness that everybody writes first, to show that the hostile programs bite: source, tests and verdict
share one interpreter, and no exception means passed. The whole process is locked in by our native lock before
it reads a program, so that what it lets through still reaches nothing.

    python -I tests/coding/naive_app.py CHILD_FOLDER CONFIG_JSON < program
"""

import json
import sys

sys.path.insert(0, sys.argv[1])
import lockdown

CASES = [
    {"args": ([1, 987654321, 5], 987654326), "expected": [1, 2]},
    {"args": ([2, 7, 11], 9), "expected": [0, 1]},
]
INTERVIEW_API_KEY = "CANARY-KEY-5f1d"


def check(value, expected):
    """The comparison of the naive harness."""
    return value == expected


def run_tests(source):
    """Passed, unless a test fails."""
    scope = {"__name__": "solution"}
    exec(source, scope)
    for case in CASES:
        expected = case["expected"]
        if not check(scope["two_sum"](*case["args"]), expected):
            return False
    return True


config = json.loads(sys.argv[2])
source = sys.stdin.read()
import math  # noqa: E402, F401
import unittest  # noqa: E402, F401

lockdown.lock(config["read"], config["list"], 700, 3)
print("VERDICT accepted" if run_tests(source) else "VERDICT wrong", flush=True)
