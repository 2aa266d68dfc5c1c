# Signals to the parent, to its group, to -1 and to every pid are refused or cannot reach.
# os.kill(-1) is deliberately left out: run it only inside a throw-away VM
# kind: escape
# expect: error wrong crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os, signal
def two_sum(nums, target):
    me = os.getpid()
    for who in (os.getppid(),):
        for s in (signal.SIGUSR1, signal.SIGTERM, signal.SIGKILL):
            try: os.kill(who, s)
            except Exception: pass
    try: os.killpg(os.getpgid(os.getppid()), signal.SIGTERM)
    except Exception: pass
    return None
