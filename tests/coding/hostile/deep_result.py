# A 200 000-deep list must not overflow the encoder into a forged state nor the parent's JSON parser.
# kind: resource
# expect: error wrong protocol crashed output
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    x = []
    for _ in range(200000):
        x = [x]
    return x
