# Sleeping burns no processor time; the wall clock ends it.
# kind: resource
# expect: timeout
CANARY_DIR = "@DIR@"
PORT = 0

import time


def two_sum(nums, target):
    while True:
        time.sleep(3600)
