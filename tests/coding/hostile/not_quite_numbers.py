# NaN, infinities, booleans, decimals, fractions and numbers equal under == only are not the answer.
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

import decimal
import fractions

count = 0


def two_sum(nums, target):
    global count
    count += 1
    n = float("nan")
    return [[n, n], [False, True], [decimal.Decimal(0), decimal.Decimal(1)], [fractions.Fraction(0), fractions.Fraction(1)],
            [0 + 0j, 1 + 1e-30j], ["0", "1"], {0: 0, 1: 1}, {0, 1}, [float("-inf"), float("inf")], [-0.0, 1e-320]][count % 10]
