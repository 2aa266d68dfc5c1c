# A line without end on the result pipe is cut off in bounded memory.
# kind: resource
# expect: output protocol timeout wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    block = b"[" * (1 << 20)
    for fd in range(3, 16):
        try:
            for _ in range(300):
                os.write(fd, block)
        except OSError:
            pass
    return None
