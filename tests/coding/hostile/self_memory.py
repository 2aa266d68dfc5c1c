# The process cannot write its own memory through /proc, nor see its descriptors.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    for path in ("/proc/self/mem", "/proc/self/clear_refs", "/proc/thread-self/comm", "/dev/mem", "/dev/kmsg", "/dev/shm/x"):
        try:
            os.close(os.open(path, os.O_RDWR))
            if os.path.exists(CANARY_DIR):
                print("PWNED: opened", path)
        except OSError:
            pass
    for path in ("/proc/self/environ", "/proc/self/cmdline", "/proc/1/environ", "/proc/net/tcp", "/proc/mounts"):
        try:
            text = open(path, "rb").read()
            if b"CANARY" in text or b"INTERVIEW" in text:
                print("PWNED: read", path)
        except OSError:
            pass
    return None
