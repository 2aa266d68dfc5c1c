# A cyclic list is refused.
# kind: resource
# expect: error wrong protocol timeout memory
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    x = []
    x.append(x); x.append({"k": x})
    return x
