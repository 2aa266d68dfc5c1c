# Reading the request pipe must not show later (hidden) cases: they are not sent yet.
# kind: leak
# expect: wrong error timeout protocol crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os, sys
seen = []
def two_sum(nums, target):
    try:
        os.set_blocking(0, False)
        b = os.read(0, 1 << 20)
        if b: seen.append(b)
    except OSError: pass
    try:
        import js
        buf = js.Uint8Array.new(1 << 16)
    except Exception: pass
    for s in seen:
        print("stolen:", s[:2000])
        if b"expected" in s: print("PWNED: expected in the pipe")
    return None
