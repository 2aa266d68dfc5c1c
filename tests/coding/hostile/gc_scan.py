# gc.get_objects() has no expected outputs to return.
# kind: forge
# expect: wrong error timeout protocol crashed
CANARY_DIR = "@DIR@"
PORT = 0

import gc
def two_sum(nums, target):
    for o in gc.get_objects():
        try:
            if type(o) is dict and ("expected" in o or "answer" in o):
                for k in ("args", "input", "inputs"):
                    if k in o and (list(o[k]) == [nums, target] or o[k] == {"nums": nums, "target": target}):
                        print("PWNED: gc found", k); return o.get("expected", o.get("answer"))
            elif type(o) is tuple and len(o) >= 2 and type(o[0]) is tuple and len(o[0]) == 2 and o[0][0] is nums:
                print("PWNED: gc found tuple"); return o[1]
            elif hasattr(type(o), "__dataclass_fields__") and hasattr(o, "expected"):
                print("PWNED: gc found dataclass"); return o.expected
        except Exception:
            continue
    return None
