# atexit handlers, __del__ and non-daemon threads that never end must not delay the judge.
# kind: resource
# expect: timeout wrong error
CANARY_DIR = "@DIR@"
PORT = 0

import atexit, threading, time
class D:
    def __del__(self):
        while True: time.sleep(1)
keep = D()
atexit.register(lambda: time.sleep(3600))
try:
    threading.Thread(target=lambda: time.sleep(3600)).start()
except RuntimeError:
    pass
def two_sum(nums, target):
    return None
