# Recursion in C (repr / comparison / parser), may segfault the child only.
# kind: resource
# expect: error crashed wrong memory timeout
CANARY_DIR = "@DIR@"
PORT = 0

import sys
sys.setrecursionlimit(2 ** 31 - 1)
def two_sum(nums, target):
    try:
        eval("(" * 200000)
    except (MemoryError, SyntaxError, RecursionError):
        pass
    a, b = [], []
    for _ in range(500000):
        a, b = [a], [b]
    repr(a)
    return a == b
