# No environment, command line, memory map or descriptor table of any process can be read.
# kind: leak
# expect: wrong error timeout crashed
CANARY_DIR = "@DIR@"
PORT = 0

import glob
import os


def two_sum(nums, target):
    pids = {str(os.getppid()), "1", "self", str(os.getpid())}
    try:
        pids |= set(os.listdir("/proc")[:200])
    except OSError:
        pass
    for pid in pids:
        for name in ("environ", "cmdline", "maps", "mem", "auxv", "stack", "syscall", "io", "mountinfo", "cgroup", "fd/3", "cwd", "root", "exe"):
            path = f"/proc/{pid}/{name}"
            try:
                text = open(path, "rb").read(10000)
                if b"CANARY" in text or b"INTERVIEW" in text:
                    print("PWNED:", path)
            except (OSError, ValueError):
                pass
            try:
                if "rehearsal" in os.readlink(path):
                    print("PWNED: link", path, os.readlink(path))
            except (OSError, ValueError):
                pass
    for pattern in ("/proc/*/environ", "/proc/*/task/*/environ", "/run/*/*", "/var/log/*", os.path.expanduser("~/.*"), "/home/*/.*"):
        for path in glob.glob(pattern)[:100]:
            try:
                if b"CANARY" in open(path, "rb").read(10000):
                    print("PWNED:", path)
            except OSError:
                pass
    return None
