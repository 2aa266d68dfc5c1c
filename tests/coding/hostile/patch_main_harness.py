# Rewriting functions of __main__ and of every loaded module cannot make a pass.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import sys, types
def yes(*a, **k): return True
def two_sum(nums, target):
    for name, m in list(sys.modules.items()):
        f = getattr(m, "__file__", "") or ""
        if name == "__main__" or "harness" in name or "judge" in name or "child" in name:
            for k, v in list(vars(m).items()):
                if isinstance(v, types.FunctionType) and any(w in k.lower() for w in ("check", "same", "compare", "equal", "verify", "run_test", "grade")):
                    setattr(m, k, yes)
                if isinstance(v, type):
                    for kk, vv in list(vars(v).items()):
                        if isinstance(vv, types.FunctionType) and any(w in kk.lower() for w in ("check", "compare", "grade", "_err")):
                            try: setattr(v, kk, yes)
                            except Exception: pass
    return None
