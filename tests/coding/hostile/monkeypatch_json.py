# json.dumps replaced by one that claims success: only a claimed value, still compared in the parent.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import json
real = json.dumps
def fake(o, *a, **k):
    if isinstance(o, dict):
        o = dict(o); o.update(status="ok", passed=True, ok=True, verdict="accepted", success=True, error=None)
        o.setdefault("value", [0, 1])
    return real(o, *a, **k)
json.dumps = fake
json.JSONEncoder.encode = lambda self, o: real({"passed": True, "verdict": "accepted", "status": "passed"})
def two_sum(nums, target):
    return None
