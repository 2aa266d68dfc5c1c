# Recursion to death inside repr, str, hash and comparison of the result and of the exception.
# kind: resource
# expect: wrong error crashed timeout memory
CANARY_DIR = "@DIR@"
PORT = 0

import sys

sys.setrecursionlimit(10**8)
count = 0


class Deep(Exception):
    def __init__(self, inner=None):
        self.inner = inner

    def __repr__(self):
        return "%r" % Deep(self)

    __str__ = __repr__

    def __hash__(self):
        return hash(Deep(self))

    def __del__(self):
        repr(self)


def two_sum(nums, target):
    global count
    count += 1
    if count % 3 == 0:
        raise Deep()
    if count % 3 == 1:
        return {Deep(): 1}
    x = []
    for _ in range(10**6):
        x = [x]
    return x
