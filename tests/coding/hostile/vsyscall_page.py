# The old system-call page of x86-64 and the vDSO lead to nothing but the clock.
# kind: escape
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import sys


def two_sum(nums, target):
    if "x86_64" not in getattr(sys.implementation, "_multiarch", ""):
        return None
    import ctypes

    kind = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    buffer = ctypes.create_string_buffer(64)
    for address in (0xFFFFFFFFFF600000, 0xFFFFFFFFFF600400, 0xFFFFFFFFFF600800):
        kind(address)(ctypes.cast(buffer, ctypes.c_void_p), None)
    return None
