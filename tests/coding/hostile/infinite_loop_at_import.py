# Time limit also covers module-level code.
# kind: resource
# expect: timeout
CANARY_DIR = "@DIR@"
PORT = 0

while True:
    pass
def two_sum(nums, target):
    return None
