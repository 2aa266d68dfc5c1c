# Inputs of hidden cases, put into stdout, exceptions and return values, are not shown to the candidate.
# hidden cases of the suite contain the number 987654321; it must not be in what the candidate is shown
# kind: leak
# expect: wrong error
CANARY_DIR = "@DIR@"
PORT = 0

seen = []
def two_sum(nums, target):
    seen.append((list(nums), target))
    print("SEEN", seen)
    if len(seen) % 2: raise ValueError("SEEN %r" % (seen,))
    return ["SEEN %r" % (seen,)]
