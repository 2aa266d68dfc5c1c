# Replacing the harness inside the process yields claims, and claims are compared.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import gc
import json


def two_sum(nums, target):
    for thing in gc.get_objects():
        try:
            if type(thing).__name__ == "Session":
                cls = type(thing)
                cls.handle = lambda self, line: json.dumps(
                    {"op": json.loads(line)["op"], "id": json.loads(line)["id"], "status": "ok", "value": [0, 1],
                     "verdict": "accepted", "passed": True, "expected": [0, 1], "raised": [], "out": "", "lost": 0})
        except Exception:
            pass
    return [0, 1]
