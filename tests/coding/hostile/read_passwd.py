# No host file can be read.
# a private file system with no users file, or a made-up one (Pyodide, bwrap --tmpfs /etc), is fine
# kind: escape
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    for p in ("/etc/passwd", "/etc/hostname", "/proc/version", "C:/Windows/win.ini"):
        try:
            t = open(p).read()
            if "root:" in t and "/root" in t or "Linux" in t or "[fonts]" in t: print("PWNED: read", p, t[:60])
        except OSError:
            pass
    return None
