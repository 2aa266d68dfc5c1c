# Values built to make comparison or sorting in the judge slow do not make it slow.
# kind: resource
# expect: wrong error output protocol timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    if len(nums) % 3 == 0:
        return [[[0] * 40] * 60] * 60
    if len(nums) % 3 == 1:
        return {str(i): [float("nan")] * 3 for i in range(20000)}
    return [2**60000, -(2**60000)]
