# fork is refused or bounded (far below 300 processes); nothing survives the run.
# kind: resource
# expect: error timeout crashed memory wrong
CANARY_DIR = "@DIR@"
PORT = 0

import os, time
def two_sum(nums, target):
    n = 0
    while n < 400:                      # bounded on purpose: an unprotected host must survive the test
        if os.fork() == 0:
            time.sleep(6); os._exit(0)
        n += 1
        if n == 300: print("PWNED: 300 processes")
    return None
