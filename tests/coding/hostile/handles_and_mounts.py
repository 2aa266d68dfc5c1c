# Mounts, namespaces, handles of files and mappings of the parent's memory are refused to root as to anybody.
# kind: escape
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    try:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
    except Exception:
        return None
    here = os.path.exists(CANARY_DIR)
    place = CANARY_DIR.encode()
    for name, args in (
        ("mount", (b"tmpfs", place, b"tmpfs", 0, None)), ("umount2", (place, 2)), ("unshare", (0x10000000 | 0x20000,)),
        ("setns", (0, 0)), ("ptrace", (16, os.getppid(), None, None)), ("process_vm_readv", (os.getppid(), None, 0, None, 0, 0)),
        ("chroot", (place,)), ("sethostname", (b"pwned", 5)), ("prctl", (22, 0, 0, 0, 0)), ("system", (b"true",)),
        ("posix_openpt", (2,)), ("shm_open", (b"/hostile", 0o102, 0o600)), ("inotify_init", ()), ("memfd_create", (b"x", 0)),
        ("eventfd", (0, 0)), ("fork", ()),
    ):
        try:
            done = getattr(libc, name)(*args)
        except AttributeError:
            continue
        if name == "fork" and done == 0:
            os._exit(0)
        if here and done >= 0 and name != "eventfd" and not (name == "system" and done != 0):
            print("PWNED:", name, done)
    return None
