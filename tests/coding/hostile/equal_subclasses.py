# list/int/float subclasses with overridden methods are reduced by the base class' methods.
# kind: forge
# expect: wrong error protocol
CANARY_DIR = "@DIR@"
PORT = 0

class L(list):
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __iter__(self): return iter([EvilInt(0), EvilInt(1)])
    def __len__(self): return 2
    def __getitem__(self, i): return EvilInt(i)
class EvilInt(int):
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __hash__(self): return 0
    def __index__(self): return 0
    def __add__(self, o): return self
    __radd__ = __add__
def two_sum(nums, target):
    return L([EvilInt(-5), EvilInt(-6)])
