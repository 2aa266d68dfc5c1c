# /proc/<ppid>/mem, process_vm_readv and ptrace are refused.
# kind: escape
# expect: wrong error crashed
CANARY_DIR = "@DIR@"
PORT = 0

import os
def two_sum(nums, target):
    pp = os.getppid()
    try:
        for line in open("/proc/%d/maps" % pp):
            if "[heap]" in line:
                a, b = [int(x, 16) for x in line.split()[0].split("-")]
                with open("/proc/%d/mem" % pp, "rb", 0) as f:
                    f.seek(a); f.read(16); print("PWNED: read parent heap via /proc")
    except OSError:
        pass
    try:
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ptrace(16, pp, 0, 0) == 0:      # PTRACE_ATTACH
            print("PWNED: ptrace attach"); libc.ptrace(17, pp, 0, 0)
    except Exception:
        pass
    return None
