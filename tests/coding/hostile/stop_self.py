# A stopped process burns no CPU; the wall limit must still end it and reap it.
# kind: resource
# expect: timeout error crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

import os, signal
def two_sum(nums, target):
    os.kill(os.getpid(), signal.SIGSTOP)
    return None
