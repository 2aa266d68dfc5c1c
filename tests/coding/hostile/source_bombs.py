# compile()/ast bombs and a huge constant-folded literal end in an error in the child.
# kind: resource
# expect: error memory timeout crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

def two_sum(nums, target):
    for s in ("-" * 300000 + "1", "[" * 90 + "]" * 90 + "+[" * 50000, "x=" + "{" * 100 + "1" + "}" * 100, "1" * 5_000_000):
        try:
            compile(s, "b", "exec")
        except BaseException as e:
            last = type(e).__name__
    raise ValueError("done")
