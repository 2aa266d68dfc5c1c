# Billion-laughs by aliasing: 30 levels of [x, x] expand to 2**30 items when encoded.
# kind: resource
# expect: output memory error timeout wrong protocol
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    x = 1
    for _ in range(30):
        x = [x, x]
    return x
