# /proc/1/root, /proc/*/fd, /proc/sys writes, core_pattern are out of reach.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    for pid in ("1", str(os.getppid()), "self"):
        try:
            if open("/proc/%s/root%s/precious" % (pid, CANARY_DIR)).read(): print("PWNED: host root through /proc/%s/root" % pid)
        except OSError: pass
        try:
            for fd in os.listdir("/proc/%s/fd" % pid):
                if "hostile_canary" in os.readlink("/proc/%s/fd/%s" % (pid, fd)): print("PWNED: fd of", pid)
        except OSError: pass
    try:
        open("/proc/sys/kernel/hostname", "w").close(); print("PWNED: can open /proc/sys for writing")
    except OSError: pass
    return None
