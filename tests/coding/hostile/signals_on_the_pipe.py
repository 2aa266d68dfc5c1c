# Handlers, timers and wake-up descriptors aimed at the result pipe only harm the own process.
# kind: forge
# expect: wrong error protocol crashed timeout output
CANARY_DIR = "@DIR@"
PORT = 0

import os
import signal
import threading


def two_sum(nums, target):
    forged = b'{"op": "case", "id": 2, "status": "ok", "value": [0, 1]}\n'

    def fire(*_):
        for fd in range(3, 16):
            try:
                os.write(fd, forged)
            except OSError:
                pass

    for number in range(1, 65):
        try:
            signal.signal(number, fire)
        except (OSError, ValueError, RuntimeError):
            pass
    for fd in range(3, 16):
        try:
            os.set_blocking(fd, False)
            signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
        except (OSError, ValueError, AttributeError):
            pass
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        signal.raise_signal(signal.SIGUSR1)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
    except (OSError, AttributeError):
        pass
    return [9, 9]
