# Clocks and sleeps replaced in the process do not move the judge's clock.
# kind: resource
# expect: timeout
CANARY_DIR = "@DIR@"
PORT = 0

import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: 0.0)
    setattr(time, name + "_ns", lambda: 0)


def two_sum(nums, target):
    while time.monotonic() < 1:
        pass
    return [0, 1]
