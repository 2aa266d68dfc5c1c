# Overwriting cached small ints / True / None through ctypes harms the child only.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    import ctypes, sys
    # make False look like True
    ctypes.memmove(id(False) + object.__basicsize__, id(True) + object.__basicsize__, sys.getsizeof(True) - object.__basicsize__)
    return None
