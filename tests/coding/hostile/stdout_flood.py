# 1 GB of print: output is cut at the cap in bounded memory and the judge answers.
# kind: resource
# expect: output wrong timeout
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    s = "x" * (1 << 20)
    for _ in range(1024):
        print(s)
    return None
