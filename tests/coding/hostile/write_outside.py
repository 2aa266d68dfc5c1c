# No file of the host is created or changed.
# kind: escape
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    for p in (CANARY_DIR + "/written", os.path.expanduser("~/.hostile_rc"), "/etc/hostile", "/tmp/hostile_canary_written"):
        try:
            with open(p, "a") as f: f.write("PWNED")
        except OSError:
            pass
    try:
        os.unlink(CANARY_DIR + "/precious"); 
    except OSError:
        pass
    return None
