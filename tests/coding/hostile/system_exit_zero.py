# SystemExit(0) at import must not count as success (exit code 0 is no verdict).
# kind: forge
# expect: exit error crashed
CANARY_DIR = "@DIR@"
PORT = 0

raise SystemExit(0)
def two_sum(nums, target):
    return None
