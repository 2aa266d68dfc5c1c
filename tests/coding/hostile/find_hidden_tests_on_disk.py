# The hidden tests' answers are nowhere in the child's file system.
# kind: leak
# expect: wrong error timeout crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os, sys
def two_sum(nums, target):
    roots = [CANARY_DIR, ".", "..", "/proc/self/cwd", os.path.dirname(os.path.abspath(sys.argv[0] or ".")), "/app", "/srv", "/home", "/root"] + sys.path
    for r in roots:
        n = 0
        for d, _, fs in os.walk(r):
            for f in fs:
                n += 1
                if n > 3000: break
                if f.endswith((".json", ".yaml", ".toml", ".txt")) or "hidden" in f:
                    try:
                        t = open(os.path.join(d, f), errors="ignore").read(200000)
                    except OSError:
                        continue
                    if "HIDDEN-" + "CANARY" in t:
                        print("PWNED: hidden tests at", os.path.join(d, f)); return None
            if n > 3000: break
    return None
