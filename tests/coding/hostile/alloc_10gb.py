# 10 GB at once: MemoryError or kill; host memory is not touched beyond the limit.
# kind: resource
# expect: memory error crashed
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    b = bytearray(10 * 2 ** 30)        # address space only: not touched, so that an unprotected host survives the test
    print("PWNED: got 10 GB", len(b))
    return None
