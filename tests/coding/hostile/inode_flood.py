# Files cannot be created on the host, or only in a private scratch that is wiped.
# kind: resource
# expect: error wrong timeout crashed memory
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    n = 0
    for i in range(20000):
        try:
            open(CANARY_DIR + "/f%d" % i, "w").close(); n += 1
        except OSError:
            break
    if n: print("PWNED: made", n, "files")
    return None
