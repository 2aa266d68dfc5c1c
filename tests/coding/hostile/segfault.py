# A segfault is 'crashed'; the parent is unaffected.
# kind: forge
# expect: crashed error wrong timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    import ctypes
    ctypes.string_at(0)
    ctypes.memset(1, 0, 1 << 20)
    return None
