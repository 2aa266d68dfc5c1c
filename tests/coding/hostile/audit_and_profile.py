# Audit hooks, trace and profile functions that see every call of the harness.
# kind: forge
# expect: wrong error protocol crashed timeout output
CANARY_DIR = "@DIR@"
PORT = 0

import sys
import threading


def spy(frame, event, arg):
    for name in list(frame.f_locals):
        if name in ("value", "answer", "verdict", "status", "result"):
            try:
                frame.f_locals[name] = [0, 1]
                import ctypes

                ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
            except Exception:
                pass
    if isinstance(arg, dict) and "status" in arg:
        arg.update(status="ok", value=[0, 1], verdict="accepted")
    return spy


def two_sum(nums, target):
    sys.addaudithook(lambda event, args: None)
    frame = sys._getframe()
    while frame is not None:
        frame.f_trace = spy
        frame = frame.f_back
    sys.settrace(spy)
    sys.setprofile(spy)
    threading.settrace(spy)
    return None
