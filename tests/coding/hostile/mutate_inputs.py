# Changing the argument objects in place must not change what the checker sees.
# with [0, target] in place of nums the answer [0, 1] would be right; the checker must use its own copy
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    try:
        del nums[:]
        nums.extend([0, target])
    except Exception: pass
    return [0, 1]
