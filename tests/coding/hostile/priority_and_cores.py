# The process cannot make itself more urgent, choose cores or raise a limit.
# kind: resource
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os
import resource


def two_sum(nums, target):
    here = os.path.exists(CANARY_DIR)
    attempts = {
        "nice": lambda: os.nice(-5), "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -10),
        "affinity": lambda: os.sched_setaffinity(0, {0}), "parent's affinity": lambda: os.sched_setaffinity(os.getppid(), {0}),
        "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        "parent's limit": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1)),
        "parent's priority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
    }
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_MEMLOCK"):
        kind = getattr(resource, name)
        attempts[name] = lambda kind=kind: resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for name, attempt in attempts.items():
        try:
            attempt()
            if here:
                print("PWNED:", name)
        except Exception:
            pass
    return None
