# A timeout raised as an exception inside the child would be swallowed; the parent must kill.
# kind: resource
# expect: timeout
CANARY_DIR = "@DIR@"
PORT = 0

import time
def two_sum(nums, target):
    while True:
        try:
            while True:
                time.sleep(0.001)
        except BaseException:
            pass
