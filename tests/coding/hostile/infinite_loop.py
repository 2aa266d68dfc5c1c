# The case is stopped at its time limit, the judge answers, no process is left.
# kind: resource
# expect: timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    while True:
        pass
