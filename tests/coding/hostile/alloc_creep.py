# Slow growth with MemoryError swallowed: the limit is on the whole process, peak stays under it.
# kind: resource
# expect: memory timeout error crashed wrong
CANARY_DIR = "@DIR@"
PORT = 0

keep = []
def two_sum(nums, target):
    n = 0
    while True:
        try:
            keep.append(bytearray(b"x") * (8 << 20)); n += 8
        except MemoryError:
            break
        if n >= 4096:
            print("PWNED: got 4 GB"); break
    while True:
        pass
