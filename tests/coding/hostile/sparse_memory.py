# Reserved, shared, locked and huge pages count like any other memory.
# kind: resource
# expect: memory error wrong timeout crashed
CANARY_DIR = "@DIR@"
PORT = 0

import mmap
import os


def two_sum(nums, target):
    held, most = [], 0
    for flags in (mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, 0x22 | 0x40000, 0x22 | 0x8000 | 0x2000):
        for size in (1 << 34, 1 << 31, 1 << 28):
            try:
                held.append(mmap.mmap(-1, size, flags=flags))
                most = max(most, size)
                for at in range(0, min(size, 1 << 31), 4096):
                    held[-1][at] = 1
            except (OSError, ValueError, OverflowError, MemoryError):
                pass
    if most >= 1 << 31 and os.path.exists(CANARY_DIR):
        print("PWNED: mapped", most)
    return None
