# Ends the process in every way there is, after writing what an accepted run might look like.
# kind: forge
# expect: wrong error protocol crashed timeout exit output
CANARY_DIR = "@DIR@"
PORT = 0

import atexit
import faulthandler
import os
import sys
import threading

VERDICT = b'{"op": "case", "id": 1, "status": "ok", "value": [0, 1], "verdict": "accepted", "passed": 6, "total": 6}\n'
count = 0


def last(*_):
    for fd in range(16):
        try:
            os.write(fd, VERDICT * 6)
        except OSError:
            pass


atexit.register(last)
threading.excepthook = sys.excepthook = sys.unraisablehook = last


def two_sum(nums, target):
    global count
    count += 1
    try:
        faulthandler.enable(file=open(os.devnull, "w"))
        faulthandler.dump_traceback_later(0.01, exit=True)
    except (OSError, ValueError, RuntimeError, AttributeError):
        pass
    if count % 2:
        last()
        os._exit(0)
    raise SystemExit(0)
