# Objects that change their class, lie in __reduce__, __class__, __index__, __iter__ and __hash__.
# kind: forge
# expect: wrong error protocol crashed timeout memory output
CANARY_DIR = "@DIR@"
PORT = 0

import collections
import enum


class Liar(list):
    turns = 0

    @property
    def __class__(self):
        return dict

    def __iter__(self):
        Liar.turns += 1
        return iter([0, 1] if Liar.turns % 2 else [1, 2])

    def __len__(self):
        return 2

    def __getitem__(self, at):
        return at

    def __reduce__(self):
        return (print, ("PWNED: reduced",))

    __reduce_ex__ = lambda self, version: (print, ("PWNED: reduced",))


class Number(int):
    def __add__(self, other):
        return [0, 1]

    __radd__ = __index__ = __int__ = __hash__ = __eq__ = lambda self, *a: 1


class Key(str):
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return True


class Colour(enum.IntEnum):
    RED = 0
    BLUE = 1


count = 0


def two_sum(nums, target):
    global count
    count += 1
    pair = collections.namedtuple("pair", "a b")
    return [Liar(), [Number(7), Number(9)], {Key("a"): 1, Key("b"): 2}, collections.UserList([0, 1]), memoryview(b"01"),
            [[Colour.BLUE], Colour.RED], collections.ChainMap({}), pair(5, 6)][count % 8]
