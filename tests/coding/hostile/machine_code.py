# Machine code of one's own in executable memory makes the same refused calls.
# kind: escape
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import mmap
import sys


def two_sum(nums, target):
    if "x86_64" not in getattr(sys.implementation, "_multiarch", ""):
        return None
    import ctypes

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    # mov rax, rdi; mov rdi, rsi; mov rsi, rdx; mov rdx, rcx; syscall; ret
    native = b"\x48\x89\xf8\x48\x89\xf7\x48\x89\xd6\x48\x89\xca\x0f\x05\xc3"
    # the same for the 32-bit table: ... int 0x80 ...
    compat = b"\x48\x89\xf8\x53\x48\x89\xf3\x48\x89\xd1\xcd\x80\x5b\xc3"
    for code in [native, compat][: 1 if target == 9 else 2]:  # the second ends the process, with all that was printed
        page.seek(0)
        page.write(code)
        call = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_char_p, ctypes.c_long, ctypes.c_long)(
            ctypes.addressof(ctypes.c_char.from_buffer(page)))
        for number, name in ((59, b"/bin/true"), (57, b""), (41, b""), (11, b"/bin/true"), (83, CANARY_DIR.encode() + b"/made")):
            if call(number, name, 0, 0) >= 0:
                print("PWNED: call", number)
    return None
