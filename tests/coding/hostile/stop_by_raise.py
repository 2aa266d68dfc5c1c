# A process that stops itself through raise() is ended by the wall clock.
# kind: resource
# expect: timeout error crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

import signal


def two_sum(nums, target):
    signal.raise_signal(getattr(signal, "SIGSTOP", signal.SIGTERM))
    return None
