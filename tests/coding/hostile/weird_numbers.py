# NaN, inf, -0.0, True for 1, 10**200000 and 1e400 must not pass nor crash the parser (int-to-str limit).
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

n = 0
def two_sum(nums, target):
    global n; n += 1
    return [[float("nan"), float("nan")], [True, False], 10 ** 200000, [float("inf"), -0.0], [0.0, 1.0], {"$": "int", "v": "zz"}, {"$": "nd", "dt": "O", "sh": [1], "v": [1]}][n % 7]
