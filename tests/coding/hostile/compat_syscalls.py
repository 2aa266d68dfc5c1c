# System calls of the 32-bit and x32 tables end the process: their numbers mean other things.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    try:
        import ctypes
        import mmap

        page = mmap.mmap(-1, 4096, prot=7)
    except Exception:
        return None
    if "64" not in str(ctypes.sizeof(ctypes.c_void_p) * 8):
        return None
    # mov eax, 20 ; int 0x80 ; ret            getpid of the i386 table
    # mov eax, 0x40000027 ; syscall ; ret     getpid of the x32 table
    for code in (b"\xb8\x14\0\0\0\xcd\x80\xc3", b"\xb8\x27\0\0\x40\x0f\x05\xc3"):
        page.seek(0)
        page.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == os.getpid():
            print("PWNED: another table of system calls answers")
    return None
