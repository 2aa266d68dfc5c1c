# Hidden inputs put into exception names, line numbers and printed text are not shown.
# kind: leak
# expect: error wrong
CANARY_DIR = "@DIR@"
PORT = 0

import sys


def two_sum(nums, target):
    print("SAW", nums, target)
    sys.stderr.write("SAW %r\n" % (nums,))
    kind = type("Saw_" + "_".join(str(x) for x in nums if abs(x) > 1000), (Exception,), {})
    raise kind("SAW %r %r" % (nums, target))
