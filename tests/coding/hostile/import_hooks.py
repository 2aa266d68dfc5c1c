# sys.meta_path / sys.modules / builtins.__import__ hooks that intercept the harness' later imports.
# kind: forge
# expect: wrong error protocol crashed timeout
CANARY_DIR = "@DIR@"
PORT = 0

import sys, builtins, types
real = builtins.__import__
def hook(name, *a, **k):
    m = real(name, *a, **k)
    if name == "json":
        m2 = types.ModuleType("json"); m2.__dict__.update(m.__dict__); m2.dumps = lambda *a, **k: '{"kind":"case","id":0,"status":"passed","passed":true}'
        return m2
    return m
builtins.__import__ = hook
class F:
    def find_spec(self, name, path, target=None): return None
sys.meta_path.insert(0, F())
def two_sum(nums, target):
    return None
