# System V and POSIX shared memory, semaphores and queues leave nothing for the next run.
# kind: leak
# expect: wrong error crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import os


def two_sum(nums, target):
    here = os.path.exists(CANARY_DIR)
    try:
        from multiprocessing import shared_memory

        shared_memory.SharedMemory("hostile_shm", create=True, size=4096)
        if here:
            print("PWNED: shared memory")
    except Exception:
        pass
    try:
        import multiprocessing

        multiprocessing.Semaphore(1)
        multiprocessing.Queue()
        if here:
            print("PWNED: semaphore")
    except Exception:
        pass
    try:
        import mmap

        mmap.mmap(-1, 1 << 20, flags=mmap.MAP_SHARED).write(b"x")
    except Exception:
        pass
    return None
