# Generators, iterators, coroutines, lazy objects that look at the call stack are refused as values.
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

import sys
class Lazy:
    def __iter__(self):
        f = sys._getframe(1)
        while f:
            if "expected" in f.f_locals: return iter(f.f_locals["expected"])
            f = f.f_back
        return iter(())
n = 0
def two_sum(nums, target):
    global n; n += 1
    return [Lazy(), (i for i in range(2)), map(int, "01")][n % 3]
