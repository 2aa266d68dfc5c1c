# System calls made directly through ctypes are refused like all others.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os
import sys


def two_sum(nums, target):
    try:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
    except Exception:
        return None
    if "x86_64" not in getattr(sys.implementation, "_multiarch", ""):
        return None
    path = (CANARY_DIR + "/precious").encode()
    calls = {
        "memfd_create": (319, b"x", 0), "io_uring_setup": (425, 8, None), "bpf": (321, 0, None, 0),
        "ptrace": (101, 16, os.getppid(), 0, 0), "process_vm_readv": (310, os.getppid(), None, 0, None, 0, 0),
        "unshare": (272, 0x10000000), "setns": (308, 0, 0), "userfaultfd": (323, 0), "perf_event_open": (298, None, 0, -1, -1, 0),
        "pidfd_open": (434, os.getppid(), 0), "mount": (165, b"none", b"/tmp", b"tmpfs", 0, None), "keyctl": (250, 0, -3, 0),
        "shmget": (29, 1234, 4096, 0o1666), "msgget": (68, 1234, 0o1666), "semget": (64, 1234, 1, 0o1666), "mq_open": (240, b"x", 0o102, 0o600, None),
        "chmod": (90, path, 0o777), "chown": (92, path, 1, 1), "truncate": (76, path, 0), "rename": (82, path, path + b"2"),
        "link": (86, path, path + b"3"), "symlink": (88, path, path + b"4"), "mkdir": (83, path + b"5", 0o777), "mknod": (133, path + b"6", 0o666, 0),
        "utime": (132, path, None), "setxattr": (188, path, b"user.x", b"x", 1, 0), "personality": (135, 0x0040000),
        "landlock_create_ruleset": (444, None, 0, 1), "open_by_handle_at": (304, -1, None, 0), "kcmp": (312, os.getpid(), os.getppid(), 0, 0, 0),
        "sched_setaffinity": (203, os.getppid(), 8, None), "prlimit parent": (302, os.getppid(), 7, b"\0" * 16, None),
    }
    for name, args in calls.items():
        if libc.syscall(*args) >= 0:
            print("PWNED:", name)
    return None
