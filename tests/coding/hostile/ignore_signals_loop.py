# Ignoring SIGTERM/SIGALRM/SIGXCPU/SIGINT does not help; SIGKILL from outside.
# kind: resource
# expect: timeout error
CANARY_DIR = "@DIR@"
PORT = 0

import signal
for s in range(1, 65):
    try:
        signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError, RuntimeError):
        pass
def two_sum(nums, target):
    while True:
        pass
