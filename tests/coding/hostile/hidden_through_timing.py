# What hidden inputs make the program do (sleep, allocate, crash) shows nowhere but in the kind of the first failure.
# kind: leak
# expect: wrong error timeout memory crashed
CANARY_DIR = "@DIR@"
PORT = 0

import time

seen = []


def two_sum(nums, target):
    seen.append((list(nums), target))
    if 987654321 in nums:
        block = bytearray(60 << 20)
        time.sleep(0.1)
        raise ValueError(f"hidden {nums} {len(block)}")
    print(seen)
    return seen
