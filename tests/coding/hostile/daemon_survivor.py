# A double-forked, setsid'ed child must not outlive the run nor hold the pipe open (a communicate() would hang).
# kind: resource
# expect: error timeout wrong crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os, sys, time
def two_sum(nums, target):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(2.5)
            try:
                open(CANARY_DIR + "/survivor", "w").write("PWNED")
            except OSError:
                pass
            time.sleep(3600)
        os._exit(0)
    return None
