# An object equal to everything is not a value; compare after encoding, in the parent.
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

class Any:
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __hash__(self): return 0
    def __len__(self): return 2
    def __getitem__(self, i): return self
    def __iter__(self): return iter([self, self])
    def __radd__(self, o): return self
    def __add__(self, o): return self
    __class__ = list
def two_sum(nums, target):
    return Any()
