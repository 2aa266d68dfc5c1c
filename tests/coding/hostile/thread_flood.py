# Thousands of threads stay inside the memory and time limits.
# kind: resource
# expect: timeout memory error crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

import threading
import time

threading.stack_size(64 * 1024)


def spin():
    while True:
        time.sleep(0.01)


def two_sum(nums, target):
    n = 0
    try:
        while n < 20000:
            threading.Thread(target=spin, daemon=True).start()
            n += 1
    except (RuntimeError, MemoryError):
        pass
    return [n, n]
