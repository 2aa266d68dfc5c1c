# 1 GB written to fds 1 and 2 behind sys.stdout's back.
# kind: resource
# expect: output wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    s = b"y" * (1 << 20)
    for _ in range(1024):
        for fd in (1, 2):
            try: os.write(fd, s)
            except OSError: pass
    return None
