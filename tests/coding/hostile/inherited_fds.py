# No descriptor of the app (listening socket, log, database) is inherited: scan 3..255.
# kind: leak
# expect: wrong error timeout protocol crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    for fd in range(3, 256):
        try:
            st = os.fstat(fd)
        except OSError:
            continue
        try: name = os.readlink("/proc/self/fd/%d" % fd)
        except OSError: name = "?"
        if "hostile_canary" in name or name.startswith("socket:"): print("PWNED: inherited fd", fd, name)
        try: 
            os.set_blocking(fd, False)
            if b"CANARY" in os.read(fd, 4096): print("PWNED: read fd", fd)
        except OSError: pass
    return None
