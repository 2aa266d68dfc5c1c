# A value whose __reduce__ runs code: the parent never unpickles.
# kind: escape
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

import os
class P:
    def __reduce__(self):
        return (os.system, ("echo PWNED > %s/pickle" % CANARY_DIR,))
def two_sum(nums, target):
    return [P(), P()]
