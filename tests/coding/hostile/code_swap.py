# Swapping __code__ of comparison helpers (also of stdlib ones: unittest, math.isclose, operator.eq, numpy.allclose).
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import math, operator
try: math.isclose = lambda *a, **k: True
except Exception: pass
try: operator.eq = lambda a, b: True
except Exception: pass
try:
    import unittest
    for k in dir(unittest.TestCase):
        if k.startswith("assert"): setattr(unittest.TestCase, k, lambda *a, **k: None)
except Exception: pass
try:
    import numpy; numpy.allclose = numpy.array_equal = lambda *a, **k: True
except Exception: pass
import sys
def two_sum(nums, target):
    f = sys._getframe(1)
    while f is not None:
        for k, v in list(f.f_globals.items()):
            c = getattr(v, "__code__", None)
            if c is not None and k.lower() in ("check", "compare", "same", "equal", "verify") :
                v.__code__ = (lambda *a, **k: True).__code__
        f = f.f_back
    return None
