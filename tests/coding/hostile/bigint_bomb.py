# C-level loop that Python-level signal handlers cannot interrupt.
# kind: resource
# expect: timeout memory error
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    return [9 ** 9 ** 9, 0]
