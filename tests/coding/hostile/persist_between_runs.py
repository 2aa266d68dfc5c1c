# State left by one submission is not visible to the next (the suite runs it twice).
# kind: leak
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import os, tempfile
def two_sum(nums, target):
    ps = [os.path.join(d, "hostile_persist_marker") for d in (".", "/tmp", "/dev/shm", "/var/tmp", "/home/pyodide", CANARY_DIR)]
    if not getattr(two_sum, "mine", False):
        for p in ps:
            if os.path.exists(p): print("PWNED: saw an earlier submission's file", p)
    two_sum.mine = True
    for p in ps:
        try: open(p, "w").write("x")
        except OSError: pass
    try:
        import js
        if not getattr(two_sum, "js", False) and js.eval("localStorage.getItem('hostile')"): print("PWNED: localStorage survived")
        two_sum.js = True
        js.eval("localStorage.setItem('hostile', '1')")
    except Exception: pass
    return None
