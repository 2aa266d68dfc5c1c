# len, isinstance, type, print, open and the rest replaced for everybody in the process.
# kind: forge
# expect: wrong error protocol crashed timeout output exit memory
CANARY_DIR = "@DIR@"
PORT = 0

import builtins
import json
import pickle
import sys


class Anything:
    def __getattr__(self, name):
        return Anything()

    def __call__(self, *args, **kwargs):
        return True

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def two_sum(nums, target):
    builtins.isinstance = builtins.issubclass = builtins.callable = lambda *a: True
    builtins.len = lambda *a: 2
    builtins.type = lambda *a: list
    builtins.getattr = lambda *a: Anything()
    builtins.list = builtins.dict = builtins.tuple = builtins.int = Anything()
    json.loads = lambda *a, **k: {"op": "case", "id": 1, "args": [[0, 0], 0], "driver": ""}
    json.JSONEncoder.encode = json.JSONEncoder.default = lambda *a: "[0, 1]"
    pickle.dumps = pickle.loads = lambda *a: [0, 1]
    sys.stdout = sys.stderr = sys.__stdout__ = sys.displayhook = sys.excepthook = Anything()
    return Anything()
