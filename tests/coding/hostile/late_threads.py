# Threads that outlive their case answer for the next one, burn its time and close its pipe.
# kind: forge
# expect: wrong error protocol crashed timeout output
CANARY_DIR = "@DIR@"
PORT = 0

import os
import threading
import time

count = 0


def later(ident):
    line = b'{"op": "case", "id": %d, "status": "ok", "value": [0, 1], "raised": [], "out": "", "lost": 0}\n' % ident
    time.sleep(0.002 * ident)
    for fd in range(3, 12):
        try:
            os.write(fd, line)
        except OSError:
            pass
    while time.monotonic() % 7 > 0.001:
        pass


def two_sum(nums, target):
    global count
    count += 1
    for ident in range(1, 5):
        try:
            threading.Thread(target=later, args=(ident,), daemon=True).start()
        except RuntimeError:
            pass
    return [0, 1]
